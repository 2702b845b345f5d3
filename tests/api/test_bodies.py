"""How request bodies are read: how slowly they may come, and how many large ones are held."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable
from contextlib import AsyncExitStack

import pytest
from starlette.requests import Request
from starlette.types import Message

from antiphon.api.bodies import BodyReader
from antiphon.api.errors import PayloadTooLarge, RequestTimeout

from ..waiting import settled

pytestmark = pytest.mark.anyio
_LARGE = b'"' + 1_100_000 * b"a" + b'"'
"""Text, since JSON of as many values is refused."""


def request(parts: AsyncIterable[bytes]) -> Request:
    """One whose body comes in these parts."""
    iterator = aiter(parts)

    async def receive() -> Message:
        part = await anext(iterator, None)
        return {"type": "http.request", "body": part or b"", "more_body": part is not None}

    return Request({"type": "http", "method": "POST", "path": "/", "headers": []}, receive)


async def trickle(first: bytes = b"", *, every_seconds: float) -> AsyncGenerator[bytes]:
    yield first
    while True:
        await asyncio.sleep(every_seconds)
        yield b"a"


async def whole(body: bytes) -> AsyncGenerator[bytes]:
    yield body


@pytest.mark.parametrize("every_seconds", [0.01, 0.1, 60], ids=["often", "now and then", "never"])
async def test_a_body_that_trickles_is_refused(every_seconds: float) -> None:
    bodies = BodyReader(pause_seconds=0.3)
    async with asyncio.timeout(60):
        with pytest.raises(RequestTimeout):
            async with bodies.read(request(trickle(every_seconds=every_seconds))):
                pytest.fail("It came to an end.")


async def test_of_a_body_that_is_too_large_the_rest_is_not_waited_for() -> None:
    bodies = BodyReader(max_bytes=1000, pause_seconds=0.3)
    async with asyncio.timeout(60):
        with pytest.raises(PayloadTooLarge):
            async with bodies.read(request(trickle(_LARGE, every_seconds=0.05))):
                pytest.fail("It came to an end.")


async def test_a_slow_body_is_read_to_its_end() -> None:
    """It takes longer than any pause may, and comes fast enough."""
    seconds = 0.0

    async def slow() -> AsyncGenerator[bytes]:
        nonlocal seconds
        for _ in range(10):
            seconds += 4
            yield bytes(20_000)

    async with BodyReader(pause_seconds=30, monotonic=lambda: seconds).read(request(slow())) as body:
        assert len(body) == 200_000


async def test_an_accounts_large_bodies_are_in_nobody_elses_way() -> None:
    bodies = BodyReader(max_large=4, max_large_of_account=2)
    async with AsyncExitStack() as stack, asyncio.timeout(60):
        for _ in range(2):
            await stack.enter_async_context(bodies.read(request(whole(_LARGE)), account_id="one"))
        third = asyncio.create_task(stack.enter_async_context(bodies.read(request(whole(_LARGE)), account_id="one")))
        async with bodies.read(request(whole(_LARGE)), account_id="another") as body:
            assert len(body) == len(_LARGE)
        assert not third.done()
        third.cancel()
    async with asyncio.timeout(60), bodies.read(request(whole(_LARGE)), account_id="one") as body:
        assert len(body) == len(_LARGE)


async def test_trickling_bodies_let_go_of_their_places() -> None:
    bodies = BodyReader(max_large=2, pause_seconds=0.2)

    async def attack() -> None:
        with pytest.raises(RequestTimeout):
            async with bodies.read(request(trickle(_LARGE, every_seconds=60)), account_id="one"):
                pytest.fail("It came to an end.")

    async with asyncio.timeout(60):
        attacks = [asyncio.create_task(attack()) for _ in range(2)]
        await settled()
        async with bodies.read(request(whole(_LARGE)), account_id="another") as body:
            assert len(body) == len(_LARGE)
        await asyncio.gather(*attacks)


async def test_a_body_of_many_parts_is_read_by_the_task_that_asks_for_it() -> None:
    readers: list[asyncio.Task[None] | None] = []

    async def parts() -> AsyncGenerator[bytes]:
        for _ in range(3):
            readers.append(asyncio.current_task())
            yield b"a"

    async with BodyReader().read(request(parts())) as body:
        assert body == b"aaa"
    assert readers == [asyncio.current_task()] * 3
