"""Request bodies: read whole, but never more of them than a server can hold."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from starlette.requests import Request

from antiphon.errors import BodyTimeout, PayloadTooLarge
from antiphon.json_structure import MAX_STRUCTURE_BYTES, JsonStructure

MAX_BODY_BYTES = 28 * 1024 * 1024
"""20 MB of audio as base64 in JSON, and some text."""
_LARGE_BYTES = 1024 * 1024
_DISCARDED_BYTES = 256 * 1024 * 1024
"""How much of a body that is too large is read and dropped, so that its sender gets to read the answer."""
_PAUSE_SECONDS = 30.0
_ADVICE = "An audio file may have 20 MB, which is 28 MB in base64: send a shorter recording, or one in MP3."
_MOST_DIGITS = 19
"""Of a declared length that are looked at: with as many, it is too long by far."""
_TOO_MUCH_STRUCTURE = (
    f"The request's JSON has too many values: beside strings and white space it may have {MAX_STRUCTURE_BYTES} bytes."
)


class BodyReader:
    """Reads bodies of at most `max_bytes`. No more than `max_large` of over a megabyte are held at a time; further ones
    wait unread, in the order they came. `advice` tells the sender of a larger one what to do. A sender may pause for
    `pause_seconds`."""

    def __init__(
        self,
        *,
        max_bytes: int = MAX_BODY_BYTES,
        max_large: int = 4,
        advice: str = _ADVICE,
        pause_seconds: float = _PAUSE_SECONDS,
    ) -> None:
        self._max_bytes = max_bytes
        self._advice = advice
        self._pause_seconds = pause_seconds
        self._large = asyncio.Semaphore(max_large)

    @asynccontextmanager
    async def read(self, request: Request) -> AsyncGenerator[bytearray]:
        """The body, which counts as held until the context is left.

        Raises `PayloadTooLarge` without holding what is too much, `BodyTimeout` for one that stops arriving, and
        `ClientDisconnect` for one that breaks off.
        """
        declared = request.headers.get("content-length", "")
        if declared.isdecimal() and int(declared.lstrip("0")[:_MOST_DIGITS] or 0) > self._max_bytes:
            await self._refuse(request, already_read=0)
        body = bytearray()
        is_large = False
        structure, counted = JsonStructure(), 0
        chunks = request.stream()
        try:
            while chunk := await self._next(chunks):
                if len(body) + len(chunk) > self._max_bytes:
                    already_read = len(body)
                    body.clear()
                    await self._refuse(request, already_read=already_read)
                body += chunk
                if len(body) > MAX_STRUCTURE_BYTES:
                    structure.add(body[counted:])
                    counted = len(body)
                if structure.is_too_much:
                    already_read = len(body)
                    body.clear()
                    await self._refuse(request, already_read=already_read, why=_TOO_MUCH_STRUCTURE)
                if not is_large and len(body) > _LARGE_BYTES:
                    await self._large.acquire()
                    is_large = True
            yield body
        finally:
            if is_large:
                self._large.release()

    async def _next(self, chunks: AsyncGenerator[bytes]) -> bytes:
        try:
            return await asyncio.wait_for(anext(chunks, b""), self._pause_seconds)
        except TimeoutError:
            raise BodyTimeout(self._pause_seconds) from None

    async def _refuse(self, request: Request, *, already_read: int, why: str | None = None) -> None:
        if request.headers.get("expect", "").lower() != "100-continue" or already_read:
            discarded = already_read
            async for chunk in request.stream():
                discarded += len(chunk)
                if discarded > _DISCARDED_BYTES:
                    break
        raise PayloadTooLarge(why or f"Maximum content size limit ({self._max_bytes} bytes) exceeded. {self._advice}")
