"""What a deployment has been used for lately."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from antiphon.resources.accounts import Account
from antiphon.resources.deployments import Deployment, Deployments
from antiphon.resources.errors import RateLimitExceeded, RequestTooLarge
from antiphon.resources.rate_limits import RateLimits
from antiphon.resources.traffic import MINUTES, Traffic
from antiphon.store.database import Database

from ..clocks import HandClock

pytestmark = pytest.mark.anyio


@pytest.fixture
def clock() -> HandClock:
    return HandClock(datetime(2026, 3, 1, 12, 0, 3, tzinfo=UTC))


@pytest.fixture
def traffic(clock: HandClock) -> Traffic:
    return Traffic(clock=clock)


@pytest.fixture
async def deployment(database: Database, local: Account) -> Deployment:
    return replace(await Deployments(database).get(local.id, "gpt-4o-audio-preview"), capacity=1)


def test_minutes_go_from_the_oldest_to_the_one_that_is_under_way(traffic: Traffic, clock: HandClock):
    traffic.count("account", "Voice", requests=1, tokens=100)
    clock.turn(seconds=60)
    traffic.count("account", "voice", requests=1, tokens=20)
    traffic.count("account", "voice", tokens=3)
    seen = traffic.of_deployment("account", "VOICE", now=traffic.now())
    assert (list(seen.requests), list(seen.tokens)) == ([0] * 28 + [1, 1], [0] * 28 + [100, 23])


def test_what_is_older_than_half_an_hour_is_not_told(traffic: Traffic, clock: HandClock):
    traffic.count("account", "voice", requests=1)
    clock.turn(seconds=60 * (MINUTES - 1))
    assert list(traffic.of_deployment("account", "voice", now=traffic.now()).requests) == [1] + [0] * 29
    clock.turn(seconds=60)
    assert list(traffic.of_deployment("account", "voice", now=traffic.now()).requests) == [0] * MINUTES


def test_accounts_are_counted_apart(traffic: Traffic):
    traffic.count("one", "voice", requests=1)
    assert sum(traffic.of_deployment("other", "voice", now=traffic.now()).requests) == 0


def test_deployments_that_come_and_go_take_no_memory_for_long(traffic: Traffic, clock: HandClock):
    for number in range(200):
        traffic.count("account", f"voice-{number}", requests=1)
        clock.turn(seconds=60)
    assert len(traffic) == MINUTES


async def test_what_is_let_through_is_counted(
    database: Database, traffic: Traffic, clock: HandClock, local: Account, deployment: Deployment
):
    rates = RateLimits(database, traffic=traffic, clock=clock)
    await rates.admit(local.id, deployment, tokens=700)
    await rates.count_used(local.id, deployment, tokens=50)
    seen = traffic.of_deployment(local.id, deployment.name, now=traffic.now())
    assert (seen.requests[-1], seen.tokens[-1]) == (1, 750)


async def test_what_is_refused_is_not_counted(
    database: Database, traffic: Traffic, clock: HandClock, local: Account, deployment: Deployment
):
    rates = RateLimits(database, traffic=traffic, clock=clock)
    with pytest.raises(RequestTooLarge):
        await rates.admit(local.id, deployment, tokens=1_001)
    await rates.admit(local.id, deployment, tokens=100)
    with pytest.raises(RateLimitExceeded):
        await rates.admit(local.id, deployment, tokens=100)
    with pytest.raises(RateLimitExceeded):
        await rates.check(local.id, deployment, tokens=1_000)
    seen = traffic.of_deployment(local.id, deployment.name, now=traffic.now())
    assert (sum(seen.requests), sum(seen.tokens)) == (1, 100)
