"""Start-up: how long until the server is ready, and what it takes while nobody asks anything."""

from __future__ import annotations

import time
from pathlib import Path

from bench.process_tree import ProcessTree
from bench.results import Result, median_of
from bench.server import running_server

MEMORY_TARGET_MB = 3_500.0
_READY_TARGET_S = 10.0

_SECONDS_OF_IDLING = 3.0


def measure(config: Path | None, *, quick: bool) -> list[Result]:
    """Start and stop servers, one after the other; their models must be in the cache. Raises `ServerFailed`."""
    ready_s: list[float] = []
    resident_mb: list[float] = []
    idle_percent: list[float] = []
    for _ in range(1 if quick else 3):
        with running_server(config) as server:
            ready_s.append(server.startup_s)
            resident_mb.append(server.processes.resident_bytes() / 1e6)
            idle_percent.append(_cpu_percent(server.processes))
    return [
        median_of("until /health answers, models cached", "s", ready_s, target=_READY_TARGET_S),
        median_of("memory once warm", "MB", resident_mb, target=MEMORY_TARGET_MB),
        median_of("CPU of an idle server", "%", idle_percent),
    ]


def _cpu_percent(processes: ProcessTree) -> float:
    """What the processes use of one core while nobody asks anything."""
    before_s = processes.cpu_seconds()
    time.sleep(_SECONDS_OF_IDLING)
    return 100 * (processes.cpu_seconds() - before_s) / _SECONDS_OF_IDLING
