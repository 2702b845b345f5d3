"""Amplifies quiet recordings to the usual level."""

from __future__ import annotations

import numpy as np

from antiphon.audio.pcm import Pcm

_USUAL_RMS = 0.1
"""The level of speech, -20 dBFS, to which quieter speech is amplified."""
_QUIET_RMS = 0.04
"""-28 dBFS. Louder speech is left as it is, even if it is a little below the usual level."""
_GREATEST_GAIN = 100.0
"""40 dB: brings speech whose loudest sample is at -50 dBFS to the usual level. Anything quieter is not speech."""
_FRAME_SECONDS = 0.02
_LOUD_FRAMES = 10
"""At least this many frames, a fifth of a second, must be loud, which excludes clicks."""


def at_usual_level(audio: Pcm) -> Pcm:
    """The recording, amplified to the usual level if it is quieter, because the models were trained at that level."""
    loudness = _loudness(audio)
    return audio if loudness >= _QUIET_RMS else _amplified(audio, loudness)


class RunningLevel:
    """Does the same for a stream, a few seconds at a time: pauses are not raised to the level of the speech around
    them, which is remembered for half a minute or so."""

    _KEPT = 0.9
    """How much of the loudness so far is left after the next piece."""

    def __init__(self) -> None:
        self._loudness = 0.0

    def raised(self, audio: Pcm) -> Pcm:
        """The next piece, amplified if the stream is quiet."""
        self._loudness = max(self._loudness * self._KEPT, _loudness(audio))
        return audio if self._loudness >= _QUIET_RMS else _amplified(audio, self._loudness)


def _amplified(audio: Pcm, loudness: float) -> Pcm:
    gain = min(_USUAL_RMS / max(loudness, 1e-9), _GREATEST_GAIN)
    return Pcm(np.clip(audio.samples * np.float32(gain), -1.0, 1.0), audio.sample_rate)


def _loudness(audio: Pcm) -> float:
    """The root mean square of the quietest of the loud frames; of a fifth of the frames, if there are few."""
    length = round(_FRAME_SECONDS * audio.sample_rate)
    frames = audio.samples[: len(audio.samples) // length * length].reshape(-1, length)
    if not len(frames):
        return _USUAL_RMS
    powers = np.einsum("ij,ij->i", frames, frames) / length
    loud = max(1, min(_LOUD_FRAMES, len(powers) // 5))
    return float(np.sqrt(np.partition(powers, -loud)[-loud]))
