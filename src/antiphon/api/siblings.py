"""`Siblings`: workers of one server tell each other what each knows alone, so that any of them can tell it all."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from antiphon.models.pulls import PullStatus
from antiphon.resources.traffic import TrafficSnapshot
from antiphon.seat import ALONE, Seat
from antiphon.telemetry.measures import Family

_log = logging.getLogger(__name__)

_SECONDS = 2.0
"""How long a sibling may take to answer: one that hangs is left out."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker tells."""

    families: list[Family]
    traffic: TrafficSnapshot
    pulls: dict[str, PullStatus]
    """By the model's name."""


class Siblings:
    """Each worker listens on a socket in a folder that only this user can open."""

    def __init__(self, seat: Seat = ALONE) -> None:
        self.seat = seat

    @asynccontextmanager
    async def answered(self, tell: Callable[[], Told]) -> AsyncGenerator[None]:
        """Tell siblings what `tell` returns, while the context lasts."""
        if self.seat.folder is None:
            yield
            return

        async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with contextlib.suppress(OSError):
                writer.write(msgspec.msgpack.encode(tell()))
                await writer.drain()
            writer.close()

        server = await asyncio.start_unix_server(answer, self._socket(self.seat.number))
        try:
            yield
        finally:
            server.close()

    async def ask(self) -> Mapping[int, Told | None]:
        """What each other worker tells, by its number; None for one that does not answer."""
        others = [number for number in range(1, self.seat.count + 1) if number != self.seat.number]
        answers = await asyncio.gather(*(self._ask(number) for number in others))
        return dict(zip(others, answers, strict=True))

    async def ask_those_who_answer(self) -> Sequence[Told]:
        return [told for told in (await self.ask()).values() if told is not None]

    async def _ask(self, number: int) -> Told | None:
        try:
            async with asyncio.timeout(_SECONDS):
                reader, writer = await asyncio.open_unix_connection(self._socket(number))
                try:
                    return msgspec.msgpack.decode(await reader.read(), type=Told)
                finally:
                    writer.close()
        except (OSError, TimeoutError, msgspec.DecodeError) as error:
            _log.warning("Worker %d tells nothing: %s", number, error or "it takes too long")
            return None

    def _socket(self, number: int) -> Path:
        return (self.seat.folder or Path()) / f"{number}.sock"
