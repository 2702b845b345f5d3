"""`SettledClock`: the time for deleting expired data, which does not follow a clock that jumps ahead."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from antiphon.store.utc import Clock, utc_now

_JUMP = timedelta(minutes=15)
"""How far a clock may run ahead of the elapsed time and still be believed at once."""
SETTLING = timedelta(hours=1)
"""How long a clock that has jumped must keep its new time before it is believed."""


class SettledClock:
    """Tells the time as an aware datetime in UTC, to be asked every few minutes.

    A wrong date, a dead battery or a false time server would make all data look expired, and deleted data does not come
    back when the clock is corrected. So after a jump ahead, time continues from before the jump, and the clock is
    believed once it has kept its new time for `SETTLING`. The same applies after sleep, or if the server was off for a
    while. A clock that is set back is believed at once: that only keeps data for longer.

    `memory` is a file that keeps the time across restarts. Without it, the first time is believed.
    """

    def __init__(
        self, memory: Path | None = None, *, clock: Clock = utc_now, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._memory = memory
        self._clock = clock
        self._monotonic = monotonic
        self._asked_at = monotonic()
        self._settled = self._remembered() or clock()
        self._ahead_by: timedelta | None = None
        """How far the clock is ahead of the time returned; None while it is believed."""
        self._ahead_since = 0.0

    def __call__(self) -> datetime:
        now, asked_at = self._clock(), self._monotonic()
        self._settled += timedelta(seconds=asked_at - self._asked_at)
        self._asked_at = asked_at
        ahead_by = now - self._settled
        if ahead_by <= _JUMP or self._has_settled(ahead_by, asked_at):
            self._settled, self._ahead_by = now, None
        self._remember()
        return self._settled

    def _has_settled(self, ahead_by: timedelta, asked_at: float) -> bool:
        if self._ahead_by is None or abs(ahead_by - self._ahead_by) > _JUMP:  # A jump, or another one.
            self._ahead_by, self._ahead_since = ahead_by, asked_at
        return asked_at - self._ahead_since >= SETTLING.total_seconds()

    def _remembered(self) -> datetime | None:
        if self._memory is None:
            return None
        with contextlib.suppress(OSError, ValueError, OverflowError):
            return datetime.fromtimestamp(int(self._memory.read_text()), UTC)
        return None

    def _remember(self) -> None:
        if self._memory is not None:
            with contextlib.suppress(OSError):
                unfinished = self._memory.with_name(f"{self._memory.name}.{os.getpid()}.new")
                unfinished.write_text(f"{self._settled.timestamp():.0f}")
                unfinished.replace(self._memory)
