"""The user's audio: the input buffer, and the turns that voice activity detection finds in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from antiphon.realtime.commands import Command, DetectSpeech, RestartDetection
from antiphon.realtime.configuration import Configuration, TurnDetection
from antiphon.realtime.events import SpeechStarted, SpeechStopped
from antiphon.realtime.input_buffer import MAX_MS, InputBuffer
from antiphon.realtime.items import Audio, MessageItem
from antiphon.realtime.refusals import Refused
from antiphon.realtime.turns import PAUSE_MS, SpeechEvent, TurnDetector, padding_ms
from antiphon.vocabulary.speech import SpeechProbability

MIN_COMMIT_MS = 100
TAIL_MS = PAUSE_MS
"""How much of the silence after an utterance belongs to it: all there is by the time it may be over."""
_KEPT_MS = 250
"""How much of a silence is kept beyond the padding: speech is noticed a little after it begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechContinued:
    """`item` is what has been said so far, in mid-sentence."""

    item: MessageItem


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechPaused:
    """The turn may be over: `item` is what would be committed."""

    item: MessageItem


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechResumed:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnEnded:
    """The turn that `SpeechStopped` announced is over: `item` is the same one as in the last `SpeechPaused`."""

    item: MessageItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Audio without speech."""

    item: MessageItem
    start_ms: float
    end_ms: float


InputEvent: TypeAlias = SpeechStarted | SpeechContinued | SpeechPaused | SpeechResumed | SpeechStopped | TurnEnded
"""What voice activity detection finds in the input. `SpeechStarted` and `SpeechStopped` go to the client unchanged."""


class InputAudio:
    def __init__(self, configuration: Configuration, new_id: Callable[[str], str]) -> None:
        self._new_id = new_id
        self._buffer = InputBuffer(configuration.input_format)
        self._detector: TurnDetector | None = None
        self._padding_ms = 0
        self._deaf_until_ms = 0.0
        """Frames up to here belong to audio that has already been handled."""
        self._item_id: str | None = None
        """The id of the utterance in progress; it was announced when speech began."""
        self._item: MessageItem | None = None
        """The utterance as of its last pause."""
        self._start_ms = 0.0
        self._noise_reduction = configuration.noise_reduced
        self._configure_turns(configuration.turn_detection)

    @property
    def is_speaking(self) -> bool:
        """Whether an utterance is in progress."""
        return self._detector is not None and not self._detector.is_quiet

    @property
    def speech_ms(self) -> float:
        """How long the utterance in progress has lasted."""
        return 0.0 if self._detector is None else self._detector.position_ms - self._detector.speech_start_ms

    @property
    def said_so_far(self) -> MessageItem:
        """The utterance in progress."""
        return self._message(self._start_ms, self._buffer.end_ms)

    @property
    def end_ms(self) -> float:
        """How much audio the session has been sent."""
        return self._buffer.end_ms

    def configure(self, configuration: Configuration) -> list[Command]:
        """Apply new settings from now on. Audio in a format other than the new one is dropped."""
        if configuration.input_format is not self._buffer.format:
            self._buffer = InputBuffer(configuration.input_format, start_ms=self._buffer.end_ms)
        self._noise_reduction = configuration.noise_reduced
        was_listening = self._detector is not None
        self._configure_turns(configuration.turn_detection)
        if self._detector is None or was_listening:
            return []
        self._start_afresh()
        return [RestartDetection(at_ms=round(self.end_ms))]

    def append(self, audio: bytes) -> list[Command]:
        """Raises `Refused` if too much has been appended without a commit."""
        if self._buffer.duration_ms + len(audio) / self._buffer.format.bytes_a_ms > MAX_MS:
            raise Refused(
                f"The input audio buffer holds {MAX_MS // 60_000} minutes and is full. Commit or clear it.",
                code="input_audio_buffer_full",
            )
        self._buffer.append(audio)
        if self._detector is None or not audio:
            return []
        return [DetectSpeech(audio=audio, format=self._buffer.format, noise_reduction=self._noise_reduction)]

    def clear(self) -> None:
        self._buffer.drop_before(self.end_ms)
        self._start_afresh()
        self._item_id = None

    def commit(self) -> MessageItem:
        """Take everything in the buffer as the user's message. Raises `Refused` for less than 100 ms."""
        duration_ms = self._buffer.duration_ms
        if duration_ms < MIN_COMMIT_MS:
            raise Refused(
                "Error committing input audio buffer: buffer too small. Expected at least 100ms of audio, but buffer "
                f"only has {duration_ms:.2f}ms of audio.",
                code="input_audio_buffer_commit_empty",
            )
        item = self._message(self._buffer.start_ms, self._buffer.end_ms)
        self.clear()
        return item

    def silence(self) -> Silence:
        """Take the buffer's audio in which nobody spoke."""
        start_ms, end_ms = self._buffer.start_ms, self._buffer.end_ms
        silence = Silence(item=self._message(start_ms, end_ms), start_ms=start_ms, end_ms=end_ms)
        self.clear()
        return silence

    def take(self, frame: SpeechProbability) -> list[InputEvent]:
        """Process one frame from the detector."""
        if self._detector is None or frame.end_ms <= self._deaf_until_ms:
            return []
        events = self._follow(self._detector, self._detector.take(frame))
        if self._detector.is_quiet:
            self._buffer.drop_before(frame.end_ms - self._padding_ms - _KEPT_MS)
        return events

    def finished(self, silence_ms: int | None) -> list[InputEvent]:
        """The utterance is probably finished: this silence is enough. None changes nothing."""
        if self._detector is None or silence_ms is None:
            return []
        return self._follow(self._detector, self._detector.finished(silence_ms))

    def ignore(self) -> None:
        """The utterance in progress is no turn: drop it, and go on listening."""
        if self._detector is not None:
            self._buffer.drop_before(self._detector.speech_end_ms)
            self._detector.reset()
        self._item = self._item_id = None

    def _follow(self, detector: TurnDetector, found: Sequence[SpeechEvent]) -> list[InputEvent]:
        events: list[InputEvent] = []
        for event in found:
            match event:
                case SpeechEvent.STARTED:
                    self._start_ms = max(detector.speech_start_ms - self._padding_ms, self._buffer.start_ms)
                    self._item_id = self._new_id("item")
                    events.append(SpeechStarted(audio_start_ms=round(self._start_ms), item_id=self._item_id))
                case SpeechEvent.CONTINUED:
                    events.append(SpeechContinued(item=self._message(self._start_ms, detector.position_ms)))
                case SpeechEvent.PAUSED:
                    self._item = self._message(self._start_ms, detector.speech_end_ms + TAIL_MS)
                    events.append(SpeechPaused(item=self._item))
                case SpeechEvent.RESUMED:
                    events.append(SpeechResumed())
                case SpeechEvent.STOPPED:
                    events += self._end_turn(detector)
        return events

    def _end_turn(self, detector: TurnDetector) -> tuple[SpeechStopped, TurnEnded]:
        end_ms = detector.speech_end_ms + TAIL_MS
        item = self._item or self._message(self._start_ms, end_ms)
        self._buffer.drop_before(end_ms)
        self._item = self._item_id = None
        return SpeechStopped(audio_end_ms=detector.position_ms, item_id=item.id), TurnEnded(item=item)

    def _message(self, start_ms: float, end_ms: float) -> MessageItem:
        audio = Audio(data=self._buffer.between(start_ms, end_ms), format=self._buffer.format)
        return MessageItem(id=self._item_id or self._new_id("item"), role="user", parts=(audio,))

    def _configure_turns(self, detection: TurnDetection | None) -> None:
        if detection is None:
            self._detector = None
            return
        self._padding_ms = padding_ms(detection)
        if self._detector is None:
            self._detector = TurnDetector(detection)
        else:
            self._detector.configure(detection)

    def _start_afresh(self) -> None:
        """Mark everything heard up to here as handled."""
        self._deaf_until_ms = self.end_ms
        self._item = None
        if self._detector is not None:
            self._detector.reset(round(self.end_ms))
