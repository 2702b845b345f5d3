from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import pytest

from antiphon.identity.assignments import RoleAssignments
from antiphon.identity.keys import AccountKeys
from antiphon.identity.roles import OPENAI_USER, DataAction
from antiphon.identity.scopes import Scope
from antiphon.resources.accounts import Accounts, ensure_local_account
from antiphon.resources.deployments import Deployments
from antiphon.store.changes import Changes
from antiphon.store.database import Database
from antiphon.store.ttl_cache import TtlCache

from .. import postgresql
from ..clocks import HandTimer

pytestmark = pytest.mark.anyio


class Heard:
    """What a process has been told, and the means to wait for more."""

    def __init__(self, database: Database) -> None:
        self._told = asyncio.Event()
        database.changes.subscribe(self._told.set)
        self._changes = database.changes

    async def next(self) -> None:
        await asyncio.wait_for(self._told.wait(), 30)
        self._told.clear()

    async def are_heard(self, *, wanted: bool) -> None:
        while self._changes.are_heard != wanted:
            await self.next()


@pytest.fixture
async def elsewhere(database: Database, database_url: str) -> AsyncGenerator[Database]:
    """The database as another process has opened it."""
    async with await Database.open(database_url) as opened:
        yield opened


async def test_keys_deployments_and_roles_changed_by_another_process_count_within_a_second(
    database: Database, elsewhere: Database
) -> None:
    account = await ensure_local_account(database)
    timer = HandTimer()
    keys, deployments = AccountKeys(database, monotonic=timer), Deployments(database, monotonic=timer)
    roles, accounts = RoleAssignments(database, monotonic=timer), Accounts(database, monotonic=timer)
    scope = Scope(account_id=account.id)
    old = await keys.pair(account.id)
    assert old is not None
    assert await keys.verify(account.id, old.key1) == "key1"
    before = await deployments.list(account.id)
    assert not await roles.allow("somebody", DataAction.CHAT, scope=scope)
    assert not (await accounts.get("local")).disable_local_auth
    await AccountKeys(elsewhere).regenerate(account.id, "key1")
    await Deployments(elsewhere).delete(account.id, "gpt-4o-audio-preview")
    await RoleAssignments(elsewhere).assign("somebody", OPENAI_USER)
    await Accounts(elsewhere).update(account.id, disable_local_auth=True)
    timer.now += 1.0
    assert await keys.verify(account.id, old.key1) is None
    assert len(await deployments.list(account.id)) == len(before) - 1
    assert await roles.allow("somebody", DataAction.CHAT, scope=scope)
    assert (await accounts.get("local")).disable_local_auth


async def test_a_change_is_told_to_this_process_when_it_is_committed(database: Database) -> None:
    told: list[str] = []
    database.changes.subscribe(lambda: told.append("changed"))
    async with database.change():
        assert told == []
    assert told == ["changed"]


async def test_a_change_that_is_broken_off_is_told_to_nobody(database: Database) -> None:
    told: list[str] = []
    database.changes.subscribe(lambda: told.append("changed"))
    with pytest.raises(RuntimeError):
        async with database.change():
            raise RuntimeError
    assert told == []


@pytest.mark.store("postgresql")
class TestListening:
    async def test_a_change_is_heard_by_a_process_that_listens(self, database: Database, elsewhere: Database) -> None:
        account = await ensure_local_account(database)
        heard, keys = Heard(database), AccountKeys(database, remembered_seconds=3600)
        database.listen()
        await heard.are_heard(wanted=True)
        old = await keys.pair(account.id)
        assert old is not None
        assert await keys.verify(account.id, old.key1) == "key1"
        await AccountKeys(elsewhere).regenerate(account.id, "key1")
        await heard.next()
        assert await keys.verify(account.id, old.key1) is None

    async def test_whoever_no_longer_hears_forgets_and_listens_again(
        self, database: Database, cluster: postgresql.Cluster, database_url: str
    ) -> None:
        heard = Heard(database)
        database.listen()
        await heard.are_heard(wanted=True)
        await cluster.execute(
            database_url,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' "
            "AND datname = current_database()",
        )
        await heard.are_heard(wanted=False)
        await heard.are_heard(wanted=True)


async def test_what_is_heard_is_remembered_for_longer() -> None:
    reads, seconds, changes = [0], [0.0], Changes()

    async def read(_: str) -> int:
        reads[0] += 1
        return reads[0]

    cache = TtlCache(read, seconds=1.0, changes=changes, monotonic=lambda: seconds[0])
    changes.hear(are_heard=True)
    assert await cache.get("a") == 1
    seconds[0] = 10.0
    assert await cache.get("a") == 1
    changes.tell()
    assert await cache.get("a") == 2
    changes.hear(are_heard=False)
    assert await cache.get("a") == 3
    seconds[0] = 11.0
    assert await cache.get("a") == 4
