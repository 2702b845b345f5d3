"""Reads large JSON off the event loop: in one thread, since Python would not let two read at a time anyway; accounts
take turns, as `FairTurns` has it."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Sized
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from antiphon.hardening.fair_turns import FairTurns

T = TypeVar("T")
JsonText = TypeVar("JsonText", bound=Sized)

_LARGE = 128 * 1024
"""In bytes or characters: read within a millisecond, or a few if there are as many values as allowed."""
_REST = 5.0
"""How long the thread rests after each read, as a multiple of the time that it took: while it reads, the event loop
hardly runs. A body of 28 MB takes 25 ms."""


class LargeJsonReader:
    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="large-json")
        self._turns = FairTurns(1, max_waiting=sys.maxsize)  # Each connection has at most one waiting.

    async def read(self, text: JsonText, read: Callable[[JsonText], T]) -> T:
        """`read(text)`, directly if that takes negligible time. Raises what `read` raises."""
        if len(text) <= _LARGE:
            return read(text)
        await self._turns.acquire()
        loop, began = asyncio.get_running_loop(), time.monotonic()
        outcome = loop.run_in_executor(self._thread, read, text)
        outcome.add_done_callback(lambda _: loop.call_later((time.monotonic() - began) * _REST, self._turns.release))
        return await asyncio.shield(outcome)
