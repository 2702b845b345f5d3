"""`antiphon`, as its command runs it, in front of stubs of all engines: what is measured is the server around them.

`python -m bench.load.stub_server serve --workers 2 --port … --data …`
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any

import numpy as np

from antiphon.audio.pcm import Pcm
from antiphon.cli import serve
from antiphon.cli.main import main
from antiphon.dialogue.profile import Profile
from antiphon.vocabulary.speech import SpeechProbability
from bench.realtime.stub_server import stub_profiles

_FRAME_MS = 32
_LOUD = 0.01
_LOUD_DBFS, _QUIET_DBFS = -20.0, -96.0


class LoudnessDetector:
    """Takes what is loud for speech."""

    async def detect(self, audio: Pcm) -> AsyncGenerator[SpeechProbability]:
        for probability in await self.listen().hear(audio):
            yield probability

    def listen(self) -> LoudnessListener:
        return LoudnessListener()


class LoudnessListener:
    worthwhile_ms = _FRAME_MS

    def __init__(self) -> None:
        self._rest: Pcm | None = None
        self._heard_ms = 0

    async def hear(self, audio: Pcm) -> Sequence[SpeechProbability]:
        if self._rest is not None:
            audio = Pcm.concatenate([self._rest, audio], audio.sample_rate)
        length = audio.sample_rate * _FRAME_MS // 1000
        count = len(audio.samples) // length
        self._rest = Pcm(audio.samples[count * length :], audio.sample_rate)
        peaks = np.abs(audio.samples[: count * length]).reshape(count, length).max(axis=1, initial=0.0)
        judged: list[SpeechProbability] = []
        for peak in peaks:
            self._heard_ms += _FRAME_MS
            is_loud = bool(peak > _LOUD)
            level_dbfs = _LOUD_DBFS if is_loud else _QUIET_DBFS
            judged.append(SpeechProbability(probability=float(is_loud), level_dbfs=level_dbfs, end_ms=self._heard_ms))
        return judged


async def _load_profiles(*_: Any) -> Mapping[str, Profile]:
    return stub_profiles(LoudnessDetector())


def _needed_models(*_: Any) -> list[str]:
    return []


if __name__ == "__main__":
    serve.load_profiles = _load_profiles
    serve.needed_models = _needed_models
    main()
