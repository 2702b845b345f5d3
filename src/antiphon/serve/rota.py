"""`Rota`: work that others cause, a little of it in each turn of the event loop, so that nobody else has to wait."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import TypeAlias

Step: TypeAlias = Callable[[], bool]
"""Does a little of what there is to do, within a millisecond or so; whether there is more."""

_SHARE_SECONDS = 0.005


class Rota:
    """Those who have such work share `share_seconds` of each turn, one step at a time, in the order they came."""

    def __init__(self, *, share_seconds: float = _SHARE_SECONDS) -> None:
        self._share_seconds = share_seconds
        self._waiting: deque[Step] = deque()
        self._is_due = False

    def add(self, step: Step) -> None:
        """Do `step` in the next turns, until it has no more to do."""
        self._waiting.append(step)
        self._work_soon()

    def _work_soon(self) -> None:
        if not self._is_due:
            self._is_due = True
            asyncio.get_running_loop().call_soon(self._work)

    def _work(self) -> None:
        self._is_due = False
        end = time.monotonic() + self._share_seconds
        try:
            while self._waiting and time.monotonic() < end:
                step = self._waiting.popleft()
                if step():
                    self._waiting.append(step)
        finally:
            if self._waiting:
                self._work_soon()
