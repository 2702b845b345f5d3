"""Voice activity by Silero VAD on onnxruntime, in this process."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import numpy as np
import onnxruntime

from antiphon.audio.pcm import Pcm
from antiphon.engines.interfaces import SpeechProbability
from antiphon.engines.lane import Job, Lane

SAMPLE_RATE = 16_000
_FRAME = 512
"""New samples a frame: 32 ms."""
_CONTEXT = 64
"""Samples of the frame before that the model wants in front of each frame."""
_STATE_SHAPE = (2, 1, 128)


class Silero:
    """A `VoiceActivityDetector`. One model serves every recording; each recording has a state of its own."""

    def __init__(self, model: Path, *, workers: int, max_waiting: int) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._lane = Lane("silero", workers=workers, max_waiting=max_waiting)

    def detect(self, audio: Pcm) -> AsyncGenerator[SpeechProbability]:
        """Yield a probability for each 32 ms of a whole recording; the last frame is padded with silence."""
        samples = audio.resample(SAMPLE_RATE).samples

        def work(job: Job[SpeechProbability]) -> None:
            state = np.zeros(_STATE_SHAPE, np.float32)
            frames = -(-len(samples) // _FRAME)
            padded = np.zeros(_CONTEXT + frames * _FRAME, np.float32)
            padded[_CONTEXT : _CONTEXT + len(samples)] = samples
            for start in range(0, frames * _FRAME, _FRAME):
                if job.cancelled:
                    return
                frame = padded[np.newaxis, start : start + _CONTEXT + _FRAME]
                probability, state = self._session.run(
                    None, {"input": frame, "state": state, "sr": np.array(SAMPLE_RATE, np.int64)}
                )
                job.emit(
                    SpeechProbability(
                        probability=float(np.asarray(probability).item()),
                        end_ms=(start + _FRAME) * 1000 // SAMPLE_RATE,
                    )
                )

        return self._lane.stream(work)
