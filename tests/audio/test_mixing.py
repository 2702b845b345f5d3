"""Several channels as one."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import av
import numpy as np
import pytest
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

from antiphon.audio.decode import decode
from antiphon.audio.pcm import Pcm

RATE = 16_000


def file_of(channels: Sequence[NDArray[np.float32]], layout: str) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format="wav") as output:
        stream = output.add_stream("pcm_f32le", rate=RATE, layout=layout)
        interleaved = np.stack(channels, axis=1).reshape(1, -1).astype(np.float32)
        frame = AudioFrame.from_ndarray(interleaved, format="flt", layout=layout)
        frame.sample_rate = RATE
        output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return file.getvalue()


def heard(channels: Sequence[NDArray[np.float32]], layout: str = "stereo") -> NDArray[np.float32]:
    pieces = decode(file_of(channels, layout), declared_format="wav", sample_rate=RATE)
    return Pcm.from_int16(b"".join(pieces), RATE).samples


def difference_db(one: NDArray[np.float32], other: NDArray[Any]) -> float:
    """Of the louder of two signals' level: how far below it what tells them apart lies."""
    assert len(one) == len(other)
    return 10 * float(np.log10(np.mean((one - other) ** 2) / np.mean(other**2) + 1e-12))


@pytest.fixture(scope="module")
def voice(humming: Pcm) -> NDArray[np.float32]:
    return humming.resample(RATE).samples


@pytest.fixture(scope="module")
def other_voice() -> NDArray[np.float32]:
    return (0.2 * np.random.default_rng(3).uniform(-1, 1, 3 * RATE)).astype(np.float32)


def test_channels_in_phase_are_mixed_as_ever(voice: NDArray[np.float32]) -> None:
    assert difference_db(heard([voice, voice]), voice) < -60


def test_two_voices_are_both_heard(voice: NDArray[np.float32], other_voice: NDArray[np.float32]) -> None:
    assert difference_db(heard([voice, other_voice]), (voice + other_voice) / 2) < -60


@pytest.mark.parametrize("inverted", [-1.0, -0.8, -1.2])
def test_channels_out_of_phase_do_not_cancel(inverted: float, voice: NDArray[np.float32]) -> None:
    assert difference_db(heard([voice, inverted * voice]), voice) < -60


def test_of_channels_out_of_phase_the_much_louder_one_is_heard(voice: NDArray[np.float32]) -> None:
    assert difference_db(heard([voice * 0.3, voice * 0.3 * -1.1, voice, -voice], "quad"), voice) < -60


def test_noise_of_each_channel_is_no_reason_to_lose_the_voice(voice: NDArray[np.float32]) -> None:
    noise = np.random.default_rng(4).normal(0, 0.003, (2, len(voice))).astype(np.float32)
    assert difference_db(heard([voice + noise[0], noise[1] - voice]), voice) < -20


def test_one_inverted_channel_of_six_is_no_matter_and_three_are_not_either(voice: NDArray[np.float32]) -> None:
    for signs in ([1, 1, 1, 1, 1, -1], [1, -1, 1, -1, 1, -1]):
        mono = heard([sign * voice for sign in signs], "5.1")
        level = np.sqrt(np.mean(mono**2) / np.mean(voice**2))
        assert level > 0.5


def test_a_phase_that_changes_in_mid_recording_is_followed(voice: NDArray[np.float32]) -> None:
    inverted = voice.copy()
    inverted[RATE:] *= -1
    assert difference_db(heard([voice, inverted]), voice) < -25


def test_a_channel_in_which_nobody_speaks_does_not_make_the_other_quieter(voice: NDArray[np.float32]) -> None:
    silence = np.zeros_like(voice)
    assert difference_db(heard([voice, silence]), voice) < -60
    assert difference_db(heard([silence] * 7 + [voice], "7.1"), voice) < -60


def test_who_speaks_in_one_channel_after_another_is_heard_alike(voice: NDArray[np.float32]) -> None:
    left, right = voice.copy(), voice.copy()
    left[RATE:] = 0
    right[:RATE] = 0
    assert difference_db(heard([left, right]), voice) < -25


def test_values_that_are_none_are_silence(voice: NDArray[np.float32]) -> None:
    broken = voice.copy()
    broken[1_000:2_000] = np.nan
    mono = heard([broken, voice])
    assert difference_db(mono[RATE:], voice[RATE:]) < -60
    assert np.abs(mono).max() <= 1.0
