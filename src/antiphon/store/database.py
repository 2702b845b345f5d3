"""`Database`: opens the store, migrates it to the latest tables, and provides sessions."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self, cast

from sqlalchemy import URL, Table, text
from sqlalchemy.dialects import postgresql as postgresql_dialect
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from antiphon.store import listening, migrate, postgresql, sqlite
from antiphon.store.changes import Changes
from antiphon.store.errors import StorageFull, StorageUnavailable
from antiphon.store.tables import Base, RateWindowRow
from antiphon.store.transactions import ALONE, LAX, REBUILDS, WRITES
from antiphon.store.trouble import database_trouble_told, file_trouble_told

_log = logging.getLogger(__name__)

_SQLITE = "sqlite:///"


class Database:
    """A pool of connections. Use `open`; close it with `close`, or use it as an async context manager."""

    def __init__(
        self, engine: AsyncEngine, *, url: URL | None = None, on_full: Callable[[], None] | None = None
    ) -> None:
        """`url` is that of a PostgreSQL database."""
        self.trouble: StorageUnavailable | None = None
        """Why the last write, or a read since, failed; None if neither did."""
        self.changes = Changes()
        """Of what is set up, by whatever process."""
        self._engine = engine
        self._url = url
        self._listening: asyncio.Task[None] | None = None
        self._on_full = on_full
        self._reading = async_sessionmaker(_for_reading(engine), expire_on_commit=False)
        self._writing = async_sessionmaker(_marked(engine, WRITES), expire_on_commit=False)
        self._writing_laxly = async_sessionmaker(_marked(engine, WRITES, LAX), expire_on_commit=False)
        self._writing_alone = async_sessionmaker(_marked(engine, WRITES, ALONE), expire_on_commit=False)
        # SQLite's writers poll for their turn, at growing intervals. Those of this process queue for it here instead;
        # so do those who take turns in PostgreSQL, which would each hold a connection meanwhile.
        self._own_turn = asyncio.Lock()
        self._turn = self._own_turn if engine.dialect.name == "sqlite" else nullcontext()

    @classmethod
    async def open(cls, location: Path | str, *, on_full: Callable[[], None] | None = None) -> Self:
        """Open the database at `location`: the path of an SQLite file, or the URL of a database: sqlite:///PATH, or a
        PostgreSQL URL.

        A new SQLite file is created, readable by its owner alone, as is its folder. Missing tables are created;
        processes that open a database at the same moment take turns. `on_full` is called whenever the disk is full.

        Raises `DatabaseTooNew`, and `StoreError` for what the operator has to fix.
        """
        place = location if isinstance(location, Path) else _place(location)
        if isinstance(place, Path):
            return cls(await _open_sqlite(place), on_full=on_full)
        return cls(await _open_postgresql(place), url=place, on_full=on_full)

    @asynccontextmanager
    async def session(self) -> AsyncGenerator[AsyncSession]:
        """A session for reading: what it sees does not change until it is closed. Raises `StorageUnavailable`."""
        try:
            with database_trouble_told():
                async with self._reading() as session:
                    yield session
        except StorageUnavailable as error:
            self._note(error)
            raise

    @asynccontextmanager
    async def begin(self, *, is_durable: bool = True) -> AsyncGenerator[AsyncSession]:
        """A session for writing: committed at the end of its block, rolled back when the block raises.

        A commit is synced to the disk, so that a power cut cannot undo it. Counters and other data that may be lost
        then need not wait for the disk: without `is_durable`, a commit survives the process, but not always a power
        cut. Raises `StorageFull` and `StorageUnavailable`.

        What the session has read may be changed by others before its commit, unless a statement both looks and writes.
        SQLite has one writer at a time: keep the block short, and await nothing in it but the session.
        """
        async with self._written(self._turn, self._writing if is_durable else self._writing_laxly) as session:
            yield session

    @asynccontextmanager
    async def change(self) -> AsyncGenerator[AsyncSession]:
        """The same for what is set up rather than used: accounts, keys, deployments, roles.

        These sessions run one after another, in all processes, so what one of them reads about such things holds until
        its commit: it can count before it inserts. Afterwards all processes forget what they remember of them: this one
        at once, those that listen when they are told, the others within a second.
        """
        async with self._written(self._own_turn, self._writing_alone) as session:
            yield session
            if self._url is not None:
                await session.execute(text(postgresql.ANNOUNCE))
        self.changes.tell()

    @asynccontextmanager
    async def _written(
        self, turn: AbstractAsyncContextManager[object], sessions: async_sessionmaker[AsyncSession]
    ) -> AsyncGenerator[AsyncSession]:
        try:
            with database_trouble_told():
                async with turn, sessions.begin() as session:
                    yield session
        except StorageUnavailable as error:
            self._note(error)
            raise
        self._note(None)

    async def check(self) -> StorageUnavailable | None:
        """Try to write. Returns why that failed; None if it succeeded."""
        now = {"window": int(time.time())}
        row = {"account_id": "", "deployment": "", "kind": "check", "used": 0, **now}
        keys = ["account_id", "deployment", "kind"]
        writing = self.insert(RateWindowRow).values(row).on_conflict_do_update(index_elements=keys, set_=now)
        try:
            async with self.begin(is_durable=False) as session:
                await session.execute(writing)
        except StorageUnavailable as error:
            return error
        return None

    def insert(self, row: type[Base]) -> postgresql_dialect.Insert | sqlite_dialect.Insert:
        """An INSERT that supports ON CONFLICT, which standard SQL lacks."""
        table = cast(Table, row.__table__)
        return (
            postgresql_dialect.insert(table)
            if self._engine.dialect.name == "postgresql"
            else sqlite_dialect.insert(table)
        )

    def _note(self, trouble: StorageUnavailable | None) -> None:
        if trouble is not None and self.trouble is None:
            _log.error("The database cannot be used: %s", trouble.reason, exc_info=trouble)
        elif trouble is None and self.trouble is not None:
            _log.warning("The database can be used again")
        self.trouble = trouble
        if isinstance(trouble, StorageFull) and self._on_full is not None:
            self._on_full()

    def listen(self) -> None:
        """Have other processes' changes seen at once, until the database is closed. A file has nobody to listen to."""
        if self._url is not None and self._listening is None:
            self._listening = asyncio.create_task(listening.listen(self._url, self.changes))

    async def close(self) -> None:
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.wait([self._listening])
        await self._engine.dispose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()


def _place(location: str) -> Path | URL:
    return Path(location.removeprefix(_SQLITE)) if location.startswith(_SQLITE) else postgresql.parse(location)


async def _open_sqlite(path: Path) -> AsyncEngine:
    engine = sqlite.create_engine(path)
    async with _closed_on_failure(engine, where=path):
        await asyncio.to_thread(sqlite.create_file, path)
        await _migrate(engine, where=f"The database {path}")
    return engine


async def _open_postgresql(url: URL) -> AsyncEngine:
    where = postgresql.described(url)
    engine = postgresql.create_engine(url)
    async with _closed_on_failure(engine, where=where):
        async with engine.connect() as connection:
            is_current = await connection.run_sync(migrate.is_current)
        if not is_current:
            await _migrate(postgresql.create_engine(url, is_for_migrating=True), where=where)
    return engine


@asynccontextmanager
async def _closed_on_failure(engine: AsyncEngine, *, where: Path | str) -> AsyncGenerator[None]:
    try:
        with database_trouble_told(), file_trouble_told():
            yield
    except StorageUnavailable as error:
        await engine.dispose()
        raise error.told_to_operator(where) from error
    except BaseException:
        await engine.dispose()
        raise


async def _migrate(engine: AsyncEngine, *, where: str) -> None:
    async with _marked(engine, WRITES, ALONE, REBUILDS).begin() as connection:
        await connection.run_sync(partial(migrate.upgrade, where=where))


def _marked(engine: AsyncEngine, *options: str) -> AsyncEngine:
    """The same engine, with its transactions marked."""
    return engine.execution_options(**dict.fromkeys(options, True))


def _for_reading(engine: AsyncEngine) -> AsyncEngine:
    """The same engine, with transactions in which nothing changes. SQLite's are so by themselves."""
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
