"""PostgreSQL on bad days."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from pathlib import Path

import pytest
from sqlalchemy import URL

from antiphon.resources.accounts import ensure_local_account
from antiphon.resources.deployments import Deployments
from antiphon.resources.rate_limits import RateLimits
from antiphon.store import postgresql as dialect
from antiphon.store.database import Database
from antiphon.store.errors import StorageFull, StorageUnavailable, StoreError
from antiphon.store.tables import ServerSecretRow
from antiphon.store.trouble import trouble_of_postgresql

from .. import postgresql
from ..clocks import HandClock

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def mortal_cluster() -> Generator[postgresql.Cluster]:
    """One that may be stopped."""
    with postgresql.cluster() as started:
        yield started


async def test_a_restart_under_load_is_told_and_got_over_and_nothing_acknowledged_is_lost(
    mortal_cluster: postgresql.Cluster,
) -> None:
    url = await asyncio.to_thread(mortal_cluster.create)
    async with await Database.open(url) as database:
        account = await ensure_local_account(database)
        deployment = (await Deployments(database).list(account.id))[0]
        rates = RateLimits(database, clock=HandClock())
        acknowledged: set[str] = set()
        refused: list[StorageUnavailable] = []
        works, fails, is_over = asyncio.Event(), asyncio.Event(), False

        async def write(writer: int) -> None:
            number = 0
            while not is_over:
                number += 1
                name = f"{writer}-{number}"
                try:
                    async with database.begin() as session:
                        session.add(ServerSecretRow(name=name, sealed_value=b""))
                    await rates.count_used(account.id, deployment, tokens=1)
                except StorageUnavailable as error:
                    refused.append(error)
                    fails.set()
                else:
                    acknowledged.add(name)
                    works.set()

        async def progress() -> None:
            works.clear()
            await asyncio.wait_for(works.wait(), 60)

        writers = [asyncio.create_task(write(writer)) for writer in range(6)]
        await progress()
        await asyncio.to_thread(mortal_cluster.stop)
        await asyncio.wait_for(fails.wait(), 60)
        assert {error.reason for error in refused} <= {
            "the database cannot be reached",
            "the database is stopping or starting",
            "the database does not answer",
        }
        assert (await database.check()) is not None
        await asyncio.to_thread(mortal_cluster.start)
        await progress()
        assert await database.check() is None
        assert database.trouble is None
        is_over = True
        await asyncio.gather(*writers)
        kept = await mortal_cluster.execute(url, "SELECT name FROM server_secrets")
        assert acknowledged <= {row["name"] for row in kept}


async def test_a_server_that_does_not_run_is_told_to_the_operator(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"The database antiphon on .* cannot be used: the database cannot be reached"):
        await Database.open(f"postgresql:///antiphon?host={tmp_path}")


async def test_a_database_that_does_not_exist_is_told_to_the_operator(cluster: postgresql.Cluster) -> None:
    with pytest.raises(StoreError, match=r"The database nowhere on .*there is no database of that name. Create it"):
        await Database.open(cluster.url("nowhere"))


async def test_a_url_with_what_nobody_knows_is_told_to_the_operator(cluster: postgresql.Cluster) -> None:
    with pytest.raises(StoreError, match="the URL of the database is not right"):
        await Database.open(f"{cluster.url('postgres')}&sslmode=sometimes")


async def test_what_the_server_says_is_told_to_the_operator(cluster: postgresql.Cluster) -> None:
    with pytest.raises(StoreError, match=r"cannot be used: .*\(.*unrecognized configuration parameter"):
        await Database.open(f"{cluster.url('postgres')}&unheard_of=1")


async def test_a_user_who_may_not_make_tables_is_told_to_the_operator(cluster: postgresql.Cluster) -> None:
    url = await asyncio.to_thread(cluster.create)
    await cluster.execute(url, "CREATE ROLE stranger LOGIN")
    with pytest.raises(StoreError, match="the user of the database may not do what is needed"):
        await Database.open(url.replace("antiphon@", "stranger@"))


@pytest.mark.parametrize("url", ["mysql://x/y", "http://example.org", "nonsense", "", "postgresql+psycopg://x/y"])
async def test_a_url_of_something_else_is_refused(url: str) -> None:
    with pytest.raises(StoreError, match="has to begin with postgresql://"):
        await Database.open(url)


def test_a_database_is_described_without_its_password() -> None:
    url = dialect.parse("postgresql://antiphon:secret@db.example.org:5433/voices?sslmode=require")
    assert isinstance(url, URL)
    assert dialect.described(url) == "The database voices on db.example.org"


async def test_without_the_driver_what_to_install_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialect.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(StoreError, match=r"pip install 'antiphon\[postgresql\]'"):
        await Database.open("postgresql://localhost/antiphon")


class DriversError(Exception):
    """As asyncpg raises them."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("sqlstate", "reason"),
    [
        ("53100", "the disk is full"),
        ("53300", "the database has no free connections"),
        ("57P01", "the database is stopping or starting"),
        ("25006", "the database is not writable"),
        ("40P01", "the database had to break off a transaction"),
        ("28P01", "the database refuses the user or the password"),
        ("99999", "the database does not answer"),
    ],
)
def test_each_trouble_has_a_reason(sqlstate: str, reason: str) -> None:
    trouble = trouble_of_postgresql(DriversError(sqlstate))
    assert trouble.reason == reason
    assert isinstance(trouble, StorageFull) == (sqlstate == "53100")
