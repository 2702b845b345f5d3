"""Speech made faster and slower."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.engines.embedded.synthesis.tempo import split_speed, with_tempo

RATE = 24_000
TONE = (np.sin(2 * np.pi * 200 * np.arange(2 * RATE) / RATE) * 0.3).astype(np.float32)

TEMPI = pytest.mark.parametrize("tempo", [0.25, 0.6, 1.5, 4.0])


@TEMPI
def test_the_length_follows_the_tempo(tempo: float) -> None:
    assert len(with_tempo(TONE, sample_rate=RATE, tempo=tempo)) == pytest.approx(len(TONE) / tempo, rel=0.03)


@TEMPI
def test_the_pitch_stays(tempo: float) -> None:
    changed = with_tempo(TONE, sample_rate=RATE, tempo=tempo)
    strongest = np.argmax(np.abs(np.fft.rfft(changed))) * RATE / len(changed)
    assert strongest == pytest.approx(200, abs=2)


def test_its_own_tempo_leaves_every_sample() -> None:
    assert with_tempo(TONE, sample_rate=RATE, tempo=1.0) is TONE


@pytest.mark.parametrize("samples", [0, 1, 30])
def test_hardly_any_samples_are_no_trouble(samples: int) -> None:
    assert len(with_tempo(TONE[:samples], sample_rate=RATE, tempo=2.0)) <= samples


@given(speed=st.floats(0.25, 4.0))
def test_both_parts_of_a_speed_make_the_speed(speed: float) -> None:
    own, tempo = split_speed(speed)
    assert own * tempo == pytest.approx(speed)
    assert 0.75 <= own <= 1.25


@pytest.mark.parametrize(("asked", "held"), [(0.0, 0.25), (-1.0, 0.25), (100.0, 4.0)])
def test_impossible_speeds_are_held_to_the_possible(asked: float, held: float) -> None:
    own, tempo = split_speed(asked)
    assert own * tempo == pytest.approx(held)
