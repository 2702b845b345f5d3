"""JSON documents that an upstream sends."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from antiphon.engines.remote.faults import UpstreamFault

_SHOWN_BYTES = 200

T = TypeVar("T")


def read_document(data: bytes | bytearray, decoder: msgspec.json.Decoder[T], *, what: str) -> T:
    """The document in `data`. Raises `UpstreamFault` if it is not one, or of another shape; `what` says what it is."""
    try:
        return decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        shown = bytes(data[:_SHOWN_BYTES])
        raise UpstreamFault(f"it sent {what} that cannot be read ({error}): {shown!r}") from None
