"""`Mixer`: mixes channels down to mono, without silent ones, and without letting them cancel each other."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from numpy.typing import NDArray

_STRETCH_SECONDS = 0.1
_SILENT = 1e-3
"""A channel with less than this of the loudest one's power (-30 dB) is left out of the mix, which it would only make
quieter."""
_CANCELLED = 0.1
"""A mix with less than this of the loudest channel's power (-10 dB) has lost the speech: a channel is out of phase, as
when a microphone's wires are swapped. Unrelated channels lose 3 dB if there are two, and 9 if there are eight."""
_LOUDER = 4.0
"""With channels out of phase, one of them is used until another has this many times its power (6 dB), because each
change inverts the phase."""
_FADE_SECONDS = 0.01


class Mixer:
    """Mixes the frames of one stream to mono, judging each tenth of a second by itself: in one recording, one speaker
    may be in phase and another not."""

    def __init__(self, layout: str, sample_rate: int) -> None:
        """Frames have the channels of `layout`, as FFmpeg names it, and `sample_rate` Hz."""
        stretch = round(_STRETCH_SECONDS * sample_rate)
        # Interleaved, because PyAV mishandles eight planes.
        self._stretches = AudioResampler("flt", layout, sample_rate, frame_size=stretch)
        self._sample_rate = sample_rate
        self._weights: NDArray[np.float32] | None = None
        self._followed = 0
        """The channel that was last used alone."""

    def mix(self, frame: AudioFrame | None) -> Iterator[AudioFrame]:
        """Yield mono frames of floats as they are ready; None flushes the rest."""
        for stretch in self._stretches.resample(frame):
            channels = stretch.to_ndarray().reshape(-1, stretch.layout.nb_channels).T.astype(np.float32, copy=False)
            channels = np.nan_to_num(np.clip(channels, -1.0, 1.0))  # Float files may contain anything.
            mono = AudioFrame.from_ndarray(self._mix(channels)[np.newaxis], format="fltp", layout="mono")
            mono.sample_rate = self._sample_rate
            yield mono

    def _mix(self, channels: NDArray[np.float32]) -> NDArray[np.float32]:
        """One stretch of shape (channels, samples) as (samples,)."""
        before, weights = self._weights, self._weigh(channels)
        self._weights = weights
        mono = _weighted(channels, weights)
        if before is not None and not np.array_equal(before, weights):
            fade = min(round(_FADE_SECONDS * self._sample_rate), channels.shape[1])
            ramp = np.linspace(1.0, 0.0, fade, dtype=np.float32)
            mono[:fade] += ramp * _weighted(channels[:, :fade], before - weights)
        return mono

    def _weigh(self, channels: NDArray[np.float32]) -> NDArray[np.float32]:
        """The weight of each channel: shape (channels,), summing to 1."""
        powers = np.einsum("ij,ij->i", channels, channels)
        loudest = float(powers.max())
        sounding = (powers >= _SILENT * loudest).astype(np.float32)
        weights = sounding / sounding.sum()
        mix = _weighted(channels, weights)
        if float(np.einsum("j,j->", mix, mix)) >= _CANCELLED * loudest:
            return weights
        if powers[self._followed] * _LOUDER < loudest:
            self._followed = int(powers.argmax())
        return np.eye(len(channels), dtype=np.float32)[self._followed]


def _weighted(channels: NDArray[np.float32], weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """The sum of the channels, without the algebra library, which would reserve 33 MB for it."""
    return np.einsum("i,ij->j", weights, channels)
