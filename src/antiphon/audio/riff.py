"""Checks a WAV file's chunks before FFmpeg sees them, because it trusts their sizes and allocates accordingly."""

from __future__ import annotations

import struct

from antiphon.audio.errors import InvalidAudio

MAGIC = (b"RIFF", b"RF64", b"BW64")
"""How WAV files begin; the latter two keep sizes of more than 32 bits in a chunk "ds64" (EBU Tech 3306)."""

_SIZE_IS_IN_DS64 = 0xFFFF_FFFF

_TOLERATED_SHORTAGE = 128
"""In bytes. Some writers count the header as data; the difference is inaudible."""


def with_true_sizes(file: bytes, *, largest: int) -> bytes:
    """A WAV file with only the format and the samples present, and a correct header.

    A writer that streams a file does not know its length yet, and writes 0 or something huge instead: 2³² - 1,
    2³¹ - 1 less the header, 2·10⁹, or the like. So a size beyond `largest`, the maximum bytes of any file, is such a
    placeholder, and the samples continue to the end of the file. If a smaller size is not reached, the file is
    truncated.

    Raises `InvalidAudio` if a chunk declares more than there is, or no chunk contains samples.
    """
    position = 12
    long_size = 0
    layout: bytes | None = None
    while position + 8 <= len(file):
        name, size = struct.unpack_from("<4sI", file, position)
        start = position + 8
        if name == b"data":
            if size == _SIZE_IS_IN_DS64:
                size = long_size
            is_placeholder = size == 0 or size > largest
            end = len(file) if is_placeholder else start + size
            if end - len(file) > _TOLERATED_SHORTAGE:
                raise _cut_off(end - len(file))
            return _written(layout, memoryview(file)[start:end])
        position = start + size + size % 2
        if start + size > len(file):
            raise _cut_off(start + size - len(file))
        if name == b"fmt ":
            layout = file[start : start + size]
        elif name == b"ds64" and size >= 16:
            (long_size,) = struct.unpack_from("<Q", file, start + 8)
    raise InvalidAudio("The WAV file contains no samples: it is truncated or damaged. Send the whole file.")


def _written(layout: bytes | None, samples: memoryview) -> bytes:
    if layout is None:
        raise InvalidAudio("The WAV file does not declare its sample format: it is damaged. Send the whole file.")
    chunks = b"fmt " + struct.pack("<I", len(layout)) + layout + bytes(len(layout) % 2)
    size = len(b"WAVE") + len(chunks) + len(b"data....") + len(samples)
    return b"".join(
        [b"RIFF", struct.pack("<I", size), b"WAVE", chunks, b"data", struct.pack("<I", len(samples)), samples]
    )


def _cut_off(missing: int) -> InvalidAudio:
    return InvalidAudio(
        f"The WAV file is truncated or damaged: its header declares {missing} bytes more than there are. "
        "Send the whole file."
    )
