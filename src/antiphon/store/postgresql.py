"""What PostgreSQL needs that other databases do not. Its driver is an extra: `antiphon[postgresql]`."""

from __future__ import annotations

import importlib.util
import ssl
from functools import partial
from typing import Any

from sqlalchemy import URL, Connection, NullPool, event, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from antiphon.store.errors import StorageUnavailable, StoreError
from antiphon.store.transactions import ALONE, LAX
from antiphon.store.trouble import trouble_of_postgresql

_CONNECTIONS = 10
"""Per process, at most."""
_CONNECT_SECONDS = 5
_WAIT_SECONDS = 5.0
"""How long a transaction waits for a connection while all of them are in use."""
_COMMAND_SECONDS = 15.0
_SESSION = {
    "application_name": "antiphon",
    "idle_in_transaction_session_timeout": "60s",  # A process that vanished must not keep its locks.
    "jit": "off",  # It takes longer than all of our queries.
}
CHANNEL = "antiphon"
"""What processes tell each other that something has changed over."""
ANNOUNCE = f"NOTIFY {CHANNEL}"
"""Reaches those who listen when the transaction is committed, and only then."""
_TURN = 0x616E746970686F6E
"""The advisory lock that those who take turns hold: "antiphon" in ASCII."""


def parse(url: str) -> URL:
    """The URL of a PostgreSQL database, as `libpq` and asyncpg know them. Raises `StoreError` for any other."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        parsed = None
    if parsed is None or parsed.drivername not in {"postgresql", "postgres"}:
        raise StoreError("The URL of the database has to begin with postgresql://, and be one of a database.")
    return parsed


def described(url: URL) -> str:
    """For messages: without a password."""
    name = f"The database {url.database}" if url.database else "The database"
    host = url.host or url.query.get("host")
    return f"{name} on {host}" if isinstance(host, str) else name


async def server_version(url: URL) -> str:
    """That of the server, which this asks for nothing else. Raises as `connect` does."""
    connection = await connect(url)
    try:
        return connection.get_settings().server_version
    finally:
        await connection.close()


def create_engine(url: URL, *, is_for_migrating: bool = False) -> AsyncEngine:
    """An engine. One for migrating waits for as long as it takes, and keeps no connections.

    Raises `StoreError` if the driver is not installed.
    """
    _check_driver()
    patience = None if is_for_migrating else _COMMAND_SECONDS
    pool: dict[str, Any] = (
        {"poolclass": NullPool}
        if is_for_migrating
        else {"pool_size": _CONNECTIONS, "max_overflow": 0, "pool_timeout": _WAIT_SECONDS}
    )
    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=partial(connect, url, command_seconds=patience),
        hide_parameters=True,
        **pool,
    )
    event.listen(engine.sync_engine, "begin", _begin)
    event.listen(engine.sync_engine, "checkout", _check)
    event.listen(engine.sync_engine, "before_cursor_execute", _replace_nul, retval=True)
    return engine


async def connect(url: URL, *, command_seconds: float | None = _COMMAND_SECONDS) -> Any:
    """A connection of asyncpg's, which reads PGPASSWORD and ~/.pgpass, as libpq does.

    Raises `StorageUnavailable`, and `StoreError` if the driver is not installed.
    """
    _check_driver()
    import asyncpg  # An extra.

    try:
        return await asyncpg.connect(
            url.set(drivername="postgresql").render_as_string(hide_password=False),
            timeout=_CONNECT_SECONDS,
            command_timeout=command_seconds,
            server_settings=_SESSION,
        )
    except ssl.SSLError as error:
        raise StorageUnavailable("the connection to the database is not secure", advice=f"{error}.") from error
    except ValueError as error:
        raise StorageUnavailable("the URL of the database is not right", advice=f"Correct it: {error}.") from error
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        trouble = trouble_of_postgresql(error)
        raise StorageUnavailable(trouble.reason, advice=f"{trouble.advice} ({error})") from error


def _check_driver() -> None:
    if importlib.util.find_spec("asyncpg") is None:
        raise StoreError("PostgreSQL needs a package that is not installed: pip install 'antiphon[postgresql]'")


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get(ALONE, False):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_TURN})")
    if options.get(LAX, False):
        connection.exec_driver_sql("SET LOCAL synchronous_commit = off")


def _check(connection: Any, _record: object, _proxy: object) -> None:
    """Have the pool replace a connection that the server has closed, as when it was restarted."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError


def _replace_nul(
    _connection: Connection, _cursor: object, statement: str, parameters: Any, _context: object, _many: bool
) -> tuple[str, Any]:
    """PostgreSQL's text cannot hold U+0000, which clients may send wherever they send text."""
    if isinstance(parameters, tuple):
        parameters = tuple(each.replace("\0", "\ufffd") if isinstance(each, str) else each for each in parameters)
    return statement, parameters
