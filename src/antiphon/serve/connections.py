"""`Connections`: limits how many there are, and chooses which to drop."""

from __future__ import annotations

import asyncio
import logging
import resource
import time
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Protocol, cast

_log = logging.getLogger(__name__)

_OWN_FILES = 256
"""File descriptors for everything but connections: database, models, other processes."""
_WANTED_FILES = 65_536
_BATCH = 16
"""The fraction of connections dropped at a time when there are too many, because choosing them takes a while."""


class Connection(Protocol):
    """What the HTTP and WebSocket protocols share."""

    @property
    def transport(self) -> asyncio.Transport: ...

    @property
    def client(self) -> tuple[str, int] | None: ...

    def waits_since(self, now: float) -> float | None:
        """Since when the server has been waiting for the client; None if the next step is not the client's, or is under
        way."""

    def check(self, now: float) -> None:
        """Called regularly: drop the connection if the client has kept it waiting too long."""


class WriteProgress:
    """Watches whether a client reads what is sent to it."""

    def __init__(self) -> None:
        self._unsent_bytes = 0
        self._since = time.monotonic()

    def stuck_since(self, transport: asyncio.Transport, now: float) -> float:
        """Since when the unsent data has not shrunk, as far as is known; `now` if there is none."""
        unsent_bytes = transport.get_write_buffer_size()
        if unsent_bytes == 0 or unsent_bytes < self._unsent_bytes:
            self._since = now
        self._unsent_bytes = unsent_bytes
        return self._since


@dataclass(slots=True, eq=False)
class Arrival:
    """A connection that has been accepted, but is not open yet. `end` drops it."""

    address: str
    end: Callable[[], object]
    since: float = field(default_factory=time.monotonic)


class Connections:
    """The `open` connections and those `arriving`, at most `limit` in total."""

    def __init__(self, open_connections: Collection[object], *, limit: int) -> None:
        self._open = cast("Collection[Connection]", open_connections)
        self.limit = limit
        self.arriving: set[Arrival] = set()
        """They are dropped if room is needed for others."""

    def __len__(self) -> int:
        return len(self._open) + len(self.arriving)

    def __contains__(self, connection: object) -> bool:
        """Whether it is open."""
        return connection in self._open

    def make_room(self) -> bool:
        """Whether there is room for one more. If not, some connections that wait for their clients are dropped: those
        of the addresses with most, and among them the ones that have waited longest."""
        if len(self) < self.limit:
            return True
        now = time.monotonic()
        waiting: list[tuple[str, float, Callable[[], object]]] = [
            (arrival.address, arrival.since, arrival.end) for arrival in self.arriving
        ]
        of_address = Counter(address for address, _, _ in waiting)
        for each in self._open:
            address = each.client[0] if each.client else ""
            of_address[address] += 1
            if not each.transport.is_closing() and (since := each.waits_since(now)) is not None:
                waiting.append((address, since, each.transport.abort))
        waiting.sort(key=lambda each: (-of_address[each[0]], each[1]))
        leaving = waiting[: max(1, self.limit // _BATCH)]
        for _, _, end in leaving:
            end()
        return bool(leaving)

    async def check_now_and_then(self, *, every_seconds: float = 1.0) -> None:
        """Check all connections regularly, until cancelled."""
        while True:
            await asyncio.sleep(every_seconds)
            now = time.monotonic()
            for each in list(self._open):
                try:
                    each.check(now)
                except Exception:
                    _log.exception("Checking a connection failed")


def most_connections(wanted: int) -> int:
    """`wanted`, or as many as the limit of open files allows after raising it as far as possible."""
    files, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most_files == resource.RLIM_INFINITY:
        most_files = max(files, _WANTED_FILES)
    if files < most_files:
        files = min(most_files, max(files, _WANTED_FILES))
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    return min(wanted, max(files - _OWN_FILES, files // 2))
