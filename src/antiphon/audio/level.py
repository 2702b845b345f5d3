"""Bringing quiet recordings to the level of others."""

from __future__ import annotations

import numpy as np

from antiphon.audio.pcm import Pcm

_USUAL_RMS = 0.1
"""The level of speech, -20 dBFS, to which quieter speech is raised."""
_QUIET_RMS = 0.04
"""-28 dBFS. What is louder is left as it is, though it may be a little below the usual level."""
_GREATEST_GAIN = 100.0
"""40 dB: speech whose loudest sample is at -50 dBFS then has the usual level, and what is quieter is none."""
_FRAME_SECONDS = 0.02
_LOUD_FRAMES = 10
"""So many frames, a fifth of a second, have to be loud: a click is not."""


def at_usual_level(audio: Pcm) -> Pcm:
    """The recording as loud as others are, if it is quieter: what listens has learned from those."""
    loudness = _loudness(audio)
    if loudness >= _QUIET_RMS:
        return audio
    gain = min(_USUAL_RMS / max(loudness, 1e-9), _GREATEST_GAIN)
    return Pcm(np.clip(audio.samples * np.float32(gain), -1.0, 1.0), audio.sample_rate)


def _loudness(audio: Pcm) -> float:
    """The root mean square of the quietest of the loud frames; of a fifth of the frames, where there are few."""
    length = round(_FRAME_SECONDS * audio.sample_rate)
    frames = audio.samples[: len(audio.samples) // length * length].reshape(-1, length)
    if not len(frames):
        return _USUAL_RMS
    powers = np.einsum("ij,ij->i", frames, frames) / length
    loud = max(1, min(_LOUD_FRAMES, len(powers) // 5))
    return float(np.sqrt(np.partition(powers, -loud)[-loud]))
