"""From the probability of speech, frame by frame, to when somebody begins to speak, pauses, goes on, has finished."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeAlias

from antiphon.realtime.configuration import Eagerness, SemanticVad, ServerVad, TurnDetection
from antiphon.vocabulary.speech import SpeechProbability

MIN_SPEECH_MS = 64
"""Speech shorter than this is a click."""
LAG_MS = 64
"""For so long the detector takes what fades away for speech (77 ms in the median of recorded questions)."""
PAUSE_MS = 96
"""A silence that may be the end: from here on the reply is prepared."""
FADED_DB = 35.0
"""So far below the loudest frame of what is said, nothing is heard any more, and the reply is prepared at once: in a
quiet room a pause is noticed 65 ms sooner by it. In noise, what was said does not get so far."""
FADED_MS = 192
"""What the detector takes for speech for longer than this, however soft it is, is speech."""
READ_EVERY_MS = 800
"""So much more speech is worth recognising and reading before its end; of long speech, a quarter of what there is."""
HYSTERESIS = 0.15
"""Speech goes on until its probability is this far below the threshold by which it began."""

SEMANTIC_THRESHOLD = 0.5
"""Probability of speech by which it begins where the client sets none."""
SEMANTIC_PADDING_MS = 300
FINISHED_PROBABILITY = 0.5
FINISHED_SILENCE_MS = 300
"""The silence that is enough after what sounds finished."""
_LONGEST_SILENCE_MS: dict[Eagerness, int] = {"low": 8000, "medium": 4000, "high": 2000, "auto": 4000}
"""The silence that ends a turn that never sounded finished, as OpenAI documents it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Continued:
    """Speech has gone on for a while since this, or a pause, was last told; up to `at_ms`."""

    at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused:
    """The speaker may have finished, at `speech_end_ms`."""

    speech_end_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """The speaker has finished, at `speech_end_ms`; that was clear at `at_ms`."""

    speech_end_ms: int
    at_ms: int


TurnEvent: TypeAlias = Started | Continued | Paused | Resumed | Stopped


class _State(Enum):
    QUIET = auto()
    SPEAKING = auto()
    PAUSED = auto()


class TurnDetector:
    """Every `Started` is followed by one `Stopped`, with `Paused` and `Resumed` in turn between them, and `Continued`
    wherever nobody pauses, unless the detector is reset."""

    def __init__(self, detection: TurnDetection) -> None:
        self._state = _State.QUIET
        self._position_ms = 0
        self._speech_since_ms = 0
        self._speech_end_ms = 0
        self._silence_ms = 0
        self._began_ms = 0
        self._told_ms = 0
        """Up to where the speech was last told of."""
        self._paused_ms = 0
        self._loudest_dbfs = 0.0
        """Of what is being said."""
        self._loud_until_ms = 0
        """Where the last frame ended that had not faded away."""
        self.configure(detection)

    def configure(self, detection: TurnDetection) -> None:
        """Go by other settings from now on."""
        if isinstance(detection, ServerVad):
            self._threshold = detection.threshold
            self._enough_silence_ms = detection.silence_duration_ms
        else:
            self._threshold = SEMANTIC_THRESHOLD
            self._enough_silence_ms = _LONGEST_SILENCE_MS[detection.eagerness]
        self._silence_ms = self._enough_silence_ms

    @property
    def is_quiet(self) -> bool:
        """Whether nobody is in the middle of a turn."""
        return self._state is _State.QUIET

    def reset(self, at_ms: int | None = None) -> None:
        """Forget the turn that is under way; go on with what is heard from `at_ms`, or from here."""
        self._position_ms = self._position_ms if at_ms is None else at_ms
        self._state = _State.QUIET
        self._speech_since_ms = self._position_ms
        self._silence_ms = self._enough_silence_ms

    def take(self, frame: SpeechProbability) -> list[TurnEvent]:
        self._position_ms = frame.end_ms
        if self._state is _State.QUIET:
            return self._take_in_quiet(frame)
        self._follow_level(frame.level_dbfs)
        needed = self._threshold if self._state is _State.PAUSED else self._threshold - HYSTERESIS
        if frame.probability < needed:
            return self._fall_silent()
        return self._fade() if self._has_faded else self._go_on()

    def finished(self) -> list[TurnEvent]:
        """What was said before the pause that is under way sounds finished: little silence is enough now."""
        self._silence_ms = min(self._enough_silence_ms, FINISHED_SILENCE_MS)
        return self._stop_if_silent_enough() if self._state is _State.PAUSED else []

    def _take_in_quiet(self, frame: SpeechProbability) -> list[TurnEvent]:
        if frame.probability < self._threshold:
            self._speech_since_ms = frame.end_ms
            return []
        if frame.end_ms - self._speech_since_ms < MIN_SPEECH_MS:
            return []
        self._state = _State.SPEAKING
        self._speech_end_ms = frame.end_ms - LAG_MS
        self._began_ms = self._told_ms = self._speech_since_ms
        self._loudest_dbfs, self._loud_until_ms = frame.level_dbfs, frame.end_ms
        return [Started(at_ms=self._speech_since_ms)]

    def _follow_level(self, level_dbfs: float) -> None:
        self._loudest_dbfs = max(self._loudest_dbfs, level_dbfs)
        if level_dbfs >= self._loudest_dbfs - FADED_DB:
            self._loud_until_ms = self._position_ms

    @property
    def _has_faded(self) -> bool:
        """Whether what the detector may still take for speech is only its end fading away."""
        return 0 < self._position_ms - self._loud_until_ms <= FADED_MS

    def _go_on(self) -> list[TurnEvent]:
        was_paused = self._state is _State.PAUSED
        self._state = _State.SPEAKING
        self._speech_end_ms = self._position_ms - LAG_MS
        self._silence_ms = self._enough_silence_ms
        if not was_paused:
            return self._tell_of_more()
        if self._position_ms - self._paused_ms > FADED_MS:  # Long enough for its reply to have read what was said.
            self._told_ms = self._paused_ms
        return [Resumed()]

    def _tell_of_more(self) -> list[TurnEvent]:
        if self._position_ms - self._told_ms < max(READ_EVERY_MS, (self._told_ms - self._began_ms) / 4):
            return []
        self._told_ms = self._position_ms
        return [Continued(at_ms=self._position_ms)]

    def _fade(self) -> list[TurnEvent]:
        """What fades away is no silence yet, but a pause."""
        self._speech_end_ms = self._position_ms - LAG_MS
        return self._pause()

    def _fall_silent(self) -> list[TurnEvent]:
        is_pause = self._position_ms - self._speech_end_ms >= PAUSE_MS
        return (self._pause() if is_pause else []) + self._stop_if_silent_enough()

    def _pause(self) -> list[TurnEvent]:
        if self._state is _State.PAUSED:
            return []
        self._state = _State.PAUSED
        self._paused_ms = self._position_ms
        return [Paused(speech_end_ms=self._speech_end_ms)]

    def _stop_if_silent_enough(self) -> list[TurnEvent]:
        if self._position_ms - self._speech_end_ms < self._silence_ms:
            return []
        self.reset()
        return [Stopped(speech_end_ms=self._speech_end_ms, at_ms=self._position_ms)]


def padding_ms(detection: TurnDetection) -> int:
    """How much audio from before the speech belongs to the turn."""
    return SEMANTIC_PADDING_MS if isinstance(detection, SemanticVad) else detection.prefix_padding_ms
