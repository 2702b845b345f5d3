"""Waiting in tests for what announces itself to nobody."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

_LOOP_TURNS = 100


async def eventually(condition: Callable[[], object], *, seconds: float = 30.0) -> None:
    """Return once the condition holds; fail when it does not in time, which is long even for a busy machine.

    Looks are counted rather than seconds: a process that is suspended loses none.
    """
    for _ in range(round(seconds * 100)):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"The condition did not hold within {seconds} seconds.")


def until(condition: Callable[[], object], *, seconds: float = 60.0) -> None:
    """The same where there is no loop."""
    for _ in range(round(seconds * 50)):
        if condition():
            return
        time.sleep(0.02)
    raise AssertionError(f"The condition did not hold within {seconds} seconds.")


async def settled() -> None:
    """Return once all tasks have run as far as they can without threads, sockets or time."""
    for _ in range(_LOOP_TURNS):
        await asyncio.sleep(0)
