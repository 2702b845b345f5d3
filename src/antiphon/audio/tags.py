"""Tags before the audio: titles and pictures for players, which decoders need not read."""

from __future__ import annotations

import struct

_ID3_HEADER = 10
_ID3_HAS_FOOTER = 0x10
_APE_HEADER = 32
_APE_HAS_HEADER = 0x8000_0000


def end_of_tag(data: bytes, start: int) -> int | None:
    """Where the tag that begins at `start` ends; None if there is none, or it is truncated."""
    if data.startswith(b"ID3", start):
        end = _end_of_id3(data[start : start + _ID3_HEADER], start)
    elif data.startswith(b"APETAGEX", start):
        end = _end_of_ape(data[start : start + _APE_HEADER], start)
    else:
        return None
    return end if end is not None and end < len(data) else None


def _end_of_id3(header: bytes, start: int) -> int | None:
    """ID3v2 (id3.org, "ID3 tag version 2.4.0", 3.1): four bytes of 7 bits give its length."""
    if len(header) < _ID3_HEADER or any(byte & 0x80 for byte in header[6:]):
        return None
    size = header[6] << 21 | header[7] << 14 | header[8] << 7 | header[9]
    footer = _ID3_HEADER if header[5] & _ID3_HAS_FOOTER else 0
    return start + _ID3_HEADER + size + footer


def _end_of_ape(header: bytes, start: int) -> int | None:
    """APEv2: the size includes the footer but not the header."""
    if len(header) < _APE_HEADER:
        return None
    size, flags = struct.unpack_from("<I4xI", header, 12)
    return start + size + (_APE_HEADER if flags & _APE_HAS_HEADER else 0)
