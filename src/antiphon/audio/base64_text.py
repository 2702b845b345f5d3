"""Audio as base64, with the line breaks that some encoders insert."""

from __future__ import annotations

import pybase64

_WHITE_SPACE = b"\r\n\t "


def decode_base64(encoded: str | bytes | memoryview) -> bytes:
    """The bytes that were encoded. MIME encoders, including Java's, insert line breaks (RFC 2045); some tools append
    one.

    Raises `ValueError` for what is not base64. Text without whitespace, which may be 28 MB, is read in place,
    while other threads go on.
    """
    try:
        return pybase64.b64decode(encoded, validate=True)
    except ValueError:
        lines = encoded.encode() if isinstance(encoded, str) else bytes(encoded)
        in_one_line = lines.translate(None, _WHITE_SPACE)
        if not in_one_line or len(in_one_line) == len(lines):
            raise
        return pybase64.b64decode(in_one_line, validate=True)
