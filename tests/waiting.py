"""Waiting in tests for what will be so soon, and is announced by nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


async def eventually(condition: Callable[[], object], *, seconds: float = 5.0) -> None:
    """Return once the condition holds; fail when it does not in time."""
    for _ in range(round(seconds * 100)):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"It did not come to it within {seconds} seconds.")
