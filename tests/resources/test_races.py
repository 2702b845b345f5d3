"""Two processes that change the same things at the same moment."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Sequence
from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import select

from antiphon.identity.signing import SigningKeys
from antiphon.resources import client_secrets
from antiphon.resources.account_plan import AccountPlan
from antiphon.resources.accounts import MAX_ACCOUNTS, Account, Accounts
from antiphon.resources.client_secrets import ClientSecrets, StartingSession
from antiphon.resources.deployment_plan import DeploymentPlan
from antiphon.resources.deployments import MAX_DEPLOYMENTS, Deployments
from antiphon.resources.errors import InsufficientQuota, TooManySecrets
from antiphon.resources.records import Records
from antiphon.resources.stored_completions import CompletionFilter, StoredCompletions
from antiphon.store.database import Database
from antiphon.store.labels import label_digests
from antiphon.store.tables import RecordLabelRow, ServerSecretRow
from antiphon.store.utc import utc_now

from .disk import SEAL
from .records import new, write

pytestmark = pytest.mark.anyio


@pytest.fixture
async def both(database: Database, database_url: str) -> AsyncGenerator[Sequence[Database]]:
    """The database as two processes have opened it."""
    async with await Database.open(database_url) as other:
        yield database, other


async def outcomes(attempts: list[Awaitable[object]]) -> Counter[str]:
    """How many attempts succeeded, under "", and how many failed with which error."""
    results = await asyncio.gather(*attempts, return_exceptions=True)
    return Counter(type(each).__name__ if isinstance(each, Exception) else "" for each in results)


async def test_a_location_has_as_many_accounts_as_it_may(both: Sequence[Database]) -> None:
    plan = AccountPlan(location="eastus2")
    attempts = [Accounts(both[number % 2]).put(f"account-{number}", plan) for number in range(MAX_ACCOUNTS + 4)]
    assert await outcomes([*attempts]) == {"": MAX_ACCOUNTS, InsufficientQuota.__name__: 4}
    assert len(await Accounts(both[0]).list()) == MAX_ACCOUNTS


async def test_an_account_has_as_many_deployments_as_it_may(both: Sequence[Database]) -> None:
    account, _ = await Accounts(both[0]).put("one", AccountPlan(location="eastus2"))
    plan = DeploymentPlan(model_name="gpt-4o-audio-preview", sku_name="GlobalStandard", capacity=1)
    attempts = [
        Deployments(both[number % 2]).put(account.id, f"voice-{number}", plan) for number in range(MAX_DEPLOYMENTS + 4)
    ]
    assert await outcomes([*attempts]) == {"": MAX_DEPLOYMENTS, InsufficientQuota.__name__: 4}


async def test_the_first_signing_key_is_one(both: Sequence[Database]) -> None:
    signing = await asyncio.gather(*(SigningKeys(database, SEAL).current() for database in [*both, *both]))
    assert len({key.id for key in signing}) == 1
    assert len(await SigningKeys(both[0], SEAL).all()) == 1


async def test_the_longest_life_that_a_key_was_given_counts(both: Sequence[Database]) -> None:
    keys = [SigningKeys(database, SEAL) for database in both]
    old = await keys[0].current()
    longest = utc_now() + timedelta(days=90)
    lives = [longest - timedelta(days=days) for days in (60, 0, 30, 80)]
    await asyncio.gather(*(keys[number % 2].keep_until(old.id, life) for number, life in enumerate(lives)))
    await asyncio.gather(keys[0].rotate(), keys[1].keep_until(old.id, longest - timedelta(days=1)))
    (kept,) = [key for key in await keys[1].all() if key.id == old.id]
    assert kept.retires_at is not None
    assert kept.retires_at > longest


async def test_an_account_has_as_many_client_secrets_as_it_may(
    both: Sequence[Database], local: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_secrets, "MAX_SECRETS", 5)
    starting = StartingSession(deployment=None, is_beta=False, transcribes_only=False, session=msgspec.Raw(b"{}"))
    attempts = [
        ClientSecrets(both[number % 2], SEAL).create(
            local.id, starting, principal="key1", lifetime=timedelta(minutes=1)
        )
        for number in range(9)
    ]
    assert await outcomes([*attempts]) == {"": 5, TooManySecrets.__name__: 4}


async def test_a_completion_that_is_labelled_twice_at_once_has_one_or_the_other_labels(
    both: Sequence[Database], records: Records, local: Account
) -> None:
    record_id = await write(records, new(local, "chatcmpl-1", is_stored=True, labels={"old": "1"}))
    completions = [StoredCompletions(database, records) for database in both]
    choices = [{"a": "1", "b": "2"}, {"b": "2", "c": "3"}]
    for _ in range(5):
        await asyncio.gather(
            *(each.relabel(local.id, record_id, labels) for each, labels in zip(completions, choices, strict=True))
        )
        labels = (await completions[0].get(local.id, record_id)).labels
        assert labels in choices
        async with both[0].session() as session:
            assert set(await session.scalars(select(RecordLabelRow.digest))) == label_digests(labels)


async def test_labels_are_found_in_the_database_whatever_is_in_them(
    database: Database, records: Records, local: Account
) -> None:
    stored = StoredCompletions(database, records)
    odd = {"na\0me": "Zoë \U0001f600 \0", "": "", "'\"\\": "%_"}
    await write(records, new(local, "chatcmpl-odd", is_stored=True, labels=odd))
    await write(records, new(local, "chatcmpl-plain", is_stored=True, labels={"name": "value"}))

    async def found(labels: dict[str, str]) -> list[str]:
        return [each.id for each in (await stored.list(local.id, CompletionFilter(labels=labels)))[0]]

    assert await found(odd) == ["chatcmpl-odd"]
    for name, value in odd.items():
        assert await found({name: value}) == ["chatcmpl-odd"]
    assert await found({"name": "value"}) == ["chatcmpl-plain"]
    assert await found({"name": "value", "": ""}) == []
    assert (await stored.list(local.id, CompletionFilter(model="no\0model")))[0] == []
    await stored.relabel(local.id, "chatcmpl-odd", {})
    assert await found(odd) == []


HOLDER = """
import asyncio, sys
from antiphon.store.database import Database
from antiphon.store.tables import ServerSecretRow

async def hold():
    async with await Database.open(sys.argv[1]) as database, database.change() as session:
        session.add(ServerSecretRow(name="unfinished", sealed_value=b""))
        await session.flush()
        print("changing", flush=True)
        await asyncio.Event().wait()

asyncio.run(hold())
"""


async def test_a_process_that_is_killed_while_it_changes_something_gives_its_turn_back(
    database: Database, database_url: str
) -> None:
    holder = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLDER, database_url, stdout=asyncio.subprocess.PIPE
    )
    assert holder.stdout is not None
    assert await holder.stdout.readline() == b"changing\n"
    waiting = asyncio.create_task(Accounts(database).put("next", AccountPlan(location="eastus2")))
    holder.kill()
    await holder.wait()
    await asyncio.wait_for(waiting, 60)
    async with database.session() as session:
        assert (await session.scalars(select(ServerSecretRow.name))).all() == []
