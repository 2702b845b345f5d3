"""Answers that are sent while they are made."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

EVENT_STREAM = "text/event-stream; charset=utf-8"


async def begun(stream: AsyncGenerator[T]) -> AsyncGenerator[T]:
    """The same stream, once its first item is there: what goes wrong before it can still be answered with a status."""
    try:
        first = await anext(stream)
    except BaseException:
        await stream.aclose()
        raise
    return _chain(first, stream)


async def _chain(first: T, rest: AsyncGenerator[T]) -> AsyncGenerator[T]:
    async with aclosing(rest):
        yield first
        async for item in rest:
            yield item


def server_sent_event(data: dict[str, Any]) -> bytes:
    return b"data: " + msgspec.json.encode(data) + b"\n\n"
