"""`TtlCache`: values kept for a short time, so that a request does not have to read or work them out again."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class TtlCache(Generic[Key, Value]):
    """Keeps each value for `seconds`: how long a change made by another process may go unnoticed.

    Code that changes a value in this process calls `forget` after the commit, and the change is seen at once. At most
    `at_most` values are kept. What `read` raises is passed on and not kept.
    """

    def __init__(
        self,
        read: Callable[[Key], Awaitable[Value]],
        *,
        seconds: float,
        at_most: int = 1024,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._read = read
        self._seconds = seconds
        self._at_most = at_most
        self._monotonic = monotonic
        self._kept: dict[Key, tuple[float, Value]] = {}
        self._forgettings = 0

    async def get(self, key: Key) -> Value:
        """The value that is kept, or a newly read one."""
        now = self._monotonic()
        if (kept := self._kept.get(key)) and now < kept[0]:
            return kept[1]
        forgettings = self._forgettings
        value = await self._read(key)
        # A value that was changed while it was being read may be the old one: it serves this caller and no other.
        if forgettings == self._forgettings:
            if len(self._kept) >= self._at_most:
                self._kept.clear()
            self._kept[key] = (now + self._seconds, value)
        return value

    def forget(self, key: Key) -> None:
        self._forgettings += 1
        self._kept.pop(key, None)

    def forget_all(self) -> None:
        self._forgettings += 1
        self._kept.clear()
