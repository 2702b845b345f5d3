"""`LeakyBucket`: how much of something there may be at once, and how fast more may follow."""

from __future__ import annotations

import time
from collections.abc import Callable


class LeakyBucket:
    """Holds `capacity`, and loses `leak_per_second` of what is in it."""

    def __init__(self, capacity: float, *, leak_per_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._capacity = capacity
        self._leak_per_second = leak_per_second
        self._clock = clock
        self._level = 0.0
        self._looked_at = clock()

    def add(self, amount: float = 1.0) -> None:
        """Put something in; what does not fit is in it, too."""
        self._leak()
        self._level += amount

    @property
    def room(self) -> float:
        """How much still fits; less than nothing where there is too much."""
        self._leak()
        return self._capacity - self._level

    @property
    def seconds_until_empty(self) -> float:
        self._leak()
        return self._level / self._leak_per_second

    def _leak(self) -> None:
        now = self._clock()
        self._level = max(0.0, self._level - (now - self._looked_at) * self._leak_per_second)
        self._looked_at = now
