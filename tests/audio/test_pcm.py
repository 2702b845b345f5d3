from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.audio.pcm import Pcm


@given(st.lists(st.integers(-32767, 32767)))
def test_sixteen_bit_samples_survive_the_way_through_floats(samples: list[int]) -> None:
    data = np.array(samples, "<i2").tobytes()
    assert Pcm.from_int16(data, 24_000).to_int16() == data


def test_what_is_louder_than_full_scale_is_clipped() -> None:
    loud = Pcm(np.array([-2.0, 2.0], np.float32), 24_000)
    assert np.frombuffer(loud.to_int16(), "<i2").tolist() == [-32767, 32767]


@pytest.mark.parametrize("rate", [8_000, 16_000, 24_000, 48_000])
def test_resampling_keeps_the_duration(rate: int) -> None:
    assert Pcm.silence(0.5, 24_000).resample(rate).seconds == pytest.approx(0.5, abs=1 / rate)


def test_parts_are_joined_in_order() -> None:
    parts = [Pcm(np.full(2, value, np.float32), 8_000) for value in (0.25, 0.5)]
    assert Pcm.concatenate(parts, 8_000).samples.tolist() == [0.25, 0.25, 0.5, 0.5]


def test_nothing_joined_is_silence_of_no_length() -> None:
    assert Pcm.concatenate([], 8_000).seconds == 0
