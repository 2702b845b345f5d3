from __future__ import annotations

import struct

import numpy as np
import pytest

from antiphon.audio.pcm import Pcm
from antiphon.audio.sniff import Container, sniff

from .conftest import WriteFile


@pytest.mark.parametrize(
    ("head", "demuxer"),
    [
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "wav"),
        (b"RF64\xff\xff\xff\xffWAVEds64", "wav"),
        (b"BW64\xff\xff\xff\xffWAVEds64", "wav"),
        (b"\xff\xfb\x90\x64", "mp3"),  # MPEG 1, layer III
        (b"\xff\xf3\x84\xc4", "mp3"),  # MPEG 2, layer III
        (b"\xff\xe3\x28\xc4", "mp3"),  # MPEG 2.5, layer III
        (b"\xff\xf1\x50\x80", "aac"),
        (b"OggS\x00\x02", "ogg"),
        (b"fLaC\x00\x00\x00\x22", "flac"),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81", "matroska"),
        (b"\x00\x00\x00\x1cftypM4A ", "mov"),
    ],
)
def test_a_container_is_known_by_its_first_bytes(head: bytes, demuxer: str) -> None:
    assert sniff(head) == Container(demuxer, 0)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"RIFF",
        b"RIFF\x24\x00\x00\x00AVI LIST",
        b"<!doctype html><html></html>",
        b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\n",
        b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        b"PK\x03\x04\x14\x00\x00\x00",
        b"\xff\xd8\xff\xe0\x00\x10JFIF",
        "\ufeffUTF-16".encode("utf-16-le"),
        b"\xff\xff\xff\xff",
    ],
)
def test_what_is_not_audio_is_not_taken_for_it(head: bytes) -> None:
    assert sniff(head) is None


def id3(content: bytes, *, footer: bool = False) -> bytes:
    size = bytes(len(content) >> shift & 0x7F for shift in (21, 14, 7, 0))
    tag = b"ID3\4\0" + (b"\x10" if footer else b"\0") + size + content
    return tag + (b"3DI\4\0\x10" + size if footer else b"")


def ape(content: bytes) -> bytes:
    has_header = 1 << 31
    begin, end = (
        struct.pack("<8sIIII8x", b"APETAGEX", 2000, len(content) + 32, 1, has_header | is_header << 29)
        for is_header in (1, 0)
    )
    return begin + content + end


PICTURE = b"\xff\xd8\xff\xe0" + np.random.default_rng(0).bytes(200_000)
PREFIXES = {
    "a tag": id3(b"TIT2\0\0\0\3\0\0\0hi"),
    "a tag without content": id3(b""),
    "a tag with a picture": id3(PICTURE),
    "a tag with padding": id3(b"TIT2\0\0\0\3\0\0\0hi" + bytes(4_000)),
    "a tag with a footer": id3(b"TIT2", footer=True),
    "two tags": id3(b"TIT2") + id3(PICTURE),
    "a tag of APE": ape(b"Title"),
    "tags of two kinds": id3(b"TIT2") + ape(b"Title"),
    "zeros": bytes(10_000),
    "zeros behind a tag": id3(b"TIT2") + bytes(777),
    "zeros ahead of a tag": bytes(3) + id3(b"TIT2"),
}
FILES = {
    "wav": ("wav", "pcm_s16le", {"rate": 16_000}),
    "flac": ("flac", "flac", {"rate": 16_000}),
    "ogg": ("ogg", "libopus", {"rate": 48_000}),
    "matroska": ("webm", "libopus", {"rate": 48_000}),
    "aac": ("adts", "aac", {"rate": 24_000}),
    "mp3": ("mp3", "libmp3lame", {"rate": 24_000, "id3v2_version": "0", "write_xing": "0"}),
}


@pytest.fixture(params=FILES)
def file(request: pytest.FixtureRequest, write_file: WriteFile, humming: Pcm) -> tuple[str, bytes]:
    container, codec, options = FILES[request.param]
    return request.param, write_file(container, codec, humming, **options)


@pytest.mark.parametrize("prefix", PREFIXES)
def test_tags_and_padding_are_passed_over(prefix: str, file: tuple[str, bytes]) -> None:
    demuxer, content = file
    assert sniff(PREFIXES[prefix] + content) == Container(demuxer, len(PREFIXES[prefix]))


@pytest.mark.parametrize(
    "tag",
    [
        pytest.param(b"ID3\4\0\0\x7f\x7f\x7f\x7f", id="longer than the file"),
        pytest.param(b"ID3\4\0\0\xff\xff\xff\xff", id="of bytes that no size has"),
        pytest.param(b"ID3\3\0\0\0\0\0\5" + bytes(300), id="shorter than it is"),
        pytest.param(b"APETAGEX" + b"\xff" * 24, id="of another kind, longer than the file"),
    ],
)
def test_frames_are_found_behind_a_tag_that_lies(tag: bytes, write_file: WriteFile, humming: Pcm) -> None:
    for name in ("aac", "mp3"):
        container, codec, options = FILES[name]
        assert sniff(tag + write_file(container, codec, humming, **options)) == Container(name, len(tag))


def test_more_tags_than_any_file_has_are_not_followed(write_file: WriteFile, humming: Pcm) -> None:
    assert sniff(id3(b"") * 2_000_000 + write_file("flac", "flac", humming)) is None


@pytest.mark.parametrize("name", ["aac", "mp3"])
@pytest.mark.parametrize("cut", [1, 50, 333, 5_001])
def test_a_stream_cut_anywhere_begins_with_its_next_frame(
    name: str, cut: int, write_file: WriteFile, humming: Pcm
) -> None:
    container, codec, options = FILES[name]
    content = write_file(container, codec, humming, **options)
    found = sniff(content[cut:])
    assert found is not None
    assert found.demuxer == name
    assert found.start < 1_000
    assert content[cut + found.start :].startswith((b"\xff\xf3", b"\xff\xf1"))


@pytest.mark.parametrize("name", ["aac", "mp3"])
@pytest.mark.parametrize(
    "junk",
    [
        pytest.param(b"ICY 200 OK\r\nicy-br:64\r\nContent-Type: audio/mpeg\r\n\r\n", id="a radio's header"),
        pytest.param(np.random.default_rng(1).bytes(20_000), id="noise"),
        pytest.param(b"\xff\xfb\x90\x64" * 500, id="what looks like frames"),
        pytest.param(b"\xff" * 3_000, id="set bits"),
        pytest.param(b"\r\n", id="an empty line"),
    ],
)
def test_frames_are_found_behind_what_is_none(name: str, junk: bytes, write_file: WriteFile, humming: Pcm) -> None:
    container, codec, options = FILES[name]
    assert sniff(junk + write_file(container, codec, humming, **options)) == Container(name, len(junk))


def test_frames_are_not_looked_for_for_ever(write_file: WriteFile, humming: Pcm) -> None:
    assert sniff(np.random.default_rng(2).bytes(200_000) + write_file("mp3", "libmp3lame", humming)) is None


@pytest.mark.parametrize("seed", range(20))
def test_noise_is_no_stream(seed: int) -> None:
    assert sniff(b"\1" + np.random.default_rng(seed).bytes(100_000)) is None
