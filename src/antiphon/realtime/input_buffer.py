"""The input audio buffer: audio appended but not yet committed, by its position in the session's audio."""

from __future__ import annotations

from antiphon.realtime.byte_queue import ByteQueue
from antiphon.realtime.configuration import AudioFormat

MAX_MS = 15 * 60 * 1000
"""How much audio may await a commit: 43 MB."""


class InputBuffer:
    """Positions are milliseconds from the first sample that the session was ever sent."""

    def __init__(self, audio_format: AudioFormat, *, start_ms: float = 0.0) -> None:
        self.format = audio_format
        self._start_ms = start_ms
        self._audio = ByteQueue()

    @property
    def start_ms(self) -> float:
        return self._start_ms

    @property
    def end_ms(self) -> float:
        return self._start_ms + self.duration_ms

    @property
    def duration_ms(self) -> float:
        return len(self._audio) / self.format.bytes_a_ms

    def append(self, audio: bytes) -> None:
        self._audio.append(audio)

    def between(self, start_ms: float, end_ms: float) -> bytes:
        """The available audio between two positions, in whole samples."""
        return self._audio.between(self._byte_at(start_ms), self._byte_at(end_ms))

    def drop_before(self, place_ms: float) -> None:
        """Drop the audio before a position."""
        dropped = self._byte_at(place_ms)
        self._audio.drop(dropped)
        self._start_ms += dropped / self.format.bytes_a_ms

    def _byte_at(self, place_ms: float) -> int:
        size = self.format.bytes_a_sample
        samples = round((place_ms - self._start_ms) * self.format.sample_rate / 1000)
        return min(max(samples, 0) * size, len(self._audio) // size * size)
