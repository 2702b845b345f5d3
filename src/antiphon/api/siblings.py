"""`Siblings`: workers of one server tell each other their measures, so that any of them can tell all of them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from antiphon.seat import Seat
from antiphon.telemetry.measures import Family

_log = logging.getLogger(__name__)

_SECONDS = 2.0
"""How long a sibling may take to answer: one that hangs is left out."""

Collect = Callable[[], Sequence[Family]]


class Siblings:
    """Each worker listens on a socket in a folder that only this user can open."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    @asynccontextmanager
    async def answered(self, collect: Collect) -> AsyncGenerator[None]:
        """Tell siblings what `collect` returns, while the context lasts."""
        if self._seat.folder is None:
            yield
            return

        async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with contextlib.suppress(OSError):
                writer.write(msgspec.msgpack.encode(list(collect())))
                await writer.drain()
            writer.close()

        server = await asyncio.start_unix_server(answer, self._socket(self._seat.number))
        try:
            yield
        finally:
            server.close()

    async def ask(self) -> Mapping[int, Sequence[Family] | None]:
        """What each other worker tells, by its number; None for one that does not answer."""
        others = [number for number in range(1, self._seat.count + 1) if number != self._seat.number]
        answers = await asyncio.gather(*(self._ask(number) for number in others))
        return dict(zip(others, answers, strict=True))

    async def _ask(self, number: int) -> Sequence[Family] | None:
        try:
            async with asyncio.timeout(_SECONDS):
                reader, writer = await asyncio.open_unix_connection(self._socket(number))
                try:
                    return msgspec.msgpack.decode(await reader.read(), type=list[Family])
                finally:
                    writer.close()
        except (OSError, TimeoutError, msgspec.DecodeError) as error:
            _log.warning("Worker %d does not tell its measures: %s", number, error or "it takes too long")
            return None

    def _socket(self, number: int) -> Path:
        return (self._seat.folder or Path()) / f"{number}.sock"
