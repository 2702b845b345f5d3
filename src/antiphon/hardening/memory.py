"""How memory goes back to the system once it is free."""

from __future__ import annotations

import ctypes
from contextlib import suppress

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_LARGE_BYTES = 4 * 1024 * 1024
"""A minute of audio as engines hear it."""


def give_large_blocks_back() -> None:
    """Have the C library map blocks of over four megabytes on their own, so that each goes back when it is freed.

    Left to itself, glibc raises that bound to the largest block that it has seen, 32 MB at most; blocks as large as a
    request's body then come from heaps, and stay there for as long as anything lies behind them. Other C libraries do
    without this.
    """
    with suppress(OSError, AttributeError):
        allocator = ctypes.CDLL(None)
        allocator.mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)
        allocator.mallopt(_M_TRIM_THRESHOLD, 2 * _LARGE_BYTES)
