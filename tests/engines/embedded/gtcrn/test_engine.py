"""Noise is taken out by the real network, and speech is left."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from antiphon.engines.embedded.gtcrn.engine import Gtcrn
from antiphon.engines.embedded.gtcrn.spectra import Samples, Spectra

from ....conftest import SpeechClip
from ....speech import read_flac

pytestmark = pytest.mark.models


def error(heard: Samples, clean: Samples) -> float:
    """How far what is heard is from what was said, where 1 is as far as silence."""
    return float(((heard - clean) ** 2).mean() / (clean**2).mean())


def test_the_more_noise_is_to_be_taken_out_the_less_is_left(
    model_path: Callable[[str], Path], speech_clips: dict[str, SpeechClip]
) -> None:
    gtcrn = Gtcrn(model_path("gtcrn") / "gtcrn_simple.onnx")
    clean = read_flac(speech_clips["ljspeech/LJ001-0006.flac"].path).resample(16_000).samples[: 16_000 * 5]
    noise = np.random.default_rng(7).standard_normal(len(clean)).astype(np.float32)
    noisy = np.asarray(clean + noise * clean.std() * 0.7, np.float32)
    errors: list[float] = []
    for strength in (0.0, 0.5, 1.0):
        heard = Spectra().process(noisy, gtcrn.follow(strength=strength))
        errors.append(error(heard[8000:], clean[8000 : len(heard)]))
    assert errors[0] > 1.5 * errors[1] > 2 * errors[2]
    assert errors[2] < 0.2
