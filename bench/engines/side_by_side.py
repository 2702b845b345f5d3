"""The same engine asked in two ways, in turn, so that whatever else the machine does takes part in both."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, TypeAlias

from bench.results import Result, median_of

Ask: TypeAlias = Callable[[], AsyncGenerator[Any]]


@dataclass(frozen=True, slots=True)
class Way:
    """To an engine that is not in this process."""

    where: str
    what: str
    target_ms: float | None = None
    """What it should add at most, at the median."""


async def side_by_side(name: str, here: Ask, there: Ask, rounds: int, way: Way) -> list[Result]:
    """Ask one and then the other, the first of a round by turns, and compare the two of each round."""
    here_ms: list[float] = []
    there_ms: list[float] = []
    for number in range(-2, rounds):
        sides: Sequence[tuple[Ask, list[float]]] = [(here, here_ms), (there, there_ms)]
        for ask, samples in sides if number % 2 else reversed(sides):
            taken_ms = await _first_ms(ask())
            if number >= 0:  # Those before warm up.
                samples.append(taken_ms)
    added = [remote - embedded for remote, embedded in zip(there_ms, here_ms, strict=True)]
    return [
        median_of(f"{name}: in this process", "ms", here_ms),
        median_of(f"{name}: {way.where}", "ms", there_ms),
        median_of(f"{name}: added by {way.what}", "ms", added, target=way.target_ms),
    ]


async def _first_ms(pieces: AsyncGenerator[Any]) -> float:
    """How long the first piece takes. The others are taken as well, as a reply takes them."""
    began = time.perf_counter()
    async with aclosing(pieces):
        await anext(pieces)
        taken_ms = 1000 * (time.perf_counter() - began)
        async for _ in pieces:
            pass
    return taken_ms
