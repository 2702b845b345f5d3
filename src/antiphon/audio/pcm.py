"""`Pcm`: mono audio in memory, with its sample rate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import soxr
from numpy.typing import NDArray

INT16_SCALE = 32767.0


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Pcm:
    """Mono audio: float32 samples in [-1, 1], shape (n,), at `sample_rate` Hz."""

    samples: NDArray[np.float32]
    sample_rate: int

    @classmethod
    def silence(cls, seconds: float, sample_rate: int) -> Pcm:
        return cls(np.zeros(round(seconds * sample_rate), np.float32), sample_rate)

    @classmethod
    def from_int16(cls, data: bytes, sample_rate: int) -> Pcm:
        """Little-endian 16-bit samples, as `pcm16` travels on the wire."""
        samples = np.frombuffer(data, "<i2").astype(np.float32)
        samples /= INT16_SCALE  # In place: an upload may be half an hour long.
        return cls(samples, sample_rate)

    @classmethod
    def concatenate(cls, parts: Iterable[Pcm], sample_rate: int) -> Pcm:
        """The parts, concatenated; each must already be at `sample_rate`."""
        arrays = [part.samples for part in parts]
        return cls(np.concatenate(arrays) if arrays else np.zeros(0, np.float32), sample_rate)

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.sample_rate

    def to_int16(self) -> bytes:
        """Little-endian 16-bit samples, clipped to full scale."""
        return np.rint(np.clip(self.samples, -1.0, 1.0) * INT16_SCALE).astype("<i2").tobytes()

    def resample(self, sample_rate: int) -> Pcm:
        if sample_rate == self.sample_rate:
            return self
        return Pcm(soxr.resample(self.samples, self.sample_rate, sample_rate), sample_rate)
