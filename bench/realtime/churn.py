"""Churn: sessions that come and go, of which nothing should stay in memory."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Sequence

from antiphon.audio.pcm import Pcm
from bench.realtime.client import RESPONSE_DONE, open_session
from bench.realtime.speech import append_events
from bench.results import Result, median_of, overall
from bench.server import Server

_AT_A_TIME = 50
_WARM_UP = 100
_SESSIONS = 1000
_ROUNDS = 3
"""What the allocator keeps for the next sessions comes with the first thousands; what is lost would go on and on."""
_ANSWERED = 10
"""One session in so many has a question answered."""
_SETTLING_S = 1.0
_GROWTH_TARGET_MB = 10.0


async def measure(server: Server, speech: Pcm, *, quick: bool) -> list[Result]:
    """Open, use and close sessions, and compare the memory before and after. Raises `RequestFailed`."""
    count = _SESSIONS // 5 if quick else _SESSIONS
    frames = append_events(speech)
    await _come_and_go(server, frames, _WARM_UP)
    took_s: list[float] = []
    resident_mb = [await _resident_mb(server)]
    for _ in range(_ROUNDS):
        took_s += await _come_and_go(server, frames, count)
        resident_mb.append(await _resident_mb(server))
    first_mb, *_, last_mb = (after - before for before, after in itertools.pairwise(resident_mb))
    name = f"{count:,} sessions opened and closed"
    return [
        overall("memory before all of these", "MB", resident_mb[0], 1),
        overall(f"{name}: growth, first time", "MB", first_mb, count),
        overall(f"{name}: growth, third time", "MB", last_mb, count, target=_GROWTH_TARGET_MB),
        median_of(f"{name}: one, {_AT_A_TIME} at a time", "s", took_s),
    ]


async def _come_and_go(server: Server, frames: Sequence[str], count: int) -> Sequence[float]:
    """How long each session took."""
    took_s: list[float] = []
    for first in range(0, count, _AT_A_TIME):
        batch = (_use(server, frames, answered=index % _ANSWERED == 0) for index in range(first, first + _AT_A_TIME))
        took_s += await asyncio.gather(*batch)
    return took_s


async def _use(server: Server, frames: Sequence[str], *, answered: bool) -> float:
    loop = asyncio.get_running_loop()
    began_s = loop.time()
    async with open_session(server) as session:
        for frame in frames:
            await session.send_frame(frame)
        if answered:
            # Not before all was listened to: speech would interrupt the answer.
            await session.send("input_audio_buffer.clear")
            await session.send("session.update", session={"turn_detection": {"type": "none"}})
            await session.ask("Who is there?")
            await session.first(RESPONSE_DONE)
    return loop.time() - began_s


async def _resident_mb(server: Server) -> float:
    await asyncio.sleep(_SETTLING_S)
    return server.processes.resident_bytes() / 1e6
