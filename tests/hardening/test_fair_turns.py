"""Whose turn it is, by accounts and sessions."""

from __future__ import annotations

import asyncio

import pytest

from antiphon.hardening.errors import ServerBusy
from antiphon.hardening.fair_turns import Asking, FairTurns, asking

pytestmark = pytest.mark.anyio


class Queue:
    """One turn at a time; keeps the order in which they were had."""

    def __init__(self, *, max_waiting: int = 100) -> None:
        self.turns = FairTurns(1, max_waiting=max_waiting)
        self.served: list[str] = []

    async def ask(self, name: str, *, session: str = "") -> asyncio.Task[None]:
        """`name` is that of the account, and maybe a number."""

        async def work() -> None:
            asking.set(Asking(account=name[0], session=session))
            await self.turns.acquire()
            self.served.append(name)

        task = asyncio.create_task(work())
        await asyncio.sleep(0)
        return task

    async def serve_all(self) -> None:
        """Give the turn that is under way back, and each that follows."""
        for _ in range(100):
            self.turns.release()
            await asyncio.sleep(0)
            if not self.turns._waiting:
                break


async def test_who_comes_late_does_not_wait_for_all_of_another_account():
    queue = Queue()
    for number in range(6):
        await queue.ask(f"a{number}")
    await queue.ask("b0")
    await queue.serve_all()
    assert queue.served == ["a0", "b0", "a1", "a2", "a3", "a4", "a5"]


async def test_accounts_take_turns_however_much_each_asks():
    queue = Queue()
    for name in ["a0", *(f"a{number}" for number in range(1, 5)), "b0", "b1", "b2", "c0"]:
        await queue.ask(name)
    await queue.serve_all()
    assert queue.served == ["a0", "b0", "c0", "a1", "b1", "a2", "b2", "a3", "a4"]


async def test_sessions_of_an_account_take_turns_too():
    queue = Queue()
    for number in range(4):
        await queue.ask(f"a{number}", session="greedy")
    await queue.ask("a9", session="modest")
    await queue.serve_all()
    assert queue.served == ["a0", "a9", "a1", "a2", "a3"]


async def test_more_sessions_are_no_more_turns_for_an_account():
    queue = Queue()
    for number in range(5):
        await queue.ask(f"a{number}", session=str(number))
    await queue.ask("b0", session="x")
    await queue.ask("b1", session="x")
    await queue.serve_all()
    assert queue.served == ["a0", "b0", "a1", "b1", "a2", "a3", "a4"]


async def test_a_full_queue_takes_another_account_in_place_of_the_greediests_latest():
    queue = Queue(max_waiting=4)
    tasks = [await queue.ask(f"a{number}") for number in range(5)]
    with pytest.raises(ServerBusy):
        await (await queue.ask("a5"))
    await queue.ask("b0")
    with pytest.raises(ServerBusy):
        await tasks[4]
    await queue.ask("b1")  # Two each.
    with pytest.raises(ServerBusy):
        await tasks[3]
    with pytest.raises(ServerBusy):
        await (await queue.ask("b2"))
    with pytest.raises(ServerBusy):
        await (await queue.ask("a6"))
    await queue.serve_all()
    assert queue.served == ["a0", "b0", "a1", "b1", "a2"]


async def test_who_is_cancelled_while_waiting_or_when_the_turn_comes_holds_nobody_up():
    queue = Queue()
    await queue.ask("a0")
    waiting, called, last = [await queue.ask(name) for name in ("a1", "b0", "c0")]
    waiting.cancel()
    queue.turns.release()
    called.cancel()  # In the moment in which its turn came.
    await asyncio.wait([waiting, called, last])
    assert queue.served == ["a0", "c0"]
    queue.turns.release()
    await queue.ask("d0")
    assert queue.served == ["a0", "c0", "d0"]


async def test_all_who_wait_may_be_cancelled_at_once():
    queue = Queue()
    await queue.ask("a0")
    tasks = [await queue.ask("a1"), await queue.ask("b1")]
    for task in tasks:
        task.cancel()
    queue.turns.release()
    await asyncio.wait(tasks)
    await queue.ask("c0")
    assert queue.served == ["a0", "c0"]
