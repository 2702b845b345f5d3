"""What a deployment's capacity allows, counted once however many processes count."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from antiphon.resources.accounts import Account
from antiphon.resources.deployments import Deployment, Deployments
from antiphon.resources.errors import RateLimitExceeded, RequestTooLarge
from antiphon.resources.rate_limits import RateLimits
from antiphon.store.database import Database
from antiphon.store.tables import RateWindowRow

from ..clocks import HandClock

pytestmark = pytest.mark.anyio

CAPACITY = 5
"""Five requests in ten seconds, and 5,000 tokens in a minute."""


@pytest.fixture
def clock() -> HandClock:
    return HandClock(datetime(2026, 3, 1, 12, 0, 3, tzinfo=UTC))


@pytest.fixture
def rates(database: Database, clock: HandClock) -> RateLimits:
    return RateLimits(database, clock=clock)


@pytest.fixture
async def deployment(database: Database, local: Account) -> Deployment:
    return replace(await Deployments(database).get(local.id, "gpt-4o-audio-preview"), capacity=CAPACITY)


async def used(database: Database) -> dict[str, int]:
    async with database.session() as session:
        return dict((await session.execute(select(RateWindowRow.kind, RateWindowRow.used))).all())


async def test_what_is_left_is_told(rates: RateLimits, local: Account, deployment: Deployment):
    status = await rates.admit(local.id, deployment, tokens=1_200)
    assert (status.requests.limit, status.requests.remaining, status.requests.reset_seconds) == (5, 4, 7)
    assert (status.tokens.limit, status.tokens.remaining, status.tokens.reset_seconds) == (5_000, 3_800, 57)
    assert (await rates.admit(local.id, deployment, tokens=300)).tokens.remaining == 3_500


async def test_requests_are_limited_in_slices_of_ten_seconds(
    rates: RateLimits, local: Account, deployment: Deployment, clock: HandClock
):
    for _ in range(5):
        await rates.admit(local.id, deployment, tokens=1)
    with pytest.raises(RateLimitExceeded) as refused:
        await rates.admit(local.id, deployment, tokens=1)
    assert (refused.value.exceeded, refused.value.retry_after_seconds) == ("requests", 7)
    clock.turn(seconds=6.9)
    with pytest.raises(RateLimitExceeded):
        await rates.admit(local.id, deployment, tokens=1)
    clock.turn(seconds=0.1)
    assert (await rates.admit(local.id, deployment, tokens=1)).requests.remaining == 4


async def test_tokens_are_limited_in_windows_of_a_minute(
    rates: RateLimits, local: Account, deployment: Deployment, clock: HandClock
):
    await rates.admit(local.id, deployment, tokens=4_000)
    with pytest.raises(RateLimitExceeded) as refused:
        await rates.admit(local.id, deployment, tokens=1_001)
    assert (refused.value.exceeded, refused.value.retry_after_seconds) == ("tokens", 57)
    assert (await rates.admit(local.id, deployment, tokens=1_000)).tokens.remaining == 0
    clock.turn(seconds=57)
    assert (await rates.admit(local.id, deployment, tokens=5_000)).tokens.remaining == 0


async def test_what_is_refused_counts_for_nothing(
    rates: RateLimits, local: Account, deployment: Deployment, database: Database
):
    await rates.admit(local.id, deployment, tokens=4_500)
    for _ in range(3):
        with pytest.raises(RateLimitExceeded):
            await rates.admit(local.id, deployment, tokens=501)
    assert await used(database) == {"requests": 1, "tokens": 4_500}


async def test_what_fits_into_no_minute_is_told_so_and_not_to_come_back(
    rates: RateLimits, local: Account, deployment: Deployment, database: Database
):
    with pytest.raises(RequestTooLarge) as refused:
        await rates.admit(local.id, deployment, tokens=5_001)
    assert "5000 tokens a minute" in refused.value.message
    assert "5001" in refused.value.message
    assert "Retrying does not help" in refused.value.message
    with pytest.raises(RequestTooLarge):
        await rates.check(local.id, deployment, tokens=5_001)
    assert await used(database) == {}


async def test_a_new_capacity_holds_at_once(rates: RateLimits, local: Account, deployment: Deployment):
    for _ in range(5):
        await rates.admit(local.id, deployment, tokens=900)
    assert (await rates.admit(local.id, replace(deployment, capacity=6), tokens=900)).tokens.remaining == 600
    with pytest.raises(RateLimitExceeded):
        await rates.admit(local.id, replace(deployment, capacity=1), tokens=1)


async def test_deployments_and_accounts_have_limits_of_their_own(
    rates: RateLimits, local: Account, deployment: Deployment
):
    await rates.admit(local.id, deployment, tokens=5_000)
    await rates.admit(local.id, replace(deployment, name="other"), tokens=5_000)
    await rates.admit("another", deployment, tokens=5_000)
    with pytest.raises(RateLimitExceeded):
        await rates.admit(local.id, replace(deployment, name=deployment.name.upper()), tokens=1)


async def test_the_smallest_capacity_has_a_request_in_each_slice(
    rates: RateLimits, local: Account, deployment: Deployment, clock: HandClock
):
    smallest = replace(deployment, capacity=1)
    await rates.admit(local.id, smallest, tokens=100)
    with pytest.raises(RateLimitExceeded):
        await rates.admit(local.id, smallest, tokens=100)
    clock.turn(seconds=10)
    await rates.admit(local.id, smallest, tokens=100)


async def test_a_request_whose_tokens_come_later_counts_as_a_request_alone(
    rates: RateLimits, local: Account, deployment: Deployment, database: Database
):
    status = await rates.admit(local.id, deployment, tokens=0)
    assert (status.requests.remaining, status.tokens.remaining) == (4, 5_000)
    assert await used(database) == {"requests": 1}


async def test_what_was_used_counts_even_beyond_the_limit(
    rates: RateLimits, local: Account, deployment: Deployment, clock: HandClock
):
    await rates.admit(local.id, deployment, tokens=0)
    assert (await rates.count_used(local.id, deployment, tokens=3_000)).tokens.remaining == 2_000
    status = await rates.count_used(local.id, deployment, tokens=3_000)
    assert (status.tokens.remaining, status.requests.remaining) == (0, 4)
    with pytest.raises(RateLimitExceeded):
        await rates.check(local.id, deployment, tokens=1)
    clock.turn(seconds=60)
    await rates.check(local.id, deployment, tokens=5_000)


async def test_checking_counts_nothing(rates: RateLimits, local: Account, deployment: Deployment, database: Database):
    for _ in range(10):
        await rates.check(local.id, deployment, tokens=4_000)
    assert await used(database) == {}


async def test_a_process_whose_clock_is_behind_counts_in_the_same_window(
    rates: RateLimits, local: Account, deployment: Deployment, clock: HandClock
):
    await rates.admit(local.id, deployment, tokens=4_000)
    clock.turn(seconds=-4)  # In the minute before.
    with pytest.raises(RateLimitExceeded):
        await rates.admit(local.id, deployment, tokens=4_000)


async def test_a_clock_that_was_put_back_does_not_keep_anybody_out(
    rates: RateLimits, local: Account, deployment: Deployment, clock: HandClock
):
    await rates.admit(local.id, deployment, tokens=5_000)
    clock.turn(seconds=-3_600)
    assert (await rates.admit(local.id, deployment, tokens=5_000)).tokens.remaining == 0


HAMMER = """
import asyncio, json, sys
from dataclasses import replace
from datetime import UTC, datetime
from antiphon.resources.errors import RateLimitExceeded
from antiphon.resources.accounts import ensure_local_account
from antiphon.resources.deployments import Deployments
from antiphon.resources.rate_limits import RateLimits
from antiphon.store.database import Database

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

async def hammer():
    async with await Database.open(sys.argv[1]) as database:
        account = await ensure_local_account(database)
        deployment = replace(await Deployments(database).get(account.id, "gpt-4o-audio-preview"), capacity=150)
        rates = RateLimits(database, clock=lambda: NOON)
        admitted = {"small": 0, "large": 0}
        refused = {"small": 0, "large": 0}
        print("ready", flush=True)
        sys.stdin.readline()

        async def ask(name, tokens):
            while refused[name] < 20:
                try:
                    await rates.admit(account.id, replace(deployment, name=name), tokens=tokens)
                    admitted[name] += 1
                except RateLimitExceeded:
                    refused[name] += 1

        # Of one deployment, the calls are used up first; of the other, the tokens.
        await asyncio.gather(*(ask(*each) for each in [("small", 1), ("large", 3000)] * 3))
        print(json.dumps(admitted))

asyncio.run(hammer())
"""


def test_two_processes_together_exceed_no_limit_and_use_all_of_it(database_url: str):
    """Each goes on until it has been refused several times: then nothing can be left."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", HAMMER, database_url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    results = []
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    for process in processes:
        output, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors
        results.append(json.loads(output))
    assert sum(result["small"] for result in results) == 150
    assert sum(result["large"] for result in results) == 150_000 // 3_000
