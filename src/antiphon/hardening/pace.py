"""`Pace`: how fast one kind of work is taken on, such as refusals, so that causing it takes no time from others."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from antiphon.hardening.leaky_bucket import LeakyBucket

AT_ONCE = 100
PER_SECOND = 50.0
LONGEST_SECONDS = 5.0


class Pace:
    """`at_once` refusals go out at once, and `per_second` in the long run; those beyond wait their turn.

    Where keys are refused, they wait whoever they are for: an attacker has many addresses, and clients with the right
    key are never refused.
    """

    def __init__(
        self,
        *,
        at_once: int = AT_ONCE,
        per_second: float = PER_SECOND,
        share: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`share` is that of one among several processes."""
        self._per_second = per_second * share
        self._refusals = LeakyBucket(at_once * share, leak_per_second=self._per_second, clock=clock)
        self._sleep = sleep

    async def wait(self) -> None:
        """Return when one more may go out, `LONGEST_SECONDS` later at most."""
        self._refusals.add()
        beyond = -self._refusals.room
        if beyond > 0:
            await self._sleep(min(beyond / self._per_second, LONGEST_SECONDS))


class Paces:
    """One for each account, whichever of its clients causes what is paced."""

    def __init__(self) -> None:
        self._of: dict[str, Pace] = {}

    def of(self, account_id: str, *, at_once: int, per_second: float) -> Pace:
        """It is kept: an account that lets go of everything and comes back goes on where it was."""
        pace = self._of.get(account_id)
        if pace is None:
            pace = self._of[account_id] = Pace(at_once=at_once, per_second=per_second)
        return pace
