"""Recent traffic: requests and tokens, per deployment and minute. Each process counts its own, and can tell others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from antiphon.store.tables import folded
from antiphon.store.utc import Clock, utc_now

TrafficSnapshot: TypeAlias = dict[str, dict[str, dict[int, tuple[int, int]]]]
"""Requests and tokens, by account, deployment's folded name, and minute since 1970."""

MINUTE_SECONDS = 60
MINUTES = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentTraffic:
    """Of the last `MINUTES`, oldest first; the last one is the current minute."""

    requests: Sequence[int]
    tokens: Sequence[int]


@dataclass(slots=True)
class _Counts:
    """By minute since 1970."""

    requests: Counter[int] = field(default_factory=Counter[int])
    tokens: Counter[int] = field(default_factory=Counter[int])

    def forget_before(self, minute: int) -> bool:
        """Whether anything is left."""
        for counter in (self.requests, self.tokens):
            for old in [each for each in counter if each < minute]:
                del counter[old]
        return bool(self.requests or self.tokens)


class Traffic:
    """Receives what has been counted against the limits. Unused deployments are forgotten."""

    def __init__(self, *, clock: Clock = utc_now) -> None:
        self._clock = clock
        self._counts: dict[tuple[str, str], _Counts] = {}
        """By account, and by the deployment's folded name."""
        self._minute = 0
        """The minute in which old traffic was last forgotten."""

    def count(self, account_id: str, deployment: str, *, requests: int = 0, tokens: int = 0) -> None:
        minute = self.now() // MINUTE_SECONDS
        if minute != self._minute:
            self._forget_before(minute - MINUTES + 1)
            self._minute = minute
        counts = self._counts.setdefault((account_id, folded(deployment)), _Counts())
        counts.requests[minute] += requests
        counts.tokens[minute] += tokens

    def __len__(self) -> int:
        """How many deployments are remembered."""
        return len(self._counts)

    def now(self) -> int:
        """In Unix seconds."""
        return int(self._clock().timestamp())

    def snapshot(self) -> TrafficSnapshot:
        """All of it, to be told to another process."""
        told: TrafficSnapshot = {}
        for (account_id, deployment), counts in self._counts.items():
            minutes = {minute: (counts.requests[minute], counts.tokens[minute]) for minute in counts.requests}
            told.setdefault(account_id, {})[deployment] = minutes
        return told

    def of_deployment(
        self, account_id: str, deployment: str, *, now: int, others: Sequence[TrafficSnapshot] = ()
    ) -> DeploymentTraffic:
        """Up to `now`, together with that of `others`; all zeros for an unused deployment."""
        own = self._counts.get((account_id, folded(deployment)), _Counts())
        counts = _Counts(requests=Counter(own.requests), tokens=Counter(own.tokens))
        for other in others:
            for minute, (requests, tokens) in other.get(account_id, {}).get(folded(deployment), {}).items():
                counts.requests[minute] += requests
                counts.tokens[minute] += tokens
        last = now // MINUTE_SECONDS
        minutes = range(last - MINUTES + 1, last + 1)
        return DeploymentTraffic(
            requests=[counts.requests[minute] for minute in minutes],
            tokens=[counts.tokens[minute] for minute in minutes],
        )

    def _forget_before(self, minute: int) -> None:
        self._counts = {key: counts for key, counts in self._counts.items() if counts.forget_before(minute)}
