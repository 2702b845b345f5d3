"""Clocks that tests turn by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@dataclass(slots=True)
class HandClock:
    """The time of day. It stands still until it is turned."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass(slots=True)
class HandTimer:
    """Seconds since some moment, as `time.monotonic` counts them."""

    now: float = 100.0

    def __call__(self) -> float:
        return self.now
