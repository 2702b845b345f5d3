"""Detects a file's container from its bytes: what a client declares is only a hint."""

from __future__ import annotations

import re
from typing import NamedTuple

from antiphon.audio import riff
from antiphon.audio.frames import find_frames, read_frame
from antiphon.audio.tags import end_of_tag

_MAGIC = ((b"OggS", "ogg"), (b"fLaC", "flac"), (b"\x1aE\xdf\xa3", "matroska"))
_MOST_PREFIXES = 16
"""How many tags and stretches of padding are skipped: more than in any file not made to keep the server busy."""
_ZEROS = re.compile(b"\0+")


class Container(NamedTuple):
    demuxer: str
    """FFmpeg's name of the demuxer."""
    start: int
    """In bytes from the start of the file; tags, padding, or the rest of a frame may precede it."""


def sniff(data: bytes) -> Container | None:
    """The container and where it begins; None if it is unsupported."""
    start = 0
    for _ in range(_MOST_PREFIXES):
        if (demuxer := _by_magic(data, start)) is not None:
            return Container(demuxer, start)
        end = end_of_tag(data, start) or _end_of_zeros(data, start)
        if end is None:
            break
        start = end
    return _sniff_stream(data, start)


def _by_magic(data: bytes, start: int) -> str | None:
    head = data[start : start + 12]
    if head[8:] == b"WAVE" and head[:4] in riff.MAGIC:
        return "wav"
    if head[4:8] == b"ftyp":
        return "mov"
    return next((demuxer for magic, demuxer in _MAGIC if head.startswith(magic)), None)


def _end_of_zeros(data: bytes, start: int) -> int | None:
    zeros = _ZEROS.match(data, start)
    return zeros.end() if zeros else None


def _sniff_stream(data: bytes, start: int) -> Container | None:
    """Bare MP3 and AAC: several consecutive frames, or a single one where the stream should begin."""
    if found := find_frames(data, start):
        position, demuxer = found
        return Container(demuxer, position)
    frame = read_frame(data, start)
    return Container(frame.demuxer, start) if frame else None
