from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.audio.pcm import Pcm
from antiphon.audio.resampling import Quality, StreamResampler


def resampled(audio: Pcm, cuts: list[int], to_rate: int, quality: Quality) -> Pcm:
    resampler = StreamResampler(audio.sample_rate, to_rate, quality=quality)
    pieces = [Pcm(samples, audio.sample_rate) for samples in np.split(audio.samples, sorted(cuts))]
    parts = [resampler.resample(piece) for piece in pieces]
    parts.append(resampler.resample(Pcm.silence(0, audio.sample_rate), last=True))
    return Pcm.concatenate(parts, to_rate)


@given(
    cuts=st.lists(st.integers(0, 4_000), max_size=20),
    rates=st.sampled_from([(24_000, 16_000), (8_000, 16_000), (16_000, 24_000), (16_000, 16_000)]),
    quality=st.sampled_from(["LQ", "HQ"]),
)
def test_what_comes_out_does_not_depend_on_the_pieces(
    cuts: list[int], rates: tuple[int, int], quality: Quality
) -> None:
    noise = np.random.default_rng(0).standard_normal(4_000).astype(np.float32)
    audio = Pcm(noise, rates[0])
    whole = resampled(audio, [], rates[1], quality)
    assert len(whole.samples) == pytest.approx(4_000 * rates[1] / rates[0], abs=1)
    assert np.array_equal(resampled(audio, cuts, rates[1], quality).samples, whole.samples)


def test_a_stream_becomes_what_a_recording_becomes(humming: Pcm) -> None:
    streamed = resampled(humming, [1_000, 1_001, 20_000], 16_000, "HQ")
    assert np.abs(streamed.samples - humming.resample(16_000).samples).max() < 1e-6


@pytest.mark.parametrize("rate", [8_000, 24_000])
def test_the_lowest_quality_holds_back_less_than_two_frames_of_speech_detection(rate: int, humming: Pcm) -> None:
    resampler = StreamResampler(rate, 16_000, quality="LQ")
    audio = humming.resample(rate)
    taken_seconds = given_seconds = 0.0
    for samples in np.array_split(audio.samples, 150):
        taken_seconds += len(samples) / rate
        given_seconds += resampler.resample(Pcm(samples, rate)).seconds
        assert taken_seconds - given_seconds < 0.064


def test_audio_at_another_rate_than_the_streams_is_refused() -> None:
    with pytest.raises(ValueError, match="24000 Hz, not at 8000"):
        StreamResampler(24_000, 16_000).resample(Pcm.silence(0.1, 8_000))
