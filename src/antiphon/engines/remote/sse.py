"""Server-sent events as OpenAI's streams use them: lines that begin with `data:`, each a whole JSON document."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import httpx

from antiphon.engines.remote.faults import UpstreamFault

_MOST_LINE_BYTES = 16 * 1024 * 1024
_DONE = b"[DONE]"


async def events(response: httpx.Response) -> AsyncGenerator[bytes]:
    """Yield the data of each event, until `[DONE]`.

    Raises `UpstreamFault` if it is not an event stream, or if it ends in the middle of an event.
    """
    content_type = response.headers.get("content-type", "")
    if not content_type.startswith("text/event-stream"):
        raise UpstreamFault(f"it answered with {content_type or 'no content type'} instead of an event stream")
    rest = bytearray()
    async for piece in response.aiter_bytes():
        rest += piece
        *lines, rest = rest.split(b"\n")
        for line in lines:
            if line.startswith(b"data:"):
                data = bytes(line[5:].strip())
                if data == _DONE:
                    return
                if data:
                    yield data
        if len(rest) > _MOST_LINE_BYTES:
            raise UpstreamFault("it sent an event that does not end")
    if rest.strip():
        raise UpstreamFault("it stopped in the middle of an event")
