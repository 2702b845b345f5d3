"""`Resemblyzer`: stretches of speech as vectors, which are alike where the same person speaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from antiphon.audio.pcm import Pcm
from antiphon.engines.embedded.speakers.mel import HOP, SAMPLE_RATE, mel_frames
from antiphon.engines.embedded.speakers.torch_file import read_weights
from antiphon.engines.embedded.worker_pool import WorkerPool

_FRAMES = 160
"""What the network hears at a time."""
_LAYERS = 3
_HIDDEN = 256
_LEAST_RMS = 10 ** (-30 / 20)
"""Quieter speech is raised to this level, at which the network was trained."""
_AT_A_TIME = 32
"""More would take more than 20 MB."""


class Resemblyzer:
    """A `SpeakerEncoder`: three layers of LSTM and a linear one, in NumPy."""

    stretch_ms = _FRAMES * HOP * 1000 // SAMPLE_RATE

    def __init__(self, file: Path, *, max_waiting: int) -> None:
        weights = read_weights(file, key="model_state")
        self._layers = [_Layer(weights, index) for index in range(_LAYERS)]
        self._linear = weights["linear.weight"].T.copy()
        self._bias = weights["linear.bias"]
        self._workers = WorkerPool("speakers", workers=1, max_waiting=max_waiting)

    async def embed(self, audio: Pcm, starts_ms: Sequence[int]) -> NDArray[np.float32]:
        """The vectors of the 1.6 s that begin at each of these moments, shape (moments, 256), each of length one."""
        return await self._workers.run(lambda: self._embed(audio.resample(SAMPLE_RATE).samples, starts_ms))

    def _embed(self, samples: NDArray[np.float32], starts_ms: Sequence[int]) -> NDArray[np.float32]:
        level = float(np.sqrt(np.mean(np.square(samples)))) if len(samples) else 0.0
        frames = mel_frames(samples * np.float32(max(1.0, _LEAST_RMS / max(level, 1e-9))))
        firsts = [start * SAMPLE_RATE // 1000 // HOP for start in starts_ms]
        frames = np.pad(frames, ((0, max(0, max(firsts, default=0) + _FRAMES - len(frames))), (0, 0)))
        heard = [
            self._run(np.stack([frames[f : f + _FRAMES] for f in firsts[at : at + _AT_A_TIME]]))
            for at in range(0, len(firsts), _AT_A_TIME)
        ]
        return np.concatenate(heard) if heard else np.zeros((0, _HIDDEN), np.float32)

    def _run(self, frames: NDArray[np.float32]) -> NDArray[np.float32]:
        """The vectors of a batch of shape (n, 160, 40)."""
        outputs = frames
        for layer in self._layers:
            outputs = layer.run(outputs)
        raw = np.maximum(outputs[:, -1] @ self._linear + self._bias, 0.0)
        return raw / np.maximum(np.linalg.norm(raw, axis=1, keepdims=True), 1e-9)


class _Layer:
    def __init__(self, weights: Mapping[str, NDArray[np.float32]], index: int) -> None:
        self._inputs = weights[f"lstm.weight_ih_l{index}"].T.copy()
        self._hidden = weights[f"lstm.weight_hh_l{index}"].T.copy()
        self._bias = weights[f"lstm.bias_ih_l{index}"] + weights[f"lstm.bias_hh_l{index}"]

    def run(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """The outputs for a batch, shape (n, frames, 256)."""
        count, frames, _ = inputs.shape
        gates_of_inputs = inputs @ self._inputs + self._bias
        hidden = cell = np.zeros((count, _HIDDEN), np.float32)
        outputs = np.empty((count, frames, _HIDDEN), np.float32)
        for frame in range(frames):
            gates = gates_of_inputs[:, frame] + hidden @ self._hidden
            enter, keep, new, leave = np.split(gates, 4, axis=1)
            cell = _sigmoid(keep) * cell + _sigmoid(enter) * np.tanh(new)
            hidden = _sigmoid(leave) * np.tanh(cell)
            outputs[:, frame] = hidden
        return outputs


def _sigmoid(values: NDArray[np.floating]) -> NDArray[np.float32]:
    return ((np.tanh(values * np.float32(0.5)) + np.float32(1.0)) * np.float32(0.5)).astype(np.float32)
