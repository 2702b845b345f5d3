"""Voices are told apart by the real network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from antiphon.audio.pcm import Pcm
from antiphon.engines.embedded.speakers.encoder import Resemblyzer

from ....conftest import SpeechClip
from ....speech import read_flac

pytestmark = [pytest.mark.anyio, pytest.mark.models]


async def test_the_same_persons_voice_is_more_alike_than_anothers(
    model_path: Callable[[str], Path], speech_clips: dict[str, SpeechClip]
):
    encoder = Resemblyzer(model_path("resemblyzer") / "pretrained.pt", max_waiting=4)

    async def voice(path: str) -> np.ndarray:
        vectors = await encoder.embed(read_flac(speech_clips[path].path), [0, 800, 1600])
        assert vectors.shape == (3, 256)
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0)
        total = vectors.sum(axis=0)
        return total / np.linalg.norm(total)

    one, again = await voice("ljspeech/LJ001-0006.flac"), await voice("ljspeech/LJ001-0001.flac")
    other = await voice("librispeech/19-198-0037.flac")
    assert one @ again > 0.8
    assert one @ other < 0.7
    assert len(await encoder.embed(Pcm.silence(1.0, 16_000), [])) == 0
