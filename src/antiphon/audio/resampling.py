"""`StreamResampler`: resamples live audio."""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np
import soxr

from antiphon.audio.pcm import Pcm

Quality: TypeAlias = Literal["LQ", "MQ", "HQ", "VHQ"]
"""soxr's quality: the better, the more delay. LQ holds back 11 ms on average from 24 to 16 kHz, and 32 ms from 8; HQ
twice that."""


class StreamResampler:
    """Resamples one stream. The output does not depend on how the stream was cut into pieces."""

    def __init__(self, from_rate: int, to_rate: int, *, quality: Quality = "HQ") -> None:
        self._from_rate = from_rate
        self._to_rate = to_rate
        self._stream = soxr.ResampleStream(from_rate, to_rate, 1, quality=quality) if from_rate != to_rate else None

    def resample(self, audio: Pcm, *, last: bool = False) -> Pcm:
        """Take the next piece; return what is ready, which is everything after the `last` piece.

        `audio` must be at `from_rate`; what is returned is at `to_rate`.
        """
        if audio.sample_rate != self._from_rate:
            raise ValueError(f"The stream is at {self._from_rate} Hz, not at {audio.sample_rate}.")
        if self._stream is None:
            return audio
        samples = np.ascontiguousarray(audio.samples)
        return Pcm(self._stream.resample_chunk(samples, last=last), self._to_rate)
