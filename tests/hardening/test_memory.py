"""What a process keeps of memory that it has let go of."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

_PROGRAM = """
import ctypes, os
from antiphon.hardening.memory import give_large_blocks_back

def resident_mb():
    pages = int(open("/proc/self/statm").read().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

give_large_blocks_back()
bytes(20_000_000)  # When it is freed, glibc would take blocks of this size from its heap from now on.
before, kept = resident_mb(), []
for _ in range(10):
    large = [bytearray(b"a") * 18_000_000 for _ in range(2)]
    kept.append(bytearray(b"a") * 100_000)  # It lies behind them.
    large.clear()
print(resident_mb() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="Linux alone tells")
def test_large_blocks_go_back_to_the_system_though_small_ones_lie_behind_them():
    ran = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True)
    assert float(ran.stdout) < 8
