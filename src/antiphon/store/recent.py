"""`Recent`: a cache of values from the store, so that not every request costs a query."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """Remembers each value for `seconds`: how long a change that another process made may go unnoticed.

    Whoever changes a value in this process calls `forget` after the commit, and the change is seen at once. At most
    `at_most` values are remembered.
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
        self._remembered: dict[Key, tuple[float, Value]] = {}
        self._forgettings = 0

    async def get(self, key: Key) -> Value:
        """The remembered value, or a newly read one."""
        now = self._monotonic()
        if (remembered := self._remembered.get(key)) and now < remembered[0]:
            return remembered[1]
        forgettings = self._forgettings
        value = await self._read(key)
        # A value that was changed while it was being read may be the old one: it serves this caller and no other.
        if forgettings == self._forgettings:
            if len(self._remembered) >= self._at_most:
                self._remembered.clear()
            self._remembered[key] = (now + self._seconds, value)
        return value

    def forget(self, key: Key) -> None:
        self._forgettings += 1
        self._remembered.pop(key, None)

    def forget_all(self) -> None:
        self._forgettings += 1
        self._remembered.clear()
