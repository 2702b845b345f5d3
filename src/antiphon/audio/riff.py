"""The chunks of a WAV file, checked before FFmpeg sees them: it believes their sizes and allocates what they say."""

from __future__ import annotations

import struct

from antiphon.errors import InvalidAudio

_STREAMING_SIZE = 0x7FF0_0000
"""A size this large is a placeholder: whoever wrote the file as a stream did not know its length yet. So is 0."""

_TOLERATED_SHORTAGE = 128
"""Bytes. Some writers count the header as data; nobody hears the difference."""


def up_to_samples(file: bytes) -> bytes:
    """A RIFF file up to the end of its samples, without what may follow them.

    Raises `InvalidAudio` when a chunk promises more than there is, or no chunk holds samples.
    """
    position = 12
    while position + 8 <= len(file):
        name, size = struct.unpack_from("<4sI", file, position)
        end = position + 8 + size
        missing = end - len(file)
        if name == b"data":
            if size == 0 or size >= _STREAMING_SIZE:
                return file
            if missing <= _TOLERATED_SHORTAGE:
                return file[:end]
        if missing > 0:
            raise InvalidAudio(
                f"The WAV file is cut off or damaged: its header promises {missing} bytes more than there are. "
                "Send the whole file."
            )
        position = end + size % 2
    raise InvalidAudio("The WAV file holds no samples: it is cut off or damaged. Send the whole file.")
