from __future__ import annotations

import pytest

from antiphon.hardening.pace import AT_ONCE, LONGEST_SECONDS, PER_SECOND, Pace

pytestmark = pytest.mark.anyio


class Timer:
    """A clock that stands, and notes for how long somebody would have slept."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@pytest.fixture
def timer() -> Timer:
    return Timer()


@pytest.fixture
def pace(timer: Timer) -> Pace:
    return Pace(clock=timer.clock, sleep=timer.sleep)


async def refuse(pace: Pace, times: int) -> None:
    for _ in range(times):
        await pace.wait()


async def test_some_refusals_go_out_at_once(pace: Pace, timer: Timer):
    await refuse(pace, AT_ONCE)
    assert timer.slept == []


async def test_those_beyond_wait_their_turn(pace: Pace, timer: Timer):
    await refuse(pace, AT_ONCE + 3)
    assert timer.slept == pytest.approx([1 / PER_SECOND, 2 / PER_SECOND, 3 / PER_SECOND])


async def test_nobody_waits_for_longer_than_that(pace: Pace, timer: Timer):
    await refuse(pace, AT_ONCE + 10_000)
    assert max(timer.slept) == LONGEST_SECONDS


async def test_after_a_while_refusals_go_out_at_once_again(pace: Pace, timer: Timer):
    await refuse(pace, AT_ONCE)
    timer.now += AT_ONCE / PER_SECOND
    await refuse(pace, AT_ONCE)
    assert timer.slept == []
