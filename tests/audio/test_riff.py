from __future__ import annotations

import struct

import pytest

from antiphon.audio.riff import up_to_samples
from antiphon.errors import InvalidAudio

FORMAT = b"fmt " + struct.pack("<IHHIIHH", 16, 1, 1, 16_000, 32_000, 2, 16)
SAMPLES = bytes(2_000)


def wav(data_size: int, *, before: bytes = b"", after: bytes = b"") -> bytes:
    return b"RIFF\0\0\0\0WAVE" + FORMAT + before + b"data" + struct.pack("<I", data_size) + SAMPLES + after


def test_a_whole_file_is_left_as_it_is() -> None:
    assert up_to_samples(wav(2_000)) == wav(2_000)


def test_what_follows_the_samples_is_dropped() -> None:
    assert up_to_samples(wav(2_000, after=b"LIST\xff\xff\xff\x7f")) == wav(2_000)


@pytest.mark.parametrize("placeholder", [0, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF])
def test_a_stream_of_unknown_length_is_taken_as_far_as_it_goes(placeholder: int) -> None:
    assert up_to_samples(wav(placeholder)) == wav(placeholder)


def test_a_header_that_counts_itself_is_forgiven() -> None:
    assert up_to_samples(wav(2_044)) == wav(2_044)


def test_fewer_samples_than_promised_are_refused_with_their_number() -> None:
    with pytest.raises(InvalidAudio, match="promises 3000 bytes more"):
        up_to_samples(wav(5_000))


def test_a_chunk_larger_than_the_file_is_refused() -> None:
    with pytest.raises(InvalidAudio, match="cut off or damaged"):
        up_to_samples(wav(2_000, before=b"LIST\xff\xff\xff\x7f"))


@pytest.mark.parametrize("length", [12, 20, 36, 40])
def test_a_file_that_ends_before_its_samples_is_refused(length: int) -> None:
    with pytest.raises(InvalidAudio):
        up_to_samples(wav(2_000)[:length])
