"""What SQLite needs that other databases do not. Only `postgresql.py` has SQL of its own as well."""

from __future__ import annotations

import os
import random
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from antiphon.store.durable import sync_folder
from antiphon.store.location import create_private_folder
from antiphon.store.transactions import LAX, REBUILDS, WRITES

_PRAGMAS = ("PRAGMA busy_timeout = 5000",)

_WAL_PATIENCE_SECONDS = 5.0


def create_file(path: Path) -> None:
    """Create the database's file and folder, readable only by their owner. SQLite gives its side files the same mode.

    The file is put into WAL mode and stays in it, so that readers and a writer do not wait for each other. Blocks while
    other processes do the same.
    """
    create_private_folder(path.parent)
    if not path.exists():
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        sync_folder(path.parent)
    give_up_at = time.monotonic() + _WAL_PATIENCE_SECONDS
    # With its own timeout, SQLite would let connections that collide here wait for each other until it runs out.
    with closing(sqlite3.connect(path, timeout=0)) as connection:
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                collided = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
                if not collided or time.monotonic() > give_up_at:
                    raise
            time.sleep(random.uniform(0.001, 0.02))  # noqa: S311 (to part those who collide, not to hide anything)


def create_engine(path: Path) -> AsyncEngine:
    url = URL.create("sqlite+aiosqlite", database=str(path))
    engine = create_async_engine(url, hide_parameters=True)  # Errors reach the log; keys and transcripts must not.
    event.listen(engine.sync_engine, "connect", _prepare)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    # The driver would begin transactions too late for reads and DDL: `_begin` begins them instead.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: Connection) -> None:
    # Neither has an effect once a transaction has begun. To replace a table that rows refer to would be the deletion of
    # all those rows.
    _set(connection, REBUILDS, "foreign_keys", usual="ON", otherwise="OFF")
    # In WAL mode, FULL syncs the log at each commit, and so all that was committed before; NORMAL leaves that to the
    # next checkpoint.
    _set(connection, LAX, "synchronous", usual="FULL", otherwise="NORMAL")
    # A transaction that reads first and writes later fails at once, without waiting, when another has written in
    # between. One that takes the write lock at its start waits its turn.
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _set(connection: Connection, option: str, pragma: str, *, usual: str, otherwise: str) -> None:
    """Set a pragma to the value that the connection's options ask for, unless it has that value."""
    value = otherwise if connection.get_execution_options().get(option, False) else usual
    if connection.info.get(pragma) != value:
        connection.exec_driver_sql(f"PRAGMA {pragma} = {value}")
        connection.info[pragma] = value
