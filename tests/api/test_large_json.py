"""Large JSON: read beside the event loop, one text at a time, accounts in turn."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence

import pytest

from antiphon.api.large_json import LargeJsonReader
from antiphon.hardening.fair_turns import Asking, asking

pytestmark = pytest.mark.anyio
_LARGE = bytes(200_000)


def thread_of(_: bytes) -> int:
    return threading.get_ident()


async def test_what_is_small_is_read_at_once_and_what_is_large_beside_the_loop() -> None:
    reader = LargeJsonReader()
    assert await reader.read(b"{}", thread_of) == threading.get_ident()
    assert await reader.read(_LARGE, thread_of) != threading.get_ident()


async def test_what_is_wrong_with_it_is_told_and_the_next_is_read() -> None:
    def fail(_: bytes) -> None:
        raise ValueError("no JSON")

    reader = LargeJsonReader()
    with pytest.raises(ValueError, match="no JSON"):
        await reader.read(_LARGE, fail)
    async with asyncio.timeout(10):
        assert await reader.read(_LARGE, len) == len(_LARGE)


async def test_accounts_take_turns() -> None:
    reader = LargeJsonReader()
    began: list[str] = []
    may_go_on = threading.Event()

    async def read(account: str) -> None:
        asking.set(Asking(account=account))

        def note(_: bytes) -> None:
            began.append(account)
            may_go_on.wait(10)

        await reader.read(_LARGE, note)

    async def read_all(accounts: Sequence[str]) -> None:
        async with asyncio.timeout(20), asyncio.TaskGroup() as tasks:
            for account in accounts:
                tasks.create_task(read(account))
            await asyncio.sleep(0.05)
            may_go_on.set()

    await read_all(["greedy", "greedy", "greedy", "modest"])
    assert began == ["greedy", "modest", "greedy", "greedy"]


async def test_who_has_gone_keeps_nobody_else_waiting() -> None:
    reader = LargeJsonReader()
    may_go_on = threading.Event()
    first = asyncio.create_task(reader.read(_LARGE, lambda _: may_go_on.wait(10)))
    second = asyncio.create_task(reader.read(_LARGE, len))
    third = asyncio.create_task(reader.read(_LARGE, len))
    await asyncio.sleep(0.05)
    first.cancel()
    second.cancel()
    may_go_on.set()
    async with asyncio.timeout(10):
        assert await third == len(_LARGE)
