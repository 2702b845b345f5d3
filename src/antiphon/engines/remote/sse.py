"""Server-sent events as OpenAI's streams use them: lines that begin with `data:`, each a whole JSON document."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, AsyncIterator

import httpx

from antiphon.engines.remote.faults import UpstreamFault

_MOST_LINE_BYTES = 16 * 1024 * 1024
_DONE = b"[DONE]"
_SECONDS_TO_END = 0.2
"""How long the end of an answer is waited for after its last event: the connection can only be used again after it."""


async def events(response: httpx.Response, *, most_silent_seconds: float) -> AsyncGenerator[bytes]:
    """Yield the data of each event, until `[DONE]`.

    Raises `UpstreamFault` if it is not an event stream, if it ends in the middle of an event, or if nothing but
    comments arrives for `most_silent_seconds`: servers send them to keep a connection open.
    """
    content_type = response.headers.get("content-type", "")
    if not content_type.startswith("text/event-stream"):
        raise UpstreamFault(f"it answered with {content_type or 'no content type'} instead of an event stream")
    pieces = response.aiter_raw()
    rest = bytearray()
    latest = time.monotonic()
    async for piece in pieces:
        rest += piece
        if b"\n" in piece:
            *lines, rest = rest.split(b"\n")
            for line in lines:
                data = _data(line)
                if data == _DONE:
                    await _read_to_end(pieces)
                    return
                if data:
                    yield data
                    latest = time.monotonic()
        if len(rest) > _MOST_LINE_BYTES:
            raise UpstreamFault("it sent an event that does not end")
        if time.monotonic() - latest > most_silent_seconds:
            raise UpstreamFault("it kept the connection open without an answer", is_late=True)
    if rest.strip() and _data(rest) != _DONE:
        raise UpstreamFault("it stopped in the middle of an event")


def _data(line: bytearray) -> bytes:
    return bytes(line[5:].strip()) if line.startswith(b"data:") else b""


async def _read_to_end(pieces: AsyncIterator[bytes]) -> None:
    with contextlib.suppress(TimeoutError, httpx.HTTPError):
        async with asyncio.timeout(_SECONDS_TO_END):
            async for _ in pieces:
                pass
