"""`TtlCache`: values kept for a short time, so that a request does not have to read or work them out again."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

from antiphon.store.changes import Changes

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


REMEMBERED_SECONDS = 0.8
"""For what another process may change: it is seen within a second."""
_REMEMBERED_WHILE_HEARD_SECONDS = 30.0


class TtlCache(Generic[Key, Value]):
    """Keeps each value for `seconds`: how long a change made by another process may go unnoticed.

    A change that `changes` tell of is seen at once; while those of other processes are heard too, values are kept for
    longer. At most `at_most` values are kept. What `read` raises is passed on and not kept.
    """

    def __init__(
        self,
        read: Callable[[Key], Awaitable[Value]],
        *,
        seconds: float,
        changes: Changes | None = None,
        at_most: int = 1024,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._read = read
        self._seconds = seconds
        self._changes = changes
        self._at_most = at_most
        self._monotonic = monotonic
        self._kept: dict[Key, tuple[float, Value]] = {}
        self._forgettings = 0
        if changes is not None:
            changes.subscribe(self.forget_all)

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
            self._kept[key] = (now + self._lifetime(), value)
        return value

    def _lifetime(self) -> float:
        are_heard = self._changes is not None and self._changes.are_heard
        return max(self._seconds, _REMEMBERED_WHILE_HEARD_SECONDS) if are_heard else self._seconds

    def forget(self, key: Key) -> None:
        self._forgettings += 1
        self._kept.pop(key, None)

    def forget_all(self) -> None:
        self._forgettings += 1
        self._kept.clear()
