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
_SHARE = 0.5
"""Of the time in between. Without a pause, those who need many turns of the loop, as a reply does, and a thread of
Python's beside it, would wait for such work in each."""


class Rota:
    """All such work shares a millisecond of each turn, one step at a time, in order of arrival. While there is always
    more of it, it gets a third of the loop's time."""

    def __init__(self) -> None:
        self._spent = LeakyBucket(_SECONDS_AT_ONCE, leak_per_second=_SHARE)
        self._waiting: deque[Step] = deque()
        self._is_due = False

    def add(self, step: Step) -> None:
        """Run `step` in the next turns, until it has no more to do."""
        self._waiting.append(step)
        self._work_soon()

    def _work_soon(self) -> None:
        if self._is_due:
            return
        self._is_due = True
        loop = asyncio.get_running_loop()
        if self._spent.room > 0:
            loop.call_soon(self._work)
        else:
            loop.call_later(self._spent.seconds_until_empty, self._work)

    def _work(self) -> None:
        self._is_due = False
        began = time.monotonic()
        end = began + self._spent.room
        try:
            while self._waiting and time.monotonic() < end:
                step = self._waiting.popleft()
                if step():
                    self._waiting.append(step)
        finally:
            self._spent.add(time.monotonic() - began)
            if self._waiting:
                self._work_soon()
