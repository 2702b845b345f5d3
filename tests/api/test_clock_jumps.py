"""A clock that jumps, ahead or back, keeps nobody from being answered."""

from __future__ import annotations

import pytest

from ..clocks import HandClock
from .conftest import Server, spoken

pytestmark = pytest.mark.anyio


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.mark.parametrize("days", [1, -1, 400, -400])
async def test_requests_are_answered_and_counted_after_the_clock_has_jumped(
    server: Server, clock: HandClock, days: int
) -> None:
    before = await server.chat(spoken())
    clock.turn(days=days)
    after = await server.chat(spoken())
    assert (before.status_code, after.status_code) == (200, 200)
    remaining = [int(each.headers["x-ratelimit-remaining-requests"]) for each in (before, after)]
    again = await server.chat(spoken())
    assert int(again.headers["x-ratelimit-remaining-requests"]) == remaining[1] - 1
