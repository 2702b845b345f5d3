from __future__ import annotations

from typing import Any

import av
import numpy as np
import pytest
from av.audio.codeccontext import AudioCodecContext
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from antiphon.audio.g711 import SAMPLE_RATE, Law, decode, encode
from antiphon.audio.pcm import INT16_SCALE, Pcm

ALL_CODES = bytes(range(256))
LAWS = pytest.mark.parametrize("law", list(Law))


def values(audio: Pcm) -> NDArray[np.int32]:
    """As 16-bit samples."""
    return np.rint(audio.samples * INT16_SCALE).astype(np.int32)


def encoded(law: Law, *samples: int) -> list[int]:
    return list(encode(Pcm.from_int16(np.array(samples, "<i2").tobytes(), SAMPLE_RATE), law))


def decoded_by_ffmpeg(data: bytes, law: Law) -> NDArray[np.int32]:
    codec: Any = AudioCodecContext.create({Law.MU: "pcm_mulaw", Law.A: "pcm_alaw"}[law], "r")
    codec.sample_rate, codec.layout = SAMPLE_RATE, "mono"
    (frame,) = codec.decode(av.Packet(data))
    return frame.to_ndarray().reshape(-1).astype(np.int32)


@LAWS
def test_every_code_means_what_it_means_to_ffmpeg(law: Law) -> None:
    decoded = decode(ALL_CODES, law)
    assert decoded.sample_rate == SAMPLE_RATE
    assert values(decoded).tolist() == decoded_by_ffmpeg(ALL_CODES, law).tolist()


@LAWS
@given(data=st.binary(max_size=300))
def test_what_was_decoded_survives_the_way_through_codes(law: Law, data: bytes) -> None:
    decoded = decode(data, law)
    assert values(decode(encode(decoded, law), law)).tolist() == values(decoded).tolist()


@LAWS
def test_every_value_but_silence_has_one_code(law: Law) -> None:
    audible = bytes(code for code in range(256) if values(decode(bytes([code]), law))[0] != 0)
    assert len(audible) == (254 if law is Law.MU else 256)
    assert encode(decode(audible, law), law) == audible


@pytest.mark.parametrize(
    ("law", "unit", "borders"),
    [
        # The decision values of G.711, table 2a: where a segment begins, and the last interval of all.
        (Law.MU, 4, {1: 0xFE, 31: 0xEF, 95: 0xDF, 223: 0xCF, 479: 0xBF, 991: 0xAF, 2015: 0x9F, 4063: 0x8F, 7903: 0x80}),
        # And those of table 1a.
        (Law.A, 8, {2: 0xD4, 32: 0xC5, 64: 0xF5, 128: 0xE5, 256: 0x95, 512: 0x85, 1024: 0xB5, 2048: 0xA5, 3968: 0xAA}),
    ],
    ids=["mu", "a"],
)
def test_intervals_begin_at_the_standards_decision_values(law: Law, unit: int, borders: dict[int, int]) -> None:
    for border, code in borders.items():
        at, below = encoded(law, border * unit, border * unit - 1)
        assert at == code
        assert values(decode(bytes([below]), law))[0] < values(decode(bytes([at]), law))[0]


@LAWS
@given(sample=st.integers(0, 32767))
def test_both_signs_are_alike_but_for_the_codes_highest_bit(law: Law, sample: int) -> None:
    positive, negative = encoded(law, sample, ~sample if sample < 32767 else -sample)
    assert positive ^ negative == 0x80


@LAWS
@given(samples=st.lists(st.integers(-32767, 32767), min_size=2, max_size=2))
def test_what_is_louder_stays_louder_or_becomes_equal(law: Law, samples: list[int]) -> None:
    quieter, louder = values(decode(bytes(encoded(law, *sorted(samples))), law))
    assert quieter <= louder


def test_silence_is_silence() -> None:
    assert encoded(Law.MU, 0) == [0xFF]
    assert encoded(Law.A, 0) == [0xD5]


def test_what_is_louder_than_full_scale_is_clipped() -> None:
    loud = Pcm(np.array([2.0, -2.0], np.float32), SAMPLE_RATE)
    assert list(encode(loud, Law.MU)) == [0x80, 0x00]


def test_audio_at_another_rate_is_refused() -> None:
    with pytest.raises(ValueError, match="8000 Hz, not at 24000"):
        encode(Pcm.silence(0.1, 24_000), Law.MU)
