from __future__ import annotations

import pytest

from antiphon.audio.sniff import sniff


@pytest.mark.parametrize(
    ("head", "demuxer"),
    [
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "wav"),
        (b"RF64\xff\xff\xff\xffWAVEds64", "wav"),
        (b"ID3\x04\x00\x00\x00\x00\x00\x00", "mp3"),
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
    assert sniff(head) == demuxer


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
