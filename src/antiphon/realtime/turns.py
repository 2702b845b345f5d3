"""Turns frame-by-frame speech probabilities into events: somebody begins to speak, pauses, goes on, or has finished."""

from __future__ import annotations

from enum import Enum, auto

from antiphon.realtime.configuration import Eagerness, SemanticVad, ServerVad, TurnDetection
from antiphon.vocabulary.speech import SpeechProbability

MIN_SPEECH_MS = 64
"""Speech shorter than this is a click."""
LAG_MS = 64
"""How long the detector takes fading sound for speech (a median of 77 ms over recorded questions)."""
PAUSE_MS = 96
"""A silence that may be the end: from here on, the reply is prepared."""
FADED_DB = 35.0
"""This far below an utterance's loudest frame, nothing is audible any more, and the reply is prepared at once: in a
quiet room, that detects a pause 65 ms sooner. In noise, the level never falls this far."""
FADED_MS = 192
"""Anything that the detector takes for speech for longer than this is speech, however soft."""
READ_EVERY_MS = 800
"""This much more speech is worth recognizing and reading before its end; in long speech, a quarter of it so far."""
HYSTERESIS = 0.15
"""Speech goes on until its probability is this far below the threshold at which it began."""

SEMANTIC_THRESHOLD = 0.5
"""The probability at which speech begins if the client sets none."""
SEMANTIC_PADDING_MS = 300
_LONGEST_SILENCE_MS: dict[Eagerness, int] = {"low": 8000, "medium": 4000, "high": 2000, "auto": 4000}
"""The silence that ends a turn that never seemed finished, as documented by OpenAI."""


class SpeechEvent(Enum):
    """What a frame reveals; the detector that found it knows where in the audio."""

    STARTED = auto()
    """Speech began at the detector's `speech_start_ms`."""
    CONTINUED = auto()
    """Speech has gone on for a while since the last such event or pause: up to the detector's `position_ms`."""
    PAUSED = auto()
    """The speaker may have finished, at the detector's `speech_end_ms`."""
    RESUMED = auto()
    STOPPED = auto()
    """The speaker finished at the detector's `speech_end_ms`; that became clear at its `position_ms`."""


class _State(Enum):
    QUIET = auto()
    SPEAKING = auto()
    PAUSED = auto()


class TurnDetector:
    """Every `STARTED` is followed by one `STOPPED`, with `PAUSED` and `RESUMED` alternating between them and
    `CONTINUED` outside pauses, unless the detector is reset."""

    def __init__(self, detection: TurnDetection) -> None:
        self._state = _State.QUIET
        self.position_ms = 0
        """Where the last frame ended."""
        self.speech_start_ms = 0
        """Where the current or last speech began."""
        self.speech_end_ms = 0
        """Where that speech ended, as far as is known."""
        self._speech_since_ms = 0
        """Where the current unbroken run of speech frames began."""
        self._silence_ms = 0
        self._reported_ms = 0
        """How far speech was last reported."""
        self._paused_ms = 0
        self._loudest_dbfs = 0.0
        """The loudest frame of the current speech."""
        self._loud_until_ms = 0
        """Where the last frame that had not faded away ended."""
        self.configure(detection)

    def configure(self, detection: TurnDetection) -> None:
        """Apply new settings from now on."""
        if isinstance(detection, ServerVad):
            self._threshold = detection.threshold
            self._enough_silence_ms = detection.silence_duration_ms
        else:
            self._threshold = SEMANTIC_THRESHOLD
            self._enough_silence_ms = _LONGEST_SILENCE_MS[detection.eagerness]
        self._silence_ms = self._enough_silence_ms

    @property
    def is_quiet(self) -> bool:
        """Whether no turn is in progress."""
        return self._state is _State.QUIET

    def reset(self, at_ms: int | None = None) -> None:
        """Forget the turn in progress; continue with what is heard from `at_ms`, or from here."""
        self.position_ms = self.position_ms if at_ms is None else at_ms
        self._state = _State.QUIET
        self._speech_since_ms = self.position_ms
        self._silence_ms = self._enough_silence_ms

    def take(self, frame: SpeechProbability) -> list[SpeechEvent]:
        self.position_ms = frame.end_ms
        if self._state is _State.QUIET:
            return self._take_in_quiet(frame)
        self._follow_level(frame.level_dbfs)
        needed = self._threshold if self._state is _State.PAUSED else self._threshold - HYSTERESIS
        if frame.probability < needed:
            return self._fall_silent()
        return self._fade() if self._has_faded else self._go_on()

    def finished(self, silence_ms: int) -> list[SpeechEvent]:
        """What was said before the current pause is probably all: this silence is enough."""
        self._silence_ms = min(self._enough_silence_ms, silence_ms)
        return self._stop_if_silent_enough() if self._state is _State.PAUSED else []

    def _take_in_quiet(self, frame: SpeechProbability) -> list[SpeechEvent]:
        if frame.probability < self._threshold:
            self._speech_since_ms = frame.end_ms
            return []
        if frame.end_ms - self._speech_since_ms < MIN_SPEECH_MS:
            return []
        self._state = _State.SPEAKING
        self.speech_end_ms = frame.end_ms - LAG_MS
        self.speech_start_ms = self._reported_ms = self._speech_since_ms
        self._loudest_dbfs, self._loud_until_ms = frame.level_dbfs, frame.end_ms
        return [SpeechEvent.STARTED]

    def _follow_level(self, level_dbfs: float) -> None:
        self._loudest_dbfs = max(self._loudest_dbfs, level_dbfs)
        if level_dbfs >= self._loudest_dbfs - FADED_DB:
            self._loud_until_ms = self.position_ms

    @property
    def _has_faded(self) -> bool:
        """Whether apparent speech is only the end of an utterance fading away."""
        return 0 < self.position_ms - self._loud_until_ms <= FADED_MS

    def _go_on(self) -> list[SpeechEvent]:
        was_paused = self._state is _State.PAUSED
        self._state = _State.SPEAKING
        self.speech_end_ms = self.position_ms - LAG_MS
        self._silence_ms = self._enough_silence_ms
        if not was_paused:
            return self._report_more()
        if self.position_ms - self._paused_ms > FADED_MS:  # Long enough for the reply to have read what was said.
            self._reported_ms = self._paused_ms
        return [SpeechEvent.RESUMED]

    def _report_more(self) -> list[SpeechEvent]:
        if self.position_ms - self._reported_ms < max(READ_EVERY_MS, (self._reported_ms - self.speech_start_ms) / 4):
            return []
        self._reported_ms = self.position_ms
        return [SpeechEvent.CONTINUED]

    def _fade(self) -> list[SpeechEvent]:
        """Sound that fades away is not silence yet, but it is a pause."""
        self.speech_end_ms = self.position_ms - LAG_MS
        return self._pause()

    def _fall_silent(self) -> list[SpeechEvent]:
        is_pause = self.position_ms - self.speech_end_ms >= PAUSE_MS
        return (self._pause() if is_pause else []) + self._stop_if_silent_enough()

    def _pause(self) -> list[SpeechEvent]:
        if self._state is _State.PAUSED:
            return []
        self._state = _State.PAUSED
        self._paused_ms = self.position_ms
        return [SpeechEvent.PAUSED]

    def _stop_if_silent_enough(self) -> list[SpeechEvent]:
        if self.position_ms - self.speech_end_ms < self._silence_ms:
            return []
        self.reset()
        return [SpeechEvent.STOPPED]


def padding_ms(detection: TurnDetection) -> int:
    """How much audio before the speech belongs to the turn."""
    return SEMANTIC_PADDING_MS if isinstance(detection, SemanticVad) else detection.prefix_padding_ms
