from __future__ import annotations

import struct

import pytest

from antiphon.audio.errors import InvalidAudio
from antiphon.audio.riff import with_true_sizes

LARGEST = 20 * 1024 * 1024
FORMAT = b"fmt " + struct.pack("<IHHIIHH", 16, 1, 1, 16_000, 32_000, 2, 16)
SAMPLES = bytes(range(250)) * 8


def wav(data_size: int, *, before: bytes = b"", after: bytes = b"") -> bytes:
    return b"RIFF\0\0\0\0WAVE" + FORMAT + before + b"data" + struct.pack("<I", data_size) + SAMPLES + after


def long_wav(magic: bytes, long_size: int, *, data_size: int = 0xFFFFFFFF) -> bytes:
    """A file whose size stands in 64 bits."""
    sizes = b"ds64" + struct.pack("<IQQQI", 28, 0, long_size, 0, 0)
    return magic + b"\xff\xff\xff\xffWAVE" + sizes + wav(data_size)[12:]


WHOLE = b"RIFF" + struct.pack("<I", 36 + len(SAMPLES)) + wav(2_000)[8:]


def sized(file: bytes) -> bytes:
    return with_true_sizes(file, largest=LARGEST)


def test_a_whole_file_is_left_as_it_is() -> None:
    assert sized(WHOLE) == WHOLE


def test_what_stands_before_and_behind_the_samples_is_dropped() -> None:
    file = wav(2_000, before=b"LIST\x03\0\0\0abc\0", after=b"LIST\xff\xff\xff\x7f")
    assert sized(file) == WHOLE


@pytest.mark.parametrize(
    "placeholder",
    [
        pytest.param(0, id="zero"),
        pytest.param(LARGEST + 1, id="more than can be sent"),
        pytest.param(0x4000_0000, id="a billion bytes"),
        pytest.param(2_000_000_000, id="two billion in decimal"),
        pytest.param(0x7FFF_F000, id="SoX"),
        pytest.param(0x7FFF_FFFF - 36, id="the largest signed, less the header"),
        pytest.param(0x7FFF_FFFF, id="the largest signed"),
        pytest.param(0x8000_0000, id="the smallest signed"),
        pytest.param(0xFFFF_FFFF - 36, id="the largest, less the header"),
        pytest.param(0xFFFF_FFFF, id="the largest"),
    ],
)
def test_a_stream_of_unknown_length_is_taken_as_far_as_it_goes(placeholder: int) -> None:
    assert sized(wav(placeholder)) == WHOLE


@pytest.mark.parametrize("magic", [b"RF64", b"BW64"])
@pytest.mark.parametrize("long_size", [2_000, 0, LARGEST + 1, 5_000_000_000, 2**63 - 1, 2**64 - 1])
def test_a_size_of_64_bits_is_read_or_is_a_placeholder_too(magic: bytes, long_size: int) -> None:
    assert sized(long_wav(magic, long_size)) == WHOLE


def test_a_long_size_that_is_not_needed_does_not_count() -> None:
    assert sized(long_wav(b"RF64", 5_000, data_size=2_000)) == WHOLE


def test_a_header_that_counts_itself_is_forgiven() -> None:
    assert sized(wav(2_044)) == WHOLE


@pytest.mark.parametrize("file", [wav(5_000), long_wav(b"RF64", 5_000), long_wav(b"BW64", 0, data_size=5_000)])
def test_fewer_samples_than_promised_are_refused_with_their_number(file: bytes) -> None:
    with pytest.raises(InvalidAudio, match="declares 3000 bytes more"):
        sized(file)


def test_the_largest_file_is_known_to_be_cut_off() -> None:
    with pytest.raises(InvalidAudio, match="truncated"):
        sized(wav(LARGEST))


def test_a_chunk_larger_than_the_file_is_refused() -> None:
    with pytest.raises(InvalidAudio, match="truncated or damaged"):
        sized(wav(2_000, before=b"LIST\xff\xff\xff\x7f"))


def test_samples_of_which_nothing_is_said_are_refused() -> None:
    with pytest.raises(InvalidAudio, match="sample format"):
        sized(b"RIFF\0\0\0\0WAVEdata" + struct.pack("<I", 2_000) + SAMPLES)


@pytest.mark.parametrize("length", [12, 20, 36, 40])
def test_a_file_that_ends_before_its_samples_is_refused(length: int) -> None:
    with pytest.raises(InvalidAudio):
        sized(wav(2_000)[:length])
