"""What a session has used of its deployment's limits in the minute that is under way."""

from __future__ import annotations

from dataclasses import dataclass

from antiphon.realtime.events import RateLimit, Usage

_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Limits a minute."""

    requests: int
    tokens: int


class RateMeter:
    """Tells what is left of `rates`; it refuses nothing."""

    def __init__(self, rates: Rates) -> None:
        self._rates = rates
        self._since_ms = 0
        self._requests = 0
        self._tokens = 0

    def count(self, usage: Usage, *, now_ms: int) -> tuple[RateLimit, RateLimit]:
        """Count one response; return what is left."""
        if now_ms - self._since_ms >= _MINUTE_MS:
            self._since_ms, self._requests, self._tokens = now_ms, 0, 0
        self._requests += 1
        self._tokens += usage.total
        reset_seconds = (self._since_ms + _MINUTE_MS - now_ms) / 1000
        return (
            RateLimit(
                name="requests",
                limit=self._rates.requests,
                remaining=max(self._rates.requests - self._requests, 0),
                reset_seconds=reset_seconds,
            ),
            RateLimit(
                name="tokens",
                limit=self._rates.tokens,
                remaining=max(self._rates.tokens - self._tokens, 0),
                reset_seconds=reset_seconds,
            ),
        )
