"""Frames of MP3 and AAC (ADTS), which are streams without a header and may be cut anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

SEARCHED_BYTES = 65_536
"""How far to look for the first frame: more than the rest of any frame that was cut in two, and enough for whatever
servers send before a stream."""

_CONVINCING_FRAMES = 4
"""This many consecutive frames of the same kind are no coincidence: 11 bits mark a frame, and about 20 more must be
valid."""

_SYNC = re.compile(rb"\xff[\xe2\xe3\xf2\xf3\xfa\xfb\xf0\xf1\xf8\xf9]")
"""How the headers of both begin: 11 set bits, version and layer."""

_MPEG1_KBIT_S = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_MPEG2_KBIT_S = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_SAMPLE_RATES = (44_100, 48_000, 32_000)
_MPEG1 = 3
_MPEG25 = 0
_ADTS_HEADER = 7
_ADTS_SAMPLE_RATES = 13


class Frame(NamedTuple):
    """The content of a frame's header."""

    demuxer: str
    """FFmpeg's demuxer for such frames."""
    kind: int
    """The bits that all frames of a stream share."""
    size: int
    """In bytes, of header and content; 0 if the header does not say."""


def read_frame(data: bytes, position: int) -> Frame | None:
    """The frame whose header is at `position`, if there is one."""
    header = data[position : position + _ADTS_HEADER]
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return None
    return _adts_frame(header) if header[1] & 0xF6 == 0xF0 else _mp3_frame(header)


def find_frames(data: bytes, start: int) -> tuple[int, str] | None:
    """Where the first of several consecutive frames after `start` begins, and the demuxer for them."""
    end = start + SEARCHED_BYTES
    while sync := _SYNC.search(data, start, end):
        start = sync.start()
        frame = read_frame(data, start)
        if frame is not None and _is_convincing(data, start, frame):
            return start, frame.demuxer
        start += 1
    return None


def _is_convincing(data: bytes, position: int, first: Frame) -> bool:
    """Whether enough frames of one kind follow each other, or at least two up to the end of the file."""
    count = 0
    for count, end in enumerate(_ends(data, position, first), start=1):
        if count == _CONVINCING_FRAMES:
            return True
        if end == len(data):
            return count > 1
    return False


def _ends(data: bytes, position: int, first: Frame) -> Iterator[int]:
    """Where each frame ends, as long as they follow each other and share the first one's kind."""
    frame: Frame | None = first
    while frame is not None and frame.size and (frame.demuxer, frame.kind) == (first.demuxer, first.kind):
        position += frame.size
        yield position
        frame = read_frame(data, position)


def _mp3_frame(header: bytes) -> Frame | None:
    """MPEG 1, 2 or 2.5, layer III (ISO/IEC 11172-3, 2.4.2.3): version, layer, bit rate and sample rate are valid."""
    version, layer = header[1] >> 3 & 3, header[1] >> 1 & 3
    bit_rate, rate, padding = header[2] >> 4, header[2] >> 2 & 3, header[2] >> 1 & 1
    if version == 1 or layer != 1 or bit_rate == 15 or rate == 3:
        return None
    sample_rate = _SAMPLE_RATES[rate] >> (0 if version == _MPEG1 else 2 if version == _MPEG25 else 1)
    kbit_s = (_MPEG1_KBIT_S if version == _MPEG1 else _MPEG2_KBIT_S)[bit_rate]
    size = (144_000 if version == _MPEG1 else 72_000) * kbit_s // sample_rate + padding
    return Frame("mp3", version << 2 | rate, size if kbit_s else 0)


def _adts_frame(header: bytes) -> Frame | None:
    """AAC in ADTS (ISO/IEC 13818-7, 6.2): the sample rate exists, and the frame is longer than its header."""
    rate = header[2] >> 2 & 15
    if rate >= _ADTS_SAMPLE_RATES:
        return None
    if len(header) < _ADTS_HEADER:
        return Frame("aac", rate, 0)
    size = (header[3] & 3) << 11 | header[4] << 3 | header[5] >> 5
    return Frame("aac", rate, size) if size > _ADTS_HEADER else None
