"""`Histogram`: how often which values occurred, as Prometheus counts them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate


class Histogram:
    def __init__(self, bounds: Sequence[float]) -> None:
        """`bounds` are the buckets' upper ones, ascending; a last bucket takes what is greater."""
        self.bounds = bounds
        self.total = 0.0
        """The sum of all values."""
        self._counts = [0] * (len(bounds) + 1)

    def add(self, value: float) -> None:
        self._counts[bisect_left(self.bounds, value)] += 1
        self.total += value

    @property
    def cumulative(self) -> Sequence[int]:
        """How many values there were up to each bound, and in all."""
        return list(accumulate(self._counts))
