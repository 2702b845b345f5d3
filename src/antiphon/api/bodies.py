"""Request bodies: read whole, but never more of them than a server can hold."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import AsyncExitStack, asynccontextmanager
from weakref import WeakValueDictionary

from starlette.requests import Request

from antiphon.api.errors import PayloadTooLarge, RequestTimeout
from antiphon.hardening.json_structure import ESCAPES_A_BYTE, MAX_STRUCTURE_BYTES, JsonStructure

MAX_BODY_BYTES = 28 * 1024 * 1024
"""20 MB of audio as base64 in JSON, and some text."""
LARGE_BODIES = 16
LARGE_BODIES_OF_ACCOUNT = 4
_LARGE_BYTES = 1024 * 1024
_DISCARDED_BYTES = 256 * 1024 * 1024
"""How much of an oversized body is read and discarded, so that its sender gets to read the answer."""
_PAUSE_SECONDS = 30.0
"""How long a sender may pause, and how much longer it may take than its body does at the slowest rate."""
_SLOWEST_BYTES_PER_SECOND = 16_000
_SLOWEST_AMONG_MANY_BYTES_PER_SECOND = 50_000
"""The slowest rate while no further large body can be held: less than half that of a weak mobile connection."""
_ADVICE = "An audio file may have 20 MB, which is 28 MB in base64: send a shorter recording, or one in MP3."
_MOST_DIGITS = 19
"""How much of a declared length is looked at: one with this many digits is far too long."""
_TOO_MUCH_STRUCTURE = (
    "The request's JSON has too many values or escaped characters: beside strings and white space it may have "
    f"{MAX_STRUCTURE_BYTES} bytes, of which {ESCAPES_A_BYTE} escaped characters take one."
)


class BodyReader:
    """Reads bodies of at most `max_bytes`. Of those over a megabyte, at most `max_large` are held at a time, and at
    most `max_large_of_account` for any account; the rest wait unread, in order of arrival. `advice` tells the sender of
    an oversized body what to do. If bodies are not JSON, their structure is not looked at."""

    def __init__(
        self,
        *,
        max_bytes: int = MAX_BODY_BYTES,
        max_large: int = LARGE_BODIES,
        max_large_of_account: int = LARGE_BODIES_OF_ACCOUNT,
        pause_seconds: float = _PAUSE_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
        advice: str = _ADVICE,
        is_json: bool = True,
    ) -> None:
        self._max_bytes = max_bytes
        self._advice = advice
        self._is_json = is_json
        self._pause_seconds = pause_seconds
        self._monotonic = monotonic
        self.max_large = max_large
        self.large_held = 0
        """How many bodies of over a megabyte are held."""
        self._large = asyncio.Semaphore(max_large)
        self._max_large_of_account = max_large_of_account
        self._large_of: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    @asynccontextmanager
    async def read(self, request: Request, *, account_id: str = "") -> AsyncGenerator[bytearray]:
        """The body, which counts as held until the context exits.

        Raises `PayloadTooLarge` without holding the excess, `RequestTimeout` for a body that arrives too slowly, and
        `ClientDisconnect` for one that breaks off.
        """
        declared = request.headers.get("content-length", "")
        if declared.isdecimal() and int(declared.lstrip("0")[:_MOST_DIGITS] or 0) > self._max_bytes:
            await self._refuse(request, already_read=0)
        body = bytearray()
        structure, counted = JsonStructure(), 0
        chunks = request.stream()
        began = self._monotonic()
        async with AsyncExitStack() as held:
            while chunk := await self._next(chunks, seconds=self._monotonic() - began, size=len(body)):
                if len(body) + len(chunk) > self._max_bytes:
                    already_read = len(body)
                    body.clear()
                    await self._refuse(request, already_read=already_read)
                is_large = len(body) > _LARGE_BYTES
                body += chunk
                if self._is_json and len(body) > MAX_STRUCTURE_BYTES:
                    structure.add(body[counted:])
                    counted = len(body)
                if structure.is_too_much:
                    already_read = len(body)
                    body.clear()
                    await self._refuse(request, already_read=already_read, why=_TOO_MUCH_STRUCTURE)
                if not is_large and len(body) > _LARGE_BYTES:
                    waits_since = self._monotonic()
                    await held.enter_async_context(self._slots_of(account_id))
                    await held.enter_async_context(self._large)
                    held.enter_context(self._holding())
                    began += self._monotonic() - waits_since
            yield body

    @contextlib.contextmanager
    def _holding(self) -> Generator[None]:
        self.large_held += 1
        try:
            yield
        finally:
            self.large_held -= 1

    def _slots_of(self, account_id: str) -> asyncio.Semaphore:
        slots = self._large_of.get(account_id)
        if slots is None:
            slots = self._large_of[account_id] = asyncio.Semaphore(self._max_large_of_account)
        return slots

    async def _next(self, chunks: AsyncGenerator[bytes], *, seconds: float, size: int) -> bytes:
        """The next chunk of a body whose first `size` bytes took that many seconds; empty at its end."""
        slowest = _SLOWEST_AMONG_MANY_BYTES_PER_SECOND if self._large.locked() else _SLOWEST_BYTES_PER_SECOND
        left = self._pause_seconds + size / slowest - seconds
        try:
            async with asyncio.timeout(min(left, self._pause_seconds)):
                return await anext(chunks, b"")
        except TimeoutError:
            raise RequestTimeout from None

    async def _refuse(self, request: Request, *, already_read: int, why: str | None = None) -> None:
        if request.headers.get("expect", "").lower() != "100-continue" or already_read:
            discarded = already_read
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._pause_seconds):
                    async for chunk in request.stream():
                        discarded += len(chunk)
                        if discarded > _DISCARDED_BYTES:
                            break
        raise PayloadTooLarge(why or f"Maximum content size limit ({self._max_bytes} bytes) exceeded. {self._advice}")
