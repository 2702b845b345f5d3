"""`FairTurns`: who is next where more is asked than can be done: accounts in turn, and in each its sessions in turn.

Whoever asks is known by `asking`, which those who let clients in set for the tasks that serve them.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from contextvars import ContextVar
from dataclasses import dataclass, field
from itertools import count

from antiphon.hardening.errors import ServerBusy


@dataclass(frozen=True, slots=True)
class Asking:
    """On whose behalf something is done."""

    account: str = ""
    session: str = ""
    """Of a Realtime client; "" for requests, which are one queue together."""


asking: ContextVar[Asking] = ContextVar("asking", default=Asking())  # noqa: B039 - It is frozen.


@dataclass(slots=True, eq=False)
class _Waiting:
    asking: Asking
    number: int
    turn: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class FairTurns:
    """At most `turns` at a time; at most `max_waiting` more wait for theirs.

    Next is the account that had none for longest, of its sessions likewise, and of what a session asks the oldest. One
    more than may wait is refused: of the account that has most waiting, the latest.
    """

    def __init__(self, turns: int, *, max_waiting: int) -> None:
        self._free = turns
        self._max_waiting = max_waiting
        self._waiting: list[_Waiting] = []
        self._numbers = count(1)
        self._accounts: dict[str, int] = {}
        """When each had its last turn, as a number; of those since anybody had to wait."""
        self._sessions: dict[Asking, int] = {}

    async def acquire(self) -> None:
        """Wait for a turn, to be given back by `release`. Raises `ServerBusy` where too many wait already."""
        who = asking.get()
        if self._free:
            self._free -= 1
            self._take_note(who)
            return
        if len(self._patient) >= self._max_waiting:
            self._make_room(who.account)
        waiting = _Waiting(who, next(self._numbers))
        self._waiting.append(waiting)
        try:
            await waiting.turn
        except asyncio.CancelledError:
            if waiting in self._waiting:
                self._waiting.remove(waiting)
            elif not waiting.turn.cancelled() and waiting.turn.exception() is None:  # It came in this very moment.
                self.release()
            raise

    def release(self) -> None:
        """Give a turn back."""
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
        """Those who wait and have not been cancelled: they hear of that a little later."""
        return [waiting for waiting in self._waiting if not waiting.turn.done()]

    def _rank(self, waiting: _Waiting) -> tuple[int, int, int]:
        who = waiting.asking
        return self._accounts.get(who.account, 0), self._sessions.get(who, 0), waiting.number

    def _take_note(self, who: Asking) -> None:
        self._accounts[who.account] = self._sessions[who] = next(self._numbers)

    def _make_room(self, account: str) -> None:
        """Refuse the latest of the account that has most waiting, if it is not the one that asks. Raises
        `ServerBusy`."""
        counts = Counter(waiting.asking.account for waiting in self._patient)
        greediest = max(counts, key=lambda one: counts[one], default=account)
        if counts[greediest] <= counts[account] + 1:
            raise ServerBusy
        refused = next(waiting for waiting in reversed(self._patient) if waiting.asking.account == greediest)
        self._waiting.remove(refused)
        refused.turn.set_exception(ServerBusy())
