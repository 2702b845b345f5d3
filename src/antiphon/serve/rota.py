"""`Rota`: spreads work that clients cause over turns of the event loop, so that nobody else has to wait."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import TypeAlias

from antiphon.hardening.leaky_bucket import LeakyBucket

Step: TypeAlias = Callable[[], bool]
"""Does a little of the work, within half a millisecond or so; returns whether there is more."""

_SECONDS_AT_ONCE = 0.001
_READING_SECONDS_PER_BYTE = 1e-9
"""To receive it, to copy it once or twice, and to wake whoever waits for it."""


class Rota:
    """All such work shares a millisecond of each turn, one step at a time. Addresses take turns, however much each of
    them causes; the work of each is done in order of arrival.

    `rest` is how long the rota pauses when a millisecond is used up, as a multiple of it. Without a pause, those who
    need many turns of the loop, as a reply does, and a thread of Python's beside it, would wait for such work in each.
    """

    def __init__(self, *, rest: float = 2.0) -> None:
        self._spent = LeakyBucket(_SECONDS_AT_ONCE, leak_per_second=1 / rest)
        self._waiting: dict[str, deque[Step]] = {}
        """Keyed by address, of which the first is next."""
        self._is_due = self._is_working = False
        self._used = 0.0
        """Seconds, in the current turn."""

    def add(self, step: Step, *, address: str = "") -> None:
        """Run `step` in the next turns, until it has no more to do."""
        self._waiting.setdefault(address, deque()).append(step)
        self._work_soon()

    def spend(self, seconds: float) -> None:
        """Count what a step has begun, and what keeps the loop busy outside it."""
        if self._is_working:
            self._used += seconds
        else:
            self._spent.add(seconds)

    def spend_on_reading(self, size: int) -> None:
        """Count what it took to receive that many bytes: whoever sends as fast as it can would keep the loop busy with
        nothing else."""
        self.spend(size * _READING_SECONDS_PER_BYTE)

    def _work_soon(self, *, is_tired: bool = False) -> None:
        if self._is_due:
            return
        self._is_due = True
        loop = asyncio.get_running_loop()
        if self._spent.room > 0 and not is_tired:
            loop.call_soon(self._work)
        else:
            loop.call_later(self._spent.seconds_until_empty, self._work)

    def _work(self) -> None:
        self._is_due, self._is_working = False, True
        self._used, room = 0.0, self._spent.room
        try:
            while self._waiting and self._used < room:
                self._take_step()
        finally:
            self._is_working = False
            self._spent.add(self._used)
            if self._waiting:
                self._work_soon(is_tired=self._used >= room)

    def _take_step(self) -> None:
        address = next(iter(self._waiting))
        steps = self._waiting[address]
        step, has_more = steps.popleft(), False
        before_it = len(steps)
        began = time.monotonic()
        try:
            has_more = step()
        finally:
            self._used += time.monotonic() - began
            if has_more:
                steps.insert(before_it, step)  # What it has added itself comes later.
            del self._waiting[address]
            if steps:
                self._waiting[address] = steps
