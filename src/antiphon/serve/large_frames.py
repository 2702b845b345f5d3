"""`LargeFrames`: takes a client's WebSocket frames apart, so that none of them is much work at once."""

from __future__ import annotations

import struct
from typing import NamedTuple

_STEP_BYTES = 1024
"""How much of small frames is taken at a time: about 170 of them if they are empty, whose parsing takes half a
millisecond."""
_PIECE_BYTES = 32 * 1024
_CONTINUATION, _FIRST_CONTROL_OPCODE = 0, 8
_FINAL, _RESERVED, _OPCODE = 0x80, 0x70, 0x0F
_MASKED, _LENGTH = 0x80, 0x7F
_MASK_BYTES = 4


class _Header(NamedTuple):
    first_byte: int
    mask: bytes
    """Empty if the frame is not masked."""
    payload_bytes: int
    size: int

    @property
    def opcode(self) -> int:
        return self.first_byte & _OPCODE

    @property
    def is_usual(self) -> bool:
        """Whether this is data as any client sends it; of all else, the parser knows what is wrong."""
        return self.opcode < _FIRST_CONTROL_OPCODE and not self.first_byte & _RESERVED and bool(self.mask)


class LargeFrames:
    """Frames of more than 32 kB become fragments of that size, as the client might have sent them itself: unmasking and
    copying one as large as a message may be would stop everything else for 30 ms. Others stay as they are.

    A frame of more than `max_bytes` stays as it is, too, and is refused as soon as its header has been parsed.
    """

    def __init__(self, *, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._unchanged_bytes = 0
        """How much of the current frame is still to be passed on as it is."""
        self._large: _Header | None = None
        self._left_bytes = 0
        """How much of the payload of the large frame is still to come."""

    def take(self, received: bytearray) -> bytes:
        """Remove a little from the beginning, and return it as it is to be parsed; nothing if more has to arrive."""
        if self._large is None:
            small = self._take_small(received)
            if small or self._large is None:
                return small
        return self._take_piece(self._large, received)

    def _take_small(self, received: bytearray) -> bytes:
        place, end = 0, min(len(received), _STEP_BYTES)
        while place < end:
            if not self._unchanged_bytes:
                header = _header(received, place)
                if header is None:
                    break
                if _PIECE_BYTES < header.payload_bytes <= self._max_bytes and header.is_usual:
                    if not place:
                        del received[: header.size]
                        self._large, self._left_bytes = header, header.payload_bytes
                    break
                self._unchanged_bytes = header.size + header.payload_bytes
            passed = min(self._unchanged_bytes, end - place)
            self._unchanged_bytes -= passed
            place += passed
        taken = bytes(received[:place])
        del received[:place]
        return taken

    def _take_piece(self, frame: _Header, received: bytearray) -> bytes:
        size = min(self._left_bytes, _PIECE_BYTES)
        if len(received) < size:
            return b""
        is_first, is_last = self._left_bytes == frame.payload_bytes, self._left_bytes == size
        opcode = frame.opcode if is_first else _CONTINUATION
        header = struct.pack("!BBQ", opcode | (frame.first_byte & _FINAL) * is_last, _MASKED | 127, size)
        piece = header + frame.mask + received[:size]
        del received[:size]
        self._left_bytes -= size
        if is_last:
            self._large = None
        return piece


def _header(data: bytearray, place: int) -> _Header | None:
    """The header of the frame that begins there; None if it is not complete yet."""
    if len(data) < place + 2:
        return None
    length = data[place + 1] & _LENGTH
    length_bytes = 0 if length < 126 else 2 if length == 126 else 8
    mask_bytes = _MASK_BYTES if data[place + 1] & _MASKED else 0
    end = place + 2 + length_bytes + mask_bytes
    if len(data) < end:
        return None
    if length_bytes:
        length = int.from_bytes(data[place + 2 : place + 2 + length_bytes], "big")
    return _Header(data[place], bytes(data[end - mask_bytes : end]), length, end - place)
