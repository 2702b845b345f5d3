"""`FairTurns`: schedules work when there is too much of it: accounts take turns, and within each, its sessions.

The caller is in `asking`, which authentication sets for the tasks that serve a client.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from contextvars import ContextVar
from dataclasses import dataclass, field
from itertools import count

from antiphon.hardening.errors import ServerBusy
from antiphon.telemetry.histogram import Histogram

_WAIT_BOUNDS = (0.0, 0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


@dataclass(frozen=True, slots=True)
class Asking:
    """On whose behalf work is done."""

    account: str = ""
    session: str = ""
    """A Realtime client's session; "" for requests, which share one queue."""


asking: ContextVar[Asking] = ContextVar("asking", default=Asking())  # noqa: B039 - It is frozen.


@dataclass(slots=True, eq=False)
class _Waiting:
    asking: Asking
    number: int
    turn: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class FairTurns:
    """At most `turns` at a time; at most `max_waiting` more wait for theirs.

    The next turn goes to the account that has waited longest since its last one, within it to the session likewise, and
    within that to the oldest job. If too many wait, the latest job of the account with most waiting is refused.
    """

    def __init__(self, turns: int, *, max_waiting: int) -> None:
        self.turns = turns
        self.max_waiting = max_waiting
        self.refused = 0
        """How many jobs were refused because too many were waiting."""
        self.waits = Histogram(_WAIT_BOUNDS)
        """How many seconds jobs have waited for their turns."""
        self._free = turns
        self._waiting: list[_Waiting] = []
        self._numbers = count(1)
        self._accounts: dict[str, int] = {}
        """The sequence number of each one's last turn, since anybody had to wait."""
        self._sessions: dict[Asking, int] = {}

    @property
    def running(self) -> int:
        """How many turns are taken."""
        return self.turns - self._free

    @property
    def waiting(self) -> int:
        """How many jobs wait for theirs."""
        return len(self._patient)

    async def acquire(self) -> None:
        """Wait for a turn, which `release` returns. Raises `ServerBusy` if too many are waiting."""
        who = asking.get()
        if self._free:
            self._free -= 1
            self._take_note(who)
            self.waits.add(0.0)
            return
        if len(self._patient) >= self.max_waiting:
            self.refused += 1
            self._make_room(who.account)
        began = time.monotonic()
        waiting = _Waiting(who, next(self._numbers))
        self._waiting.append(waiting)
        try:
            await waiting.turn
            self.waits.add(time.monotonic() - began)
        except asyncio.CancelledError:
            if waiting in self._waiting:
                self._waiting.remove(waiting)
            elif not waiting.turn.cancelled() and waiting.turn.exception() is None:  # The turn has just come.
                self.release()
            raise

    def release(self) -> None:
        """Return a turn."""
        following = min(self._patient, key=self._rank, default=None)
        if following is None:
            self._free += 1
            self._accounts.clear()
            self._sessions.clear()
            return
        self._waiting.remove(following)
        self._take_note(following.asking)
        following.turn.set_result(None)

    @property
    def _patient(self) -> list[_Waiting]:
        """Those waiting, without cancelled ones, which learn of their cancellation a little later."""
        return [waiting for waiting in self._waiting if not waiting.turn.done()]

    def _rank(self, waiting: _Waiting) -> tuple[int, int, int]:
        who = waiting.asking
        return self._accounts.get(who.account, 0), self._sessions.get(who, 0), waiting.number

    def _take_note(self, who: Asking) -> None:
        self._accounts[who.account] = self._sessions[who] = next(self._numbers)

    def _make_room(self, account: str) -> None:
        """Refuse the latest job of the account with most waiting. Raises `ServerBusy` if no other account has more."""
        counts = Counter(waiting.asking.account for waiting in self._patient)
        greediest = max(counts, key=lambda one: counts[one], default=account)
        if counts[greediest] <= counts[account] + 1:
            raise ServerBusy
        refused = next(waiting for waiting in reversed(self._patient) if waiting.asking.account == greediest)
        self._waiting.remove(refused)
        refused.turn.set_exception(ServerBusy())
