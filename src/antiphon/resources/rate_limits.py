"""Rate limits: how many requests and tokens a deployment's capacity allows, counted by all processes together.

- Tokens are counted in windows of one minute, by an estimate when a request arrives; requests in slices of ten seconds,
  as Azure does, so that a minute's requests cannot all come in its first second.
- Counts are in the database. One statement per limit both checks and counts, so however many processes count at the
  same moment, not a single request exceeds a limit.
- A refused request does not count.
- Capacity is not stored with the counts: a new one applies to the next request.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from sqlalchemy import BigInteger, bindparam, case, cast, select
from sqlalchemy.ext.asyncio import AsyncSession

from antiphon.resources.deployments import Deployment
from antiphon.resources.errors import RateLimitExceeded, RequestTooLarge
from antiphon.resources.traffic import Traffic
from antiphon.store.database import Database
from antiphon.store.tables import RateWindowRow, folded
from antiphon.store.utc import Clock, utc_now

Kind: TypeAlias = Literal["requests", "tokens"]

TOKENS_A_MINUTE = 1_000
REQUESTS_A_MINUTE = 6
"""Per unit of capacity."""
MINUTE_SECONDS = 60
SLICE_SECONDS = 10

_WINDOW_SECONDS: dict[Kind, int] = {"requests": SLICE_SECONDS, "tokens": MINUTE_SECONDS}
_CLOCKS_DIFFER_SECONDS = 60
"""How far the clocks of processes may differ: a window that is at most this far ahead counts as the current one."""
_MOST = 2**31 - 1
"""The largest integer that every database can hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remaining:
    """One limit, and what is left of it."""

    limit: int
    """Per window of time: a minute for tokens, ten seconds for requests."""
    remaining: int
    reset_seconds: float
    """Time until the window ends and the whole limit is available again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RateStatus:
    requests: Remaining
    tokens: Remaining


def limits(capacity: int) -> dict[Kind, int]:
    """What a capacity allows per window, for each kind."""
    requests = capacity * REQUESTS_A_MINUTE * SLICE_SECONDS // MINUTE_SECONDS
    return {"requests": min(max(requests, 1), _MOST), "tokens": min(capacity * TOKENS_A_MINUTE, _MOST)}


class RateLimits:
    """The limits of all deployments. `traffic` receives what this process counts."""

    def __init__(self, database: Database, *, traffic: Traffic | None = None, clock: Clock = utc_now) -> None:
        self._database = database
        self._traffic = Traffic(clock=clock) if traffic is None else traffic
        self._clock = clock
        self._count = _count_statement(database)

    async def admit(self, account_id: str, deployment: Deployment, *, tokens: int) -> RateStatus:
        """Count one request that may take `tokens` (0 if they are counted later). Return what is left.

        Raises `RateLimitExceeded` and `RequestTooLarge`, without counting anything.
        """
        most = limits(deployment.capacity)
        if tokens > most["tokens"]:
            raise RequestTooLarge(limit_tokens=most["tokens"], tokens=tokens)
        kinds: Sequence[tuple[Kind, int]] = (("requests", 1), ("tokens", tokens))
        now = self._clock().timestamp()
        used: dict[Kind, int] = {}
        async with self._database.begin(is_durable=False) as session:
            for kind, amount in kinds if tokens else kinds[:1]:
                counted = await session.scalar(
                    self._count, _values(account_id, deployment, kind, amount, now, most[kind])
                )
                if counted is None:  # Raised inside the transaction, so that earlier counts are rolled back.
                    raise RateLimitExceeded(kind, retry_after_seconds=_reset_seconds(kind, now))
                used[kind] = counted
            if not tokens:
                used |= await _used(session, account_id, deployment, now)
        self._traffic.count(account_id, deployment.name, requests=1, tokens=tokens)
        return _status(used, most, now)

    async def check(self, account_id: str, deployment: Deployment, *, tokens: int, requests: int = 0) -> None:
        """Check without counting. Raises `RateLimitExceeded` and `RequestTooLarge` if too little is left."""
        most = limits(deployment.capacity)
        if tokens > most["tokens"]:
            raise RequestTooLarge(limit_tokens=most["tokens"], tokens=tokens)
        now = self._clock().timestamp()
        async with self._database.session() as session:
            used = await _used(session, account_id, deployment, now)
        wanted: Sequence[tuple[Kind, int]] = (("requests", requests), ("tokens", tokens))
        for kind, amount in wanted:
            if amount and used.get(kind, 0) + amount > most[kind]:
                raise RateLimitExceeded(kind, retry_after_seconds=_reset_seconds(kind, now))

    async def count_used(
        self, account_id: str, deployment: Deployment, *, tokens: int, requests: int = 0
    ) -> RateStatus:
        """Count what has been used, even beyond the limit; return what is left."""
        now = self._clock().timestamp()
        amounts: Sequence[tuple[Kind, int]] = (("requests", requests), ("tokens", tokens))
        async with self._database.begin(is_durable=False) as session:
            for kind, amount in amounts:
                if amount:
                    await session.execute(self._count, _values(account_id, deployment, kind, amount, now, _MOST))
            used = await _used(session, account_id, deployment, now)
        self._traffic.count(account_id, deployment.name, requests=requests, tokens=tokens)
        return _status(used, limits(deployment.capacity), now)


def _count_statement(database: Database) -> Any:
    """Adds to a window unless the total would exceed `most`; returns the total, or no row."""
    insert = database.insert(RateWindowRow)
    is_under_way = RateWindowRow.window.between(insert.excluded.window, insert.excluded.window + _CLOCKS_DIFFER_SECONDS)
    # As a large integer: what was used may come close to the largest that the column holds.
    used = cast(case((is_under_way, RateWindowRow.used), else_=0), BigInteger) + insert.excluded.used
    return insert.on_conflict_do_update(
        index_elements=["account_id", "deployment", "kind"],
        set_={"used": used, "window": case((is_under_way, RateWindowRow.window), else_=insert.excluded.window)},
        where=used <= bindparam("most"),
    ).returning(RateWindowRow.used)


def _values(
    account_id: str, deployment: Deployment, kind: Kind, amount: int, now: float, most: int
) -> dict[str, str | int]:
    return {
        "account_id": account_id,
        "deployment": folded(deployment.name),
        "kind": kind,
        "window": _window(kind, now),
        "used": amount,
        "most": most,
    }


async def _used(session: AsyncSession, account_id: str, deployment: Deployment, now: float) -> dict[Kind, int]:
    """The counts of the current windows; unused kinds may be missing."""
    query = select(RateWindowRow).where(
        RateWindowRow.account_id == account_id, RateWindowRow.deployment == folded(deployment.name)
    )
    rows = {row.kind: row for row in await session.scalars(query)}
    return {
        kind: row.used
        for kind in _WINDOW_SECONDS
        if (row := rows.get(kind)) and 0 <= row.window - _window(kind, now) <= _CLOCKS_DIFFER_SECONDS
    }


def _status(used: dict[Kind, int], most: dict[Kind, int], now: float) -> RateStatus:
    def remaining(kind: Kind) -> Remaining:
        return Remaining(
            limit=most[kind],
            remaining=max(most[kind] - used.get(kind, 0), 0),
            reset_seconds=_reset_seconds(kind, now),
        )

    return RateStatus(requests=remaining("requests"), tokens=remaining("tokens"))


def _window(kind: Kind, now: float) -> int:
    """When the current window began, in Unix seconds."""
    return int(now) // _WINDOW_SECONDS[kind] * _WINDOW_SECONDS[kind]


def _reset_seconds(kind: Kind, now: float) -> float:
    return _window(kind, now) + _WINDOW_SECONDS[kind] - now
