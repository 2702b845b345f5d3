"""`JsonStructure`: estimates how much work JSON is before it is parsed.

Strings cost little, however long they are: 28 MB of base64 are parsed in 30 ms. Values cost much: 28 MB of `{},{},…`
take a gigabyte and 1.2 seconds, during which no other thread runs. Each value needs a byte outside strings, so those
bytes are what is limited. Escaped characters cost something as well: a million of them take 15 ms.
"""

from __future__ import annotations

MAX_STRUCTURE_BYTES = 256 * 1024
"""Outside strings and whitespace. Two thousand messages and 128 tools of twenty parameters each take half of it."""

ESCAPES_A_BYTE = 4
"""How many escaped characters count as much as a byte outside strings. A conversation of 128,000 tokens in Chinese, all
of it escaped, has a fifth of what may be."""

_PIECE_BYTES = 64 * 1024
_WHITE_SPACE = b" \t\r\n"


class JsonStructure:
    """Counts the bytes of one JSON text outside strings and whitespace, and what is escaped, piece by piece."""

    def __init__(self) -> None:
        self._bytes = self._escapes = 0
        self._in_string = False
        self._rest = b""
        """A backslash at the end of the last piece, whose meaning depends on the next one."""

    @property
    def is_too_much(self) -> bool:
        return self._bytes + self._escapes // ESCAPES_A_BYTE > MAX_STRUCTURE_BYTES

    def add(self, piece: bytes | bytearray) -> None:
        text = self._rest + piece if self._rest else piece
        self._rest = b""
        if b"\\" in text:  # It is found ten times as fast as what it escapes, and base64 has none.
            self._escapes += text.count(b"\\")
            text = text.replace(rb"\\", b"").replace(rb"\"", b"")
            self._rest = b"\\" if text.endswith(b"\\") else b""
            text = text.removesuffix(b"\\")
        between_quotes = text.split(b'"')
        self._bytes += len(b"".join(between_quotes[self._in_string :: 2]).translate(None, _WHITE_SPACE))
        self._in_string ^= len(between_quotes) % 2 == 0


def has_too_much_structure(text: bytes | bytearray) -> bool:
    """Whether parsing a whole JSON text is too much work. Malformed text is counted at least up to the error."""
    if len(text) <= MAX_STRUCTURE_BYTES:
        return False
    structure = JsonStructure()
    for start in range(0, len(text), _PIECE_BYTES):
        structure.add(text[start : start + _PIECE_BYTES])
        if structure.is_too_much:
            return True
    return False
