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
_AUDIBLE = 0.0005
"""The peak (-66 dBFS) below which a frame is silence without asking the model, so that hours of it cost nothing."""


class Silero:
    """A `VoiceActivityDetector`. One model serves every recording; each recording has a state of its own."""

    def __init__(self, model: Path, *, workers: int, max_waiting: int) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._lane = Lane("silero", workers=workers, max_waiting=max_waiting)

    def detect(self, audio: Pcm) -> AsyncGenerator[SpeechProbability]:
        """Yield a probability for each 32 ms of a whole recording, or once for a stretch below what can be heard; the
        last frame is padded with silence."""
        samples = audio.resample(SAMPLE_RATE).samples

        def work(job: Job[SpeechProbability]) -> None:
            frames = -(-len(samples) // _FRAME)
            padded = np.zeros(_CONTEXT + frames * _FRAME, np.float32)
            padded[_CONTEXT : _CONTEXT + len(samples)] = samples
            audible = np.abs(padded[_CONTEXT:]).reshape(frames, _FRAME).max(axis=1) >= _AUDIBLE
            state = np.zeros(_STATE_SHAPE, np.float32)
            for index in range(frames):
                if job.cancelled:
                    return
                probability = 0.0
                if audible[index]:
                    frame = padded[np.newaxis, index * _FRAME : (index + 1) * _FRAME + _CONTEXT]
                    output, state = self._session.run(
                        None, {"input": frame, "state": state, "sr": np.array(SAMPLE_RATE, np.int64)}
                    )
                    probability = float(np.asarray(output).item())
                elif index + 1 < frames and not audible[index + 1]:
                    continue
                job.emit(SpeechProbability(probability=probability, end_ms=(index + 1) * _FRAME * 1000 // SAMPLE_RATE))

        return self._lane.stream(work)
