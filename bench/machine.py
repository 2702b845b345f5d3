"""The machine that a report was made on: a number says little without it."""

from __future__ import annotations

import os
import platform
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

from antiphon import __version__
from antiphon.machine import cpu_count


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """When and where the run was."""

    started_at: str
    """ISO 8601, UTC."""
    antiphon: str
    python: str
    architecture: str
    processor: str
    cores: float
    """As many as this process may use."""
    memory_gb: float
    """In all, not what is free."""
    load_before: float
    """Processes that wanted a core, on average over the minute before: 0 on a quiet machine."""

    def in_words(self) -> str:
        load = f"load before {self.load_before:.1f}"
        return f"{self.cores:g} cores of {self.processor}, {self.memory_gb:.0f} GB, Python {self.python}, {load}"


def describe_machine() -> Machine:
    return Machine(
        started_at=datetime.now(UTC).isoformat(timespec="seconds"),
        antiphon=__version__,
        python=platform.python_version(),
        architecture=platform.machine(),
        processor=_processor(),
        cores=cpu_count(),
        memory_gb=psutil.virtual_memory().total / 1e9,
        load_before=os.getloadavg()[0],
    )


def _processor() -> str:
    try:
        description = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        description = ""
    found = re.search(r"^model name\s*:\s*(.+)$", description, re.MULTILINE)
    return found.group(1).strip() if found else platform.machine()
