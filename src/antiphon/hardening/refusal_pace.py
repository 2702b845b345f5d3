"""`RefusalPace`: how fast refusals go out, so that trying keys or tokens takes no time from anybody else."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from antiphon.hardening.leaky_bucket import LeakyBucket

AT_ONCE = 100
PER_SECOND = 50.0
LONGEST_SECONDS = 5.0


class RefusalPace:
    """`AT_ONCE` refusals go out at once, and `PER_SECOND` in the long run; those beyond wait their turn.

    They wait whoever they are for: an attacker has many addresses, and clients with the right key are never refused.
    """

    def __init__(
        self,
        *,
        share: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`share` is that of one among several processes."""
        self._per_second = PER_SECOND * share
        self._refusals = LeakyBucket(AT_ONCE * share, leak_per_second=self._per_second, clock=clock)
        self._sleep = sleep

    async def wait(self) -> None:
        """Return when one more refusal may go out, `LONGEST_SECONDS` later at most."""
        self._refusals.add()
        beyond = -self._refusals.room
        if beyond > 0:
            await self._sleep(min(beyond / self._per_second, LONGEST_SECONDS))
