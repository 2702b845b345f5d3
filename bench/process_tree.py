"""What a process and its children take: memory and CPU time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import psutil

T = TypeVar("T")

_SECONDS_BETWEEN_LOOKS = 0.005
_SECONDS_TO_SETTLE = 0.5
"""What a request leaves to be done behind its answer counts as its cost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    wall_s: float
    cpu_s: float
    """Of all cores together."""
    extra_bytes: int
    """Resident memory at its peak, less what was resident before."""


class ProcessTree:
    """A process with its children, as they are at each look."""

    def __init__(self, pid: int) -> None:
        self._root = psutil.Process(pid)

    def resident_bytes(self) -> int:
        """Pages that several of the processes share count in each of them."""
        return sum(_resident_bytes(process) for process in self._all())

    def cpu_seconds(self) -> float:
        """CPU time so far, of processes that have ended as well."""
        times = [_cpu_seconds(process) for process in self._all()]
        ended = self._root.cpu_times()
        return sum(times) + ended.children_user + ended.children_system

    def cost_of(self, work: Callable[[], T]) -> tuple[T, Cost]:
        """Do `work`, and tell what it cost these processes."""
        before_bytes, before_s = self.resident_bytes(), self.cpu_seconds()
        peak = _Peak(self._all())
        peak.start()
        started = time.perf_counter()
        try:
            outcome = work()
            wall_s = time.perf_counter() - started
            time.sleep(_SECONDS_TO_SETTLE)
        finally:
            peak.stop()
        return outcome, Cost(
            wall_s=wall_s,
            cpu_s=self.cpu_seconds() - before_s,
            extra_bytes=max(0, peak.bytes - before_bytes),
        )

    def _all(self) -> list[psutil.Process]:
        return [self._root, *self._root.children(recursive=True)]


class _Peak(threading.Thread):
    """Watches the resident memory of processes until it is told to stop."""

    def __init__(self, processes: list[psutil.Process]) -> None:
        super().__init__(daemon=True)
        self._processes = processes
        self._stopped = threading.Event()
        self.bytes = 0
        """The most that was resident at any look."""

    def run(self) -> None:
        while not self._stopped.wait(_SECONDS_BETWEEN_LOOKS):
            self.bytes = max(self.bytes, sum(_resident_bytes(process) for process in self._processes))

    def stop(self) -> None:
        self._stopped.set()
        self.join()


def _resident_bytes(process: psutil.Process) -> int:
    try:
        return process.memory_info().rss
    except psutil.NoSuchProcess:
        return 0


def _cpu_seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return times.user + times.system
