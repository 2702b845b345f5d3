from __future__ import annotations

import numpy as np
import pytest

from antiphon.audio.level import at_usual_level
from antiphon.audio.pcm import Pcm


def rms_dbfs(audio: Pcm) -> float:
    return 10 * float(np.log10(np.mean(np.square(audio.samples))))


def noise(seconds: float, dbfs: float) -> Pcm:
    samples = np.random.default_rng(1).normal(0, 10 ** (dbfs / 20), round(seconds * 16_000))
    return Pcm(samples.astype(np.float32), 16_000)


@pytest.mark.parametrize("dbfs", [-30, -38, -50, -59])
@pytest.mark.parametrize("seconds", [0.1, 2.0, 30.0])
def test_what_is_quiet_is_raised(dbfs: float, seconds: float) -> None:
    assert rms_dbfs(at_usual_level(noise(seconds, dbfs))) == pytest.approx(-20, abs=1)


@pytest.mark.parametrize("dbfs", [-26, -12])
def test_what_is_as_loud_as_usual_is_left_as_it_is(dbfs: float) -> None:
    audio = noise(2.0, dbfs)
    assert at_usual_level(audio) is audio


def test_a_click_does_not_keep_speech_quiet() -> None:
    audio = noise(2.0, -45)
    audio.samples[1_000] = 1.0
    raised = at_usual_level(audio)
    assert rms_dbfs(Pcm(raised.samples[2_000:], 16_000)) == pytest.approx(-20, abs=1)
    assert np.abs(raised.samples).max() <= 1.0


def test_a_short_word_in_a_long_silence_tells_the_level() -> None:
    audio = Pcm.concatenate([noise(60, -70), noise(0.4, -40), noise(60, -70)], 16_000)
    assert rms_dbfs(Pcm(at_usual_level(audio).samples[961_000:965_000], 16_000)) == pytest.approx(-20, abs=1)


def test_what_nobody_could_hear_stays_far_below() -> None:
    assert rms_dbfs(at_usual_level(noise(2.0, -80))) == pytest.approx(-40, abs=1)


@pytest.mark.parametrize("audio", [Pcm.silence(1.0, 16_000), Pcm.silence(0.0, 16_000), Pcm.silence(0.01, 8_000)])
def test_silence_stays_silent(audio: Pcm) -> None:
    assert not at_usual_level(audio).samples.any()
