"""Listens to PostgreSQL for what other processes have changed, over a connection of its own."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import Any

from sqlalchemy import URL

from antiphon.store import postgresql
from antiphon.store.changes import Changes
from antiphon.store.errors import StorageUnavailable

_log = logging.getLogger(__name__)

_ASK_EVERY_SECONDS = 5.0
"""How often the connection is tried: one that a network has dropped says nothing."""
_ANSWER_SECONDS = 3.0
_BETWEEN_ATTEMPTS_SECONDS = 0.5


async def listen(url: URL, changes: Changes) -> None:
    """Listen for ever. While there is no connection, caches are as short-lived as without one."""
    import asyncpg  # An extra.

    while True:
        try:
            await _listen_once(url, changes)
        except (StorageUnavailable, OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            _log.debug("Changes by other processes are not heard: %s", error)
        await asyncio.sleep(_BETWEEN_ATTEMPTS_SECONDS)


async def _listen_once(url: URL, changes: Changes) -> None:
    """Return, or raise, when the connection is lost."""
    connection = await postgresql.connect(url)
    has_ended = asyncio.Event()
    try:

        def end(_: object) -> None:
            has_ended.set()

        def tell(*_: object) -> None:
            changes.tell()

        connection.add_termination_listener(end)
        await connection.add_listener(postgresql.CHANNEL, tell)
        changes.hear(are_heard=True)
        while not has_ended.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_ASK_EVERY_SECONDS):
                    await has_ended.wait()
            if not has_ended.is_set():
                await connection.execute("SELECT 1", timeout=_ANSWER_SECONDS)
    finally:
        changes.hear(are_heard=False)
        await _close(connection)


async def _close(connection: Any) -> None:
    try:
        await connection.close(timeout=_ANSWER_SECONDS)
    except BaseException:
        connection.terminate()
        raise
