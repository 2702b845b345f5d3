"""The features that Resemblyzer's network was trained on: the power in 40 bands, every 10 ms."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 16_000
BANDS = 40
HOP = 160
_WINDOW = 400
_LINEAR_HZ = 1_000.0
"""Up to here, Slaney's scale is linear, and logarithmic above."""
_HZ_A_MEL = 200.0 / 3
_LOG_STEP = np.log(6.4) / 27


def mel_frames(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Power by frame and band, shape (frames, 40), of audio at 16 kHz; each frame is centered on its moment."""
    padded = np.pad(samples, _WINDOW // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::HOP]
    spectrum = np.abs(np.fft.rfft(frames * _HANN, axis=1)) ** 2
    return (spectrum @ _FILTERS.T).astype(np.float32)


def _hz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    linear = mel * _HZ_A_MEL
    bend = _LINEAR_HZ / _HZ_A_MEL
    return np.where(mel < bend, linear, _LINEAR_HZ * np.exp(_LOG_STEP * (mel - bend)))


def _filters() -> NDArray[np.float64]:
    """Triangles of equal area, shape (40, 201)."""
    highest = _LINEAR_HZ / _HZ_A_MEL + np.log(SAMPLE_RATE / 2 / _LINEAR_HZ) / _LOG_STEP
    corners = _hz(np.linspace(0.0, highest, BANDS + 2))
    bins = np.arange(_WINDOW // 2 + 1) * SAMPLE_RATE / _WINDOW
    rising = (bins - corners[:-2, None]) / np.diff(corners)[:-1, None]
    falling = (corners[2:, None] - bins) / np.diff(corners)[1:, None]
    return np.maximum(0.0, np.minimum(rising, falling)) * (2.0 / (corners[2:] - corners[:-2]))[:, None]


_HANN = np.hanning(_WINDOW + 1)[:-1]
_FILTERS = _filters()
