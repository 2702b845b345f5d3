"""`Connections`: how many there may be at a time, and which of them have to go."""

from __future__ import annotations

import asyncio
import logging
import resource
import time
from collections import Counter
from collections.abc import Callable, Collection
from typing import Protocol, cast

_log = logging.getLogger(__name__)

_OWN_FILES = 256
"""Descriptors for everything but connections: database, models, other processes."""
_WANTED_FILES = 65_536
_BATCH = 16
"""What part of all connections goes at a time when there are too many: looking for them takes a while."""


class Connection(Protocol):
    """What the protocols of HTTP and of WebSockets have in common."""

    @property
    def transport(self) -> asyncio.Transport: ...

    @property
    def client(self) -> tuple[str, int] | None: ...

    def waits_since(self, now: float) -> float | None:
        """Since when nothing happens because the client does nothing; None if the next step is not the client's, or
        the client is about to take it."""

    def check(self, now: float) -> None:
        """Called now and then: end what the client has let wait for too long."""


class WriteProgress:
    """Whether a client takes what is written to it."""

    def __init__(self) -> None:
        self._unsent_bytes = 0
        self._since = time.monotonic()

    def stuck_since(self, transport: asyncio.Transport, now: float) -> float:
        """Since when what waits to be sent has not become less, as far as is known: `now` if nothing waits."""
        unsent_bytes = transport.get_write_buffer_size()
        if unsent_bytes == 0 or unsent_bytes < self._unsent_bytes:
            self._since = now
        self._unsent_bytes = unsent_bytes
        return self._since


class Connections:
    """Those that are `open`, and those that arrive and still shake hands: `limit` at a time, all together."""

    def __init__(self, open_connections: Collection[object], *, limit: int) -> None:
        self._open = cast("Collection[Connection]", open_connections)
        self._limit = limit
        self._arriving: dict[asyncio.Task[None], tuple[str, float]] = {}

    def add_arriving(self, arrival: asyncio.Task[None], address: str) -> None:
        """Count it until it has arrived. It is cancelled if there is no room for others."""
        self._arriving[arrival] = (address, time.monotonic())
        arrival.add_done_callback(self._arriving.pop)

    def make_room(self) -> bool:
        """Whether there may be one more. If there are too many, some that wait for their clients have to go: those of
        the addresses that have most, and among them the ones that have waited longest."""
        if len(self._open) + len(self._arriving) < self._limit:
            return True
        now = time.monotonic()
        waiting: list[tuple[str, float, Callable[[], object]]] = [
            (*arrived, arrival.cancel) for arrival, arrived in self._arriving.items()
        ]
        of_address = Counter(address for address, _, _ in waiting)
        for each in self._open:
            address = each.client[0] if each.client else ""
            of_address[address] += 1
            if not each.transport.is_closing() and (since := each.waits_since(now)) is not None:
                waiting.append((address, since, each.transport.abort))
        waiting.sort(key=lambda each: (-of_address[each[0]], each[1]))
        leaving = waiting[: max(1, self._limit // _BATCH)]
        for _, _, end in leaving:
            end()
        return bool(leaving)

    async def check_now_and_then(self, *, every_seconds: float = 1.0) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(every_seconds)
            now = time.monotonic()
            for each in list(self._open):
                try:
                    each.check(now)
                except Exception:
                    _log.exception("A connection could not be looked after")


def most_connections(wanted: int) -> int:
    """`wanted`, or as many as the system lets this process have, whose limit of open files is raised if it can be."""
    files, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most_files == resource.RLIM_INFINITY:
        most_files = max(files, _WANTED_FILES)
    if files < most_files:
        files = min(most_files, max(files, _WANTED_FILES))
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    return min(wanted, max(files - _OWN_FILES, files // 2))
