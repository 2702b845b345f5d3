"""`Spectra`: a stream of audio as overlapping spectra, and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 16_000
HOP = 256
"""New samples per spectrum: 16 ms."""
_FRAME = 2 * HOP
_WINDOW = np.sqrt(0.5 - 0.5 * np.cos(2 * np.pi * np.arange(_FRAME) / _FRAME)).astype(np.float32)
"""Applied twice, its halves add up to one."""

Samples: TypeAlias = NDArray[np.float32]
Change: TypeAlias = Callable[[NDArray[np.complex64]], NDArray[np.complex64]]
"""Turns a spectrum, shape (HOP + 1,), into another one."""


class Spectra:
    """The output is as long as the input and lags behind it by 16 to 32 ms."""

    def __init__(self) -> None:
        self._input = np.zeros(HOP, np.float32)
        """The second half of the last frame, and what has come after it."""
        self._overlap = np.zeros(HOP, np.float32)
        """The second half of the last frame put out."""
        self._is_first = True

    def process(self, samples: Samples, change: Change | None) -> Samples:
        """What is ready once these samples have been added; without a `change`, they stay as they are."""
        self._input = np.concatenate([self._input, samples])
        ready: list[Samples] = []
        while len(self._input) >= _FRAME:
            frame = self._input[:_FRAME] * _WINDOW
            if change is not None:
                changed = change(np.fft.rfft(frame).astype(np.complex64))
                frame = np.fft.irfft(changed, _FRAME).astype(np.float32)
            frame *= _WINDOW
            ready.append(self._overlap + frame[:HOP])
            self._overlap = frame[HOP:]
            self._input = self._input[HOP:]
        if ready and self._is_first:  # It is what came before the stream.
            self._is_first = False
            ready.pop(0)
        return np.concatenate(ready) if ready else np.zeros(0, np.float32)
