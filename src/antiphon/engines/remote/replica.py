"""`Replica`: one address of an upstream, and how it has been doing."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator
from contextlib import contextmanager
from statistics import median

from antiphon.engines.remote.faults import UpstreamFault
from antiphon.telemetry.histogram import Histogram

_FAILURES_BEFORE_REST = 3
_FIRST_REST_SECONDS = 2.0
_LONGEST_REST_SECONDS = 15.0
_REMEMBERED_LATENCIES = 64
_LATENCY_BOUNDS = (0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Dense where a listener notices the difference between two answers."""


class Replica:
    """A circuit breaker: after three failures in a row, the replica rests, then is tried with one request at a time."""

    def __init__(self, url: str, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.url = url
        self.in_flight = 0
        """The number of requests that it is answering."""
        self.requests = 0
        """How many it has been sent."""
        self.failures = 0
        """How many of them it has failed. Requests that were themselves at fault are not counted."""
        self.failures_in_a_row = 0
        self.first_pieces = Histogram(_LATENCY_BOUNDS)
        """How many seconds each request took to the first piece of its answer."""
        self._monotonic = monotonic
        self._rests_until = 0.0
        self._latencies: deque[float] = deque(maxlen=_REMEMBERED_LATENCIES)

    @property
    def is_well(self) -> bool:
        """Whether it answered last time, or has not failed often enough to be left alone."""
        return self.failures_in_a_row < _FAILURES_BEFORE_REST

    @property
    def takes_requests(self) -> bool:
        """Whether to send it requests. An unhealthy one gets a single request after each rest."""
        return self.is_well or (self._monotonic() >= self._rests_until and not self.in_flight)

    @property
    def latency_seconds(self) -> float | None:
        """The median time from a request to the first piece of its answer, of the latest; None before the first."""
        return median(self._latencies) if self._latencies else None

    @contextmanager
    def serving(self) -> Generator[Callable[[], None]]:
        """Count a request. Call the yielded function when the first piece of the answer arrives."""
        began = self._monotonic()
        self.requests += 1
        self.in_flight += 1

        def note_first_piece() -> None:
            seconds = self._monotonic() - began
            self._latencies.append(seconds)
            self.first_pieces.add(seconds)

        try:
            yield note_first_piece
        except UpstreamFault as fault:
            if not fault.is_of_the_request:
                self._failed(began)
            raise
        else:
            self.failures_in_a_row = 0
        finally:
            self.in_flight -= 1

    def _failed(self, began: float) -> None:
        self.failures += 1
        if began < self._rests_until:
            return  # It began before the rest, and failed along with what the rest is for.
        self.failures_in_a_row += 1
        rests = self.failures_in_a_row - _FAILURES_BEFORE_REST
        if rests >= 0:
            seconds = min(_FIRST_REST_SECONDS * 2**rests, _LONGEST_REST_SECONDS)
            self._rests_until = self._monotonic() + seconds
