"""How a spoken clause begins and ends, so that clauses can be played one after the other.

A synthesizer surrounds each clause with varying silence, up to a second between two clauses. The speech is cut out,
faded in and out so that no join clicks, and given the pause that its punctuation calls for.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_FRAME_MS = 10
_QUIET_DB = -45.0
"""A frame this far below the loudest one is silence."""

_LEAD_MS = 30
_TAIL_MS = 60
"""Kept before and after the speech: soft consonants begin and fade below the silence threshold."""

_FADE_IN_MS = 5
_FADE_OUT_MS = 20

_PAUSE_MS = {",": 150, ";": 250, ":": 250, "—": 250, ".": 350, "!": 350, "?": 350, "…": 450}
_CLOSING_MARKS = " \"”»')"


def with_natural_edges(
    samples: NDArray[np.float32], *, sample_rate: int, text: str, speed: float = 1.0
) -> NDArray[np.float32]:
    """The speech in `samples`, shape (n,), and the pause after `text`, in words or phonemes, at `speed`.

    Empty if the samples contain no speech.
    """
    frame = sample_rate * _FRAME_MS // 1000
    loud = np.flatnonzero(_is_loud(samples, frame))
    if not len(loud):
        return np.zeros(0, np.float32)
    begin = max(0, int(loud[0]) * frame - _samples(_LEAD_MS, sample_rate))
    end = min(len(samples), (int(loud[-1]) + 1) * frame + _samples(_TAIL_MS, sample_rate))
    pause = np.zeros(_samples(_pause_ms(text) / speed, sample_rate), np.float32)
    return np.concatenate([_faded(samples[begin:end], sample_rate), pause])


def _is_loud(samples: NDArray[np.float32], frame: int) -> NDArray[np.bool_]:
    whole_frames = samples[: len(samples) // frame * frame].reshape(-1, frame)
    power = np.square(whole_frames).mean(axis=1)
    if not power.any():
        return np.zeros(len(power), np.bool_)
    return power > power.max() * 10 ** (_QUIET_DB / 10)


def _faded(samples: NDArray[np.float32], sample_rate: int) -> NDArray[np.float32]:
    faded = samples.copy()
    fade_in = min(len(faded), _samples(_FADE_IN_MS, sample_rate))
    fade_out = min(len(faded), _samples(_FADE_OUT_MS, sample_rate))
    faded[:fade_in] *= np.linspace(0, 1, fade_in, dtype=np.float32)
    faded[len(faded) - fade_out :] *= np.linspace(1, 0, fade_out, dtype=np.float32)
    return faded


def _pause_ms(text: str) -> int:
    spoken = text.rstrip(_CLOSING_MARKS)
    return _PAUSE_MS.get(spoken[-1:], 0)


def _samples(milliseconds: float, sample_rate: int) -> int:
    return round(milliseconds * sample_rate / 1000)
