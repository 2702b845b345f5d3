from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
import stat
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, func, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from antiphon.store import migrate
from antiphon.store.database import Database
from antiphon.store.errors import DatabaseTooNew
from antiphon.store.tables import AccountKeyRow, AccountRow

NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)

pytestmark = pytest.mark.anyio


def account(name: str, *, created_at: datetime = NOW) -> AccountRow:
    return AccountRow(id=name, name=name, folded_name=name, kind="OpenAI", location="local", created_at=created_at)


async def account_names(database: Database) -> set[str]:
    async with database.session() as session:
        return set(await session.scalars(select(AccountRow.name)))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def test_a_new_data_folder_and_its_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    previous = os.umask(0)
    try:
        async with await Database.open(tmp_path / "new" / "antiphon.db"):
            modes = {path.name: mode(path) for path in (tmp_path / "new").iterdir()}
            assert mode(tmp_path / "new") == 0o700
    finally:
        os.umask(previous)
    assert modes == {"antiphon.db": 0o600, "antiphon.db-wal": 0o600, "antiphon.db-shm": 0o600}


async def test_a_data_folder_that_exists_keeps_its_mode(tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o750)
    async with await Database.open(folder / "antiphon.db"):
        assert mode(folder) == 0o750


async def test_what_was_written_is_there_after_reopening(tmp_path: Path) -> None:
    async with await Database.open(tmp_path / "antiphon.db") as database, database.begin() as session:
        session.add(account("kept"))
    async with await Database.open(tmp_path / "antiphon.db") as database:
        assert await account_names(database) == {"kept"}


async def test_a_database_can_be_named_by_url(tmp_path: Path) -> None:
    async with await Database.open(f"sqlite:///{tmp_path}/named.db") as database:
        assert await account_names(database) == set()
    assert (tmp_path / "named.db").is_file()


async def test_a_path_with_the_marks_of_a_url_is_still_a_path(tmp_path: Path) -> None:
    path = tmp_path / "50% & more?#" / "anti:phon@.db"
    async with await Database.open(path):
        assert path.is_file()


async def test_a_block_that_raises_leaves_nothing_behind(database: Database) -> None:
    async def change_ones_mind() -> None:
        async with database.begin() as session:
            session.add(account("half"))
            await session.flush()
            raise RuntimeError("changed my mind")

    with pytest.raises(RuntimeError, match="changed my mind"):
        await change_ones_mind()
    assert await account_names(database) == set()


async def test_a_row_that_refers_to_nothing_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with database.begin() as session:
            session.add(AccountKeyRow(account_id="nobody", name="key1", value="k"))


async def test_an_error_does_not_tell_the_values_that_were_written(database: Database) -> None:
    with pytest.raises(IntegrityError) as raised:
        async with database.begin() as session:
            session.add(AccountKeyRow(account_id="nobody", name="key1", value="a-secret"))
    assert "a-secret" not in str(raised.value)


async def test_a_reader_neither_waits_for_a_writer_nor_sees_its_unfinished_work(database: Database) -> None:
    async with database.begin() as session:
        session.add(account("unfinished"))
        await session.flush()
        assert await account_names(database) == set()


async def test_what_a_reader_sees_does_not_change_until_it_is_done(database: Database) -> None:
    async with database.session() as session:
        before = (await session.scalars(select(AccountRow.name))).all()
        async with database.begin() as writing:
            writing.add(account("meanwhile"))
        assert (await session.scalars(select(AccountRow.name))).all() == before == []
    assert await account_names(database) == {"meanwhile"}


async def test_changes_that_read_first_take_turns_and_lose_nothing(database: Database, database_url: str) -> None:
    async def add_the_next_one(database: Database) -> None:
        async with database.change() as session:
            count = await session.scalar(select(func.count()).select_from(AccountRow))
            session.add(account(f"number {count}"))

    async with await Database.open(database_url) as other:  # As of another process.
        await asyncio.gather(*(add_the_next_one(each) for each in (database, other) for _ in range(15)))
    assert len(await account_names(database)) == 30


async def test_a_writer_cancelled_at_any_moment_leaves_the_database_to_others(database: Database) -> None:
    async def write(name: str) -> None:
        async with database.begin() as session:
            session.add(account(name))
            await session.flush()
            await asyncio.sleep(0)

    for steps in range(40):
        writing = asyncio.create_task(write(f"cancelled {steps}"))
        for _ in range(steps):
            await asyncio.sleep(0.0001)
        writing.cancel()
        await asyncio.wait([writing])
    await write("last")
    assert "last" in await account_names(database)


@pytest.mark.store("sqlite")
async def test_sqlite_is_set_for_concurrent_use(database: Database) -> None:
    async with database.session() as session:
        assert await session.scalar(text("PRAGMA journal_mode")) == "wal"
        assert await session.scalar(text("PRAGMA synchronous")) == 2
        assert await session.scalar(text("PRAGMA busy_timeout")) == 5000


async def test_times_come_back_as_the_same_moment_in_utc(database: Database) -> None:
    east = NOW.astimezone(timezone(timedelta(hours=9)))
    async with database.begin() as session:
        session.add(account("east", created_at=east))
    async with database.session() as session:
        created_at = await session.scalar(select(AccountRow.created_at))
    assert created_at is not None
    assert created_at == NOW
    assert created_at.tzinfo is UTC


async def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="time without a zone"):
        async with database.begin() as session:
            session.add(account("zoneless", created_at=NOW.replace(tzinfo=None)))


async def test_a_database_newer_than_the_program_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "antiphon.db"
    async with await Database.open(path):
        pass
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.execute("UPDATE compatibility SET needs = '9999'")
    with pytest.raises(DatabaseTooNew, match=r"antiphon\.db was written by a newer version of Antiphon.*'9999'"):
        await Database.open(path)
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]


async def test_opening_the_same_new_database_twice_at_once_makes_its_tables_once(tmp_path: Path) -> None:
    opened = await asyncio.gather(*(Database.open(tmp_path / "antiphon.db") for _ in range(4)))
    for database in opened:
        assert await account_names(database) == set()
        await database.close()


async def test_steps_that_are_broken_off_leave_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    upgrade = migrate.upgrade

    def upgrade_and_break_off(connection: Connection, *, where: str) -> None:
        upgrade(connection, where=where)
        raise RuntimeError("broken off")

    monkeypatch.setattr(migrate, "upgrade", upgrade_and_break_off)
    with pytest.raises(RuntimeError, match="broken off"):
        await Database.open(tmp_path / "antiphon.db")
    with sqlite3.connect(tmp_path / "antiphon.db") as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == []


async def test_opening_leaves_logging_as_it_was(tmp_path: Path) -> None:
    bystander = logging.getLogger("a.bystander")
    root = logging.getLogger()
    before = (list(root.handlers), root.level, logging.getLogger("alembic").level)
    async with await Database.open(tmp_path / "antiphon.db"):
        assert (list(root.handlers), root.level, logging.getLogger("alembic").level) == before
        assert not bystander.disabled


async def test_what_rows_refer_to_outlives_the_rebuilding_of_its_table(tmp_path: Path) -> None:
    file = tmp_path / "antiphon.db"
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).with_name("migrations")))
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.exec_driver_sql(
            "INSERT INTO accounts (id, name, folded_name, kind, location, created_at) "
            "VALUES ('a', 'local', 'local', 'OpenAI', 'local', '2026-01-01 00:00:00.000000')"
        )
        connection.exec_driver_sql("INSERT INTO account_keys VALUES ('a', 'key1', 'secret')")
    engine.dispose()
    async with await Database.open(file) as database:
        async with database.session() as session:
            assert [key.value for key in await session.scalars(select(AccountKeyRow))] == ["secret"]
        with pytest.raises(IntegrityError):
            async with database.begin() as session:
                session.add(AccountKeyRow(account_id="nobody", name="key1", value="x"))
