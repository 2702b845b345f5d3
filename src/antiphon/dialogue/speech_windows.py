"""Cuts a recording of any length into windows that a recognizer takes at a time, leaving out where nobody speaks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from antiphon.audio.pcm import Pcm
from antiphon.audio.segments import FrameProbability, Segment

USUAL_WINDOW_MS = 20_000
"""A window ends at the first pause after this."""
LONGEST_WINDOW_MS = 28_000
"""A window ends here even in mid-speech: recognizers hear half a minute at a time."""
LONG_PAUSE_MS = 2_000
"""A window ends at any pause this long."""
FIRST_WINDOWS_MS = (3_000, 6_000, 12_000)
"""For somebody who is waiting for the first words."""

_HYSTERESIS = 0.15
"""Speech continues until its probability is this far below the threshold at which it started."""
_SHORTEST_SPEECH_MS = 100
_QUIET_TAIL_MS = 8_000
"""How much of the end of a window is searched for the least speechlike moment, if it has to end in mid-speech."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunking:
    """When speech begins and ends."""

    threshold: float = 0.5
    pad_ms: int = 300
    """How much of the recording before and after speech is heard along with it."""
    min_silence_ms: int = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechWindow:
    """A part of a recording."""

    audio: Pcm
    start_ms: int
    """Where it begins in the recording."""
    speech: Sequence[Segment]
    """Where somebody speaks, from the recording's beginning."""


class WindowCutter:
    """Follows one recording, in which only the window in progress is held."""

    def __init__(self, sample_rate: int, chunking: Chunking, *, first_windows_ms: Sequence[int] = ()) -> None:
        self._rate = sample_rate
        self._chunking = chunking
        self._usual_ms = [*reversed(first_windows_ms)]
        self._audio = np.zeros(0, np.float32)
        self._audio_start = 0
        """In samples from the recording's beginning."""
        self._position_ms = 0
        self._spoken_until_ms = 0
        self._open_ms: int | None = None
        """Where the stretch of speech in progress began."""
        self._speech: list[Segment] = []
        self._cut_ms = 0
        """Where the last window ended."""
        self._dip: tuple[float, int] | None = None

    def feed(self, audio: Pcm, frames: Iterable[FrameProbability]) -> Iterator[SpeechWindow]:
        """Take the next piece, and what is known of the frames up to its end or a little before; yield the windows that
        are complete."""
        self._audio = np.concatenate([self._audio, audio.samples])
        for frame in frames:
            if (window := self._take(frame)) is not None:
                yield window
        if self._start_ms is None:
            self._forget(self._position_ms - self._chunking.pad_ms)

    def finish(self) -> Iterator[SpeechWindow]:
        """Yield what is left at the recording's end."""
        self._close(self._spoken_until_ms)
        if self._speech:
            yield self._cut(min(self._speech[-1].end_ms + self._chunking.pad_ms, self._end_ms))

    @property
    def _start_ms(self) -> int | None:
        """Where the window in progress begins to speak."""
        return self._speech[0].start_ms if self._speech else self._open_ms

    @property
    def _end_ms(self) -> int:
        return (self._audio_start + len(self._audio)) * 1000 // self._rate

    def _take(self, frame: FrameProbability) -> SpeechWindow | None:
        start_ms, self._position_ms = self._position_ms, frame.end_ms
        is_going_on = self._open_ms is not None and self._spoken_until_ms == start_ms
        if frame.probability >= self._chunking.threshold - _HYSTERESIS * is_going_on:
            self._open_ms = start_ms if self._open_ms is None else self._open_ms
            self._spoken_until_ms = frame.end_ms
        elif self._position_ms - self._spoken_until_ms >= self._chunking.min_silence_ms:
            self._close(self._spoken_until_ms)
        begin_ms = self._start_ms
        if begin_ms is None:
            return None
        if self._open_ms is None:
            return self._at_pause(begin_ms)
        if frame.end_ms - begin_ms >= LONGEST_WINDOW_MS - _QUIET_TAIL_MS:
            self._dip = min(self._dip or (frame.probability, frame.end_ms), (frame.probability, frame.end_ms))
        if frame.end_ms - begin_ms >= LONGEST_WINDOW_MS:
            return self._in_mid_speech()
        return None

    def _at_pause(self, begin_ms: int) -> SpeechWindow | None:
        spoken_until_ms = self._speech[-1].end_ms
        usual_ms = self._usual_ms[-1] if self._usual_ms else USUAL_WINDOW_MS
        is_long_enough = spoken_until_ms - begin_ms >= usual_ms
        if not is_long_enough and self._position_ms - spoken_until_ms < LONG_PAUSE_MS:
            return None
        return self._cut(min(spoken_until_ms + self._chunking.pad_ms, self._position_ms))

    def _in_mid_speech(self) -> SpeechWindow:
        _, cut_ms = self._dip or (0.0, self._position_ms)
        spoken_until_ms = self._spoken_until_ms
        self._close(cut_ms)
        window = self._cut(cut_ms)
        if spoken_until_ms > cut_ms:
            self._open_ms = cut_ms
        return window

    def _close(self, end_ms: int) -> None:
        if self._open_ms is not None and end_ms - self._open_ms >= _SHORTEST_SPEECH_MS:
            self._speech.append(Segment(self._open_ms, end_ms))
        self._open_ms = None

    def _cut(self, end_ms: int) -> SpeechWindow:
        start_ms = max(self._speech[0].start_ms - self._chunking.pad_ms, self._cut_ms)
        first, last = (ms * self._rate // 1000 - self._audio_start for ms in (start_ms, end_ms))
        audio = Pcm(self._audio[max(first, 0) : last].copy(), self._rate)
        window = SpeechWindow(audio=audio, start_ms=start_ms, speech=tuple(self._speech))
        self._speech.clear()
        self._dip = None
        self._cut_ms = end_ms
        self._usual_ms = self._usual_ms[:-1]
        self._forget(end_ms)
        return window

    def _forget(self, before_ms: int) -> None:
        dropped = max(before_ms, self._cut_ms) * self._rate // 1000 - self._audio_start
        if dropped > 0:
            self._audio = self._audio[dropped:].copy()
            self._audio_start += dropped
