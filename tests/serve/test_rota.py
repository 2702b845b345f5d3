"""Work in steps: all of it is done, and never all of the time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import pairwise

import pytest

from antiphon.serve.rota import Rota

from ..waiting import eventually

pytestmark = pytest.mark.anyio


def steps(name: str, count: int, done: list[str]) -> Callable[[], bool]:
    """Work of `count` steps, which notes each in `done`."""
    left = [None] * count

    def step() -> bool:
        left.pop()
        done.append(name)
        return bool(left)

    return step


async def test_all_work_is_done_a_step_of_each_at_a_time():
    done: list[str] = []
    rota = Rota()
    rota.add(steps("a", 3, done))
    rota.add(steps("b", 2, done))
    await eventually(lambda: len(done) == 5)
    assert "".join(done) == "ababa"


async def test_addresses_take_turns_however_much_each_of_them_causes():
    done: list[str] = []
    rota = Rota()
    for _ in range(3):
        rota.add(steps("a", 1, done), address="192.0.2.1")
    rota.add(steps("b", 2, done), address="192.0.2.2")
    await eventually(lambda: len(done) == 5)
    assert "".join(done) == "ababa"


async def test_what_a_step_causes_elsewhere_counts_as_its_own_time():
    rota = Rota()
    done: list[float] = []

    def step() -> bool:
        rota.spend(0.05)
        done.append(asyncio.get_running_loop().time())
        return len(done) < 3

    rota.add(step)
    await eventually(lambda: len(done) == 3)
    assert min(after - before for before, after in pairwise(done)) > 0.05


async def test_others_run_while_there_is_always_more_to_do():
    rota = Rota()
    ends = False
    steps_taken = 0

    def step() -> bool:
        nonlocal steps_taken
        steps_taken += 1
        return not ends

    rota.add(step)
    async with asyncio.timeout(10):
        turns_without_work = 0
        while turns_without_work < 100:
            before = steps_taken
            await asyncio.sleep(0)
            turns_without_work += steps_taken == before
    ends = True
    assert steps_taken


async def test_a_step_that_fails_takes_no_other_with_it():
    done: list[str] = []

    def failing() -> bool:
        raise ValueError

    failures: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: failures.append(context["exception"]))
    rota = Rota()
    rota.add(failing)
    rota.add(steps("a", 2, done))
    await eventually(lambda: len(done) == 2)
    assert [type(each) for each in failures] == [ValueError]
