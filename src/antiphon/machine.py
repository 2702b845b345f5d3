"""The processors and memory that this process may use, and the device that engines are told to use."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Literal, TypeAlias

Device: TypeAlias = Literal["auto", "cpu", "cuda"]
"""Where engines in this process compute. "auto" is a GPU if there is one that the engine's library can use."""

_CGROUP = Path("/sys/fs/cgroup")


def cpu_count() -> float:
    """The processors that this process may use; a container's quota can be a fraction."""
    affinity = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota, _, period = _read(_CGROUP / "cpu.max").partition(" ")
    return min(affinity, int(quota) / int(period)) if quota.isdigit() and period.strip().isdigit() else affinity


def cpu_flags() -> frozenset[str]:
    """The instruction sets that the kernel reports; empty if it reports none."""
    found = re.search(r"^(?:flags|Features)\s*:\s*(.*)$", _read(Path("/proc/cpuinfo")), re.MULTILINE)
    return frozenset(found.group(1).split()) if found else frozenset()


def memory_bytes() -> int:
    """The memory that this process could use: what is free or can be freed, within the container's limit."""
    available = re.search(r"^MemAvailable:\s*(\d+) kB$", _read(Path("/proc/meminfo")), re.MULTILINE)
    free = int(available.group(1)) * 1024 if available else os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    limit, used = _read(_CGROUP / "memory.max").strip(), _read(_CGROUP / "memory.current").strip()
    return min(free, int(limit) - int(used)) if limit.isdigit() and used.isdigit() else free


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""
