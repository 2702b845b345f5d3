"""`RecordWriter`: writes records in the background, and drops them rather than slow down or fail a request."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from antiphon.resources.records import NewRecord, Piece, Records
from antiphon.store.errors import StorageUnavailable

_log = logging.getLogger(__name__)

WAITING_BYTES = 64 * 1024 * 1024
_ROW_BYTES = 1024
"""A record's memory besides its pieces."""
_DROPS_A_WARNING = 100


@dataclass(slots=True, eq=False)
class Draft:
    """A record in the making: pieces as they come, then the row."""

    record_id: str
    is_lost: bool = False
    """A piece was dropped or could not be written, so the rest is useless."""


@dataclass(frozen=True, slots=True)
class _Work:
    draft: Draft
    pieces: Sequence[Piece]
    record: NewRecord | None

    @property
    def byte_size(self) -> int:
        return _ROW_BYTES + sum(len(piece.data) for piece in self.pieces)


class RecordWriter:
    """A context manager; leaving it writes what is still waiting, for at most `flush_seconds`.

    What is waiting takes at most `max_bytes` of memory.
    """

    def __init__(
        self,
        records: Records,
        *,
        max_bytes: int = WAITING_BYTES,
        flush_seconds: float = 5.0,
        has_room: Callable[[], bool] = lambda: True,
    ) -> None:
        """`has_room` says whether the disk has space for dispensable data."""
        self.dropped = 0
        """How many records were dropped for lack of space, or could not be written."""
        self.max_bytes = max_bytes
        self.waiting_bytes = 0
        self._records = records
        self._flush_seconds = flush_seconds
        self._has_room = has_room
        self._waiting: deque[_Work] = deque()
        self._has_come = asyncio.Event()
        self._is_idle = asyncio.Event()
        self._is_idle.set()
        self._writing: asyncio.Task[None] | None = None

    def put(self, draft: Draft, pieces: Sequence[Piece], record: NewRecord | None = None) -> None:
        """Queue pieces for writing and, with `record`, the row after all the draft's pieces. Does not block."""
        if draft.is_lost:
            return
        if not self._has_room():
            self._lose(draft, "the disk is nearly full")
            return
        work = _Work(draft, pieces, record)
        if self.waiting_bytes + work.byte_size > self.max_bytes:
            self._lose(draft, "too much waits to be written")
            return
        self._waiting.append(work)
        self.waiting_bytes += work.byte_size
        self._is_idle.clear()
        self._has_come.set()

    async def __aenter__(self) -> Self:
        self._writing = asyncio.create_task(self._write_for_ever())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._writing is None:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._flush_seconds):
                await self.flush()
        self._writing.cancel()
        await asyncio.wait([self._writing])
        if self._waiting:
            _log.warning("The server stopped before %d pieces of records were written", len(self._waiting))

    async def flush(self) -> None:
        """Return once everything waiting is written."""
        await self._is_idle.wait()

    async def _write_for_ever(self) -> None:
        while True:
            while self._waiting:
                work = self._waiting[0]
                await self._write(work)
                self._waiting.popleft()
                self.waiting_bytes -= work.byte_size
            self._has_come.clear()
            self._is_idle.set()
            await self._has_come.wait()

    async def _write(self, work: _Work) -> None:
        if work.draft.is_lost:
            return
        try:
            await self._records.write_pieces(work.draft.record_id, work.pieces)
            if work.record is not None:
                await self._records.add(work.record)
        except StorageUnavailable as error:
            self._lose(work.draft, error.reason)
        except Exception:
            _log.exception("A record could not be written")
            self._lose(work.draft, "writing failed")

    def _lose(self, draft: Draft, reason: str) -> None:
        draft.is_lost = True
        self.dropped += 1
        if self.dropped % _DROPS_A_WARNING == 1:
            _log.warning("A record was dropped: %s. %d so far", reason, self.dropped)
