"""Turns each frame's probability of speech into stretches of speech."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

_HYSTERESIS = 0.15
"""Speech continues until its probability is this far below the threshold at which it started."""


class FrameProbability(Protocol):
    """What a voice activity detector says of one frame: `vocabulary.speech.SpeechProbability` is one."""

    @property
    def probability(self) -> float: ...

    @property
    def end_ms(self) -> int: ...


class Segment(NamedTuple):
    """A stretch of a recording, in milliseconds from its start."""

    start_ms: int
    end_ms: int


def speech_segments(
    frames: Iterable[FrameProbability],
    *,
    threshold: float = 0.5,
    min_speech_ms: int = 100,
    min_silence_ms: int = 200,
    pad_ms: int = 0,
) -> list[Segment]:
    """The stretches of speech, in order and apart from each other.

    Silence shorter than `min_silence_ms` does not divide speech, and speech shorter than `min_speech_ms` is ignored.
    Each stretch is widened by `pad_ms` on both sides, within the recording; those that then touch become one.
    """
    segments: list[Segment] = []
    start_ms: int | None = None
    position_ms = quiet_since_ms = 0
    for frame in frames:
        if frame.probability >= threshold:
            start_ms = position_ms if start_ms is None else start_ms
            quiet_since_ms = frame.end_ms
        elif frame.probability >= threshold - _HYSTERESIS and quiet_since_ms == position_ms:
            quiet_since_ms = frame.end_ms
        position_ms = frame.end_ms
        if start_ms is not None and position_ms - quiet_since_ms >= min_silence_ms:
            segments.append(Segment(start_ms, quiet_since_ms))
            start_ms = None
    if start_ms is not None:
        segments.append(Segment(start_ms, quiet_since_ms))
    spoken = [segment for segment in segments if segment.end_ms - segment.start_ms >= min_speech_ms]
    return _widen(spoken, pad_ms, position_ms)


def _widen(segments: Sequence[Segment], pad_ms: int, recording_ms: int) -> list[Segment]:
    widened: list[Segment] = []
    for segment in segments:
        start_ms, end_ms = max(segment.start_ms - pad_ms, 0), min(segment.end_ms + pad_ms, recording_ms)
        if widened and start_ms <= widened[-1].end_ms:
            start_ms = widened.pop().start_ms
        widened.append(Segment(start_ms, end_ms))
    return widened
