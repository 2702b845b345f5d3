"""Work that ends with its request, and what stays of it in memory: nothing."""

from __future__ import annotations

import asyncio
import weakref

import pytest
from starlette.requests import Request
from starlette.types import Message

from antiphon.api.disconnection import while_connected
from antiphon.parameters.errors import InvalidRequest

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("no_garbage_collection")]


class Recording:
    """Something large."""


def request() -> Request:
    """One whose client stays."""

    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    return Request({"type": "http", "method": "POST", "path": "/", "headers": []}, receive)


async def test_what_was_refused_is_not_kept_in_memory_by_its_refusal() -> None:
    kept: weakref.WeakSet[Recording] = weakref.WeakSet()

    async def refuse() -> None:
        recording = Recording()
        kept.add(recording)
        await asyncio.sleep(0)
        raise InvalidRequest("Nobody speaks in it.")

    with pytest.raises(InvalidRequest) as refused:
        await while_connected(request(), refuse())
    assert len(kept) == 1  # The error itself still has it.
    del refused
    assert not kept
