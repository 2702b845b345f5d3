"""Time that passes when a test says so."""

from __future__ import annotations

from datetime import datetime, timedelta


class Clock:
    """A clock to turn by hand."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
