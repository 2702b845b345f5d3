from __future__ import annotations

import numpy as np
import pytest

from antiphon.audio.limiting import limited
from antiphon.audio.pcm import Pcm


def test_audio_without_peaks_is_left_as_it_is(humming: Pcm) -> None:
    assert limited(humming, 1.0) is humming


@pytest.mark.parametrize("seconds", [0.0004, 0.01, 1.0])
@pytest.mark.parametrize("ceiling", [0.1, 0.5])
def test_no_sample_is_beyond_the_ceiling(seconds: float, ceiling: float) -> None:
    noise = np.random.default_rng(1).normal(0, 0.4, round(seconds * 24_000)).astype(np.float32)
    out = limited(Pcm(noise, 24_000), ceiling)
    assert len(out.samples) == len(noise)
    assert np.abs(out.samples).max() <= ceiling


def test_the_gain_falls_smoothly_and_nothing_is_clipped() -> None:
    times = np.arange(24_000) / 24_000
    tone = (np.sin(2 * np.pi * 440 * times) * np.where((times > 0.4) & (times < 0.6), 0.9, 0.3)).astype(np.float32)
    out = limited(Pcm(tone, 24_000), 0.5)
    gain = out.samples[np.abs(tone) > 0.05] / tone[np.abs(tone) > 0.05]
    assert gain.min() == pytest.approx(0.5 / 0.9, abs=0.01)
    assert np.abs(np.diff(gain)).max() < 0.02
    assert np.allclose(out.samples[:9_000], tone[:9_000])
