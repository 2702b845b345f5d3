"""The end of a turn, heard by smart-turn v3 on onnxruntime, in this process."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from faster_whisper.feature_extractor import FeatureExtractor
from numpy.typing import NDArray

from antiphon.audio.pcm import Pcm
from antiphon.engines.embedded.onnx import open_session
from antiphon.engines.embedded.worker_pool import WorkerPool

SAMPLE_RATE = 16_000
_WINDOW_SECONDS = 8
_VARIANCE_FLOOR = 1e-7
"""Prevents a division by zero for digital silence."""


class SmartTurn:
    """An `EndOfTurnDetector`. It judges by melody and pace, in 23 languages, and is meant for use in a pause."""

    def __init__(self, model: Path, *, max_waiting: int) -> None:
        self._session = open_session(model, threads=1)
        self._extractor = FeatureExtractor(chunk_length=_WINDOW_SECONDS)
        self._workers = WorkerPool("smart-turn", workers=1, max_waiting=max_waiting)

    async def warm_up(self) -> None:
        """Judge a second of silence, so that the first utterance finds the model warm."""
        await self.judge(Pcm.silence(1.0, SAMPLE_RATE))

    async def judge(self, utterance: Pcm) -> float:
        """How likely the speaker is to have finished, 0 to 1, judging by the utterance's last 8 seconds.

        Raises `ServerBusy`.
        """
        heard = utterance.samples[-_WINDOW_SECONDS * utterance.sample_rate :]

        def work() -> float:
            features = self._features(Pcm(heard, utterance.sample_rate).resample(SAMPLE_RATE).samples)
            (probability,) = self._session.run(["logits"], {"input_features": features[np.newaxis]})
            return float(np.asarray(probability).item())  # Named logits, but the model ends in a sigmoid.

        return await self._workers.run(work)

    def _features(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Whisper's log-mel features, shape (80, 800), of the window that ends with the samples.

        Silence before them fills the window and counts towards its mean and variance, as in training.
        """
        window = np.zeros(_WINDOW_SECONDS * SAMPLE_RATE, np.float32)
        samples = samples[-len(window) :]
        window[len(window) - len(samples) :] = samples
        window = (window - window.mean()) / np.sqrt(window.var() + _VARIANCE_FLOOR)
        return self._extractor(window, padding=0)
