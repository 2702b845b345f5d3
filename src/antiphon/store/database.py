"""`Database`: opens the store, migrates it to the latest tables, and provides sessions."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from types import TracebackType
from typing import Self, cast

from sqlalchemy import URL, Table, make_url
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from antiphon.store import migrate, sqlite
from antiphon.store.errors import StorageFull, StorageUnavailable
from antiphon.store.tables import Base, RateWindowRow
from antiphon.store.trouble import database_trouble_told, file_trouble_told

_log = logging.getLogger(__name__)


class Database:
    """A pool of connections. Use `open`; close it with `close`, or use it as an async context manager."""

    def __init__(self, engine: AsyncEngine, *, on_full: Callable[[], None] | None = None) -> None:
        self.trouble: StorageUnavailable | None = None
        """Why the last write failed; None if it succeeded."""
        self._engine = engine
        self._on_full = on_full
        self._reading = async_sessionmaker(engine, expire_on_commit=False)
        self._writing = async_sessionmaker(_for_writing(engine), expire_on_commit=False)
        lax = _for_writing(engine).execution_options(**{sqlite.LAX: True})
        self._writing_laxly = async_sessionmaker(lax, expire_on_commit=False)
        # SQLite's writers poll for their turn, at growing intervals. Those of this process queue for it here instead.
        self._turn = asyncio.Lock() if engine.dialect.name == "sqlite" else nullcontext()

    @classmethod
    async def open(cls, location: Path | str, *, on_full: Callable[[], None] | None = None) -> Self:
        """Open the database at `location`: the path of an SQLite file, or SQLAlchemy's URL of any database.

        A new SQLite file is created, readable by its owner alone, as is its folder. Missing tables are created;
        processes that open a new database at the same moment take turns. `on_full` is called whenever the disk is full.

        Raises `DatabaseTooNew`, and `StoreError` for what the operator has to fix.
        """
        url = (
            URL.create("sqlite+aiosqlite", database=str(location)) if isinstance(location, Path) else make_url(location)
        )
        engine = create_async_engine(url, hide_parameters=True)  # Errors reach the log; keys and transcripts must not.
        try:
            with database_trouble_told(), file_trouble_told():
                await _prepare(engine)
        except StorageUnavailable as error:
            await engine.dispose()
            raise error.told_to_operator(Path(url.database or "")) from error
        except BaseException:
            await engine.dispose()
            raise
        return cls(engine, on_full=on_full)

    @asynccontextmanager
    async def session(self) -> AsyncGenerator[AsyncSession]:
        """A session for reading: what it sees does not change until it is closed. Raises `StorageUnavailable`."""
        with database_trouble_told():
            async with self._reading() as session:
                yield session

    @asynccontextmanager
    async def begin(self, *, is_durable: bool = True) -> AsyncGenerator[AsyncSession]:
        """A session for writing: committed at the end of its block, rolled back when the block raises.

        A commit is synced to the disk, so that a power cut cannot undo it. Counters and other data that may be lost
        then need not wait for the disk: without `is_durable`, a commit survives the process, but not always a power
        cut. Raises `StorageFull` and `StorageUnavailable`.

        SQLite has one writer at a time: keep the block short, and await nothing in it but the session.
        """
        writing = self._writing if is_durable else self._writing_laxly
        try:
            with database_trouble_told():
                async with self._turn, writing.begin() as session:
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

    def insert(self, row: type[Base]) -> postgresql.Insert | sqlite_dialect.Insert:
        """An INSERT that supports ON CONFLICT, which standard SQL lacks."""
        table = cast(Table, row.__table__)
        return postgresql.insert(table) if self._engine.dialect.name == "postgresql" else sqlite_dialect.insert(table)

    def _note(self, trouble: StorageUnavailable | None) -> None:
        if trouble is not None and self.trouble is None:
            _log.error("The database cannot be written: %s", trouble.reason, exc_info=trouble)
        elif trouble is None and self.trouble is not None:
            _log.warning("The database can be written again")
        self.trouble = trouble
        if isinstance(trouble, StorageFull) and self._on_full is not None:
            self._on_full()

    async def close(self) -> None:
        await self._engine.dispose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()


async def _prepare(engine: AsyncEngine) -> None:
    """Create the file and the tables if they are missing."""
    if engine.dialect.name == "sqlite":
        await asyncio.to_thread(sqlite.create_file, Path(engine.url.database or ""))
        sqlite.configure(engine)
    migrating = _for_writing(engine).execution_options(**{sqlite.REBUILDS: True})
    async with migrating.begin() as connection:
        await connection.run_sync(migrate.upgrade)


def _for_writing(engine: AsyncEngine) -> AsyncEngine:
    """The same engine, with its transactions marked as writing."""
    return engine.execution_options(**{sqlite.WRITES: True})
