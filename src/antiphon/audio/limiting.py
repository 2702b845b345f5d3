"""Keeps peaks below a ceiling by turning the gain down around them, rather than by clipping."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from antiphon.audio.pcm import Pcm

_FRAME_SECONDS = 0.001
_AHEAD = 5
"""Frames before a peak in which the gain begins to fall, and after it until it has risen."""
_SMOOTHED = 2
"""Frames on either side over which the gain is averaged; less than half of `_AHEAD`, so that no peak is let through."""


def limited(audio: Pcm, ceiling: float) -> Pcm:
    """The audio with no sample beyond `ceiling`, which is above 0 and at most 1; as it is if there is none."""
    samples = audio.samples
    if not len(samples) or np.abs(samples).max() <= ceiling:
        return audio
    frame = max(1, round(_FRAME_SECONDS * audio.sample_rate))
    count = -(-len(samples) // frame)
    padded = np.zeros(count * frame, np.float32)
    padded[: len(samples)] = samples
    peaks = np.abs(padded.reshape(count, frame)).max(axis=1)
    gain = np.minimum(1.0, ceiling / np.maximum(peaks, ceiling))
    gain = _spread(gain, _AHEAD).min(axis=1)
    gain = _spread(gain, _SMOOTHED).mean(axis=1)
    centres = (np.arange(count) + 0.5) * frame
    by_sample = np.interp(np.arange(len(samples)), centres, gain).astype(np.float32)
    return Pcm(np.clip(samples * by_sample, -ceiling, ceiling), audio.sample_rate)


def _spread(values: NDArray[np.floating], around: int) -> NDArray[np.floating]:
    """Each value with those around it: shape (n, 2 * around + 1)."""
    return sliding_window_view(np.pad(values, around, mode="edge"), 2 * around + 1)
