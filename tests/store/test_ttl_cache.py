from __future__ import annotations

import asyncio
import weakref

import pytest

from antiphon.store.ttl_cache import TtlCache

pytestmark = pytest.mark.anyio


class Source:
    """Values that change, a count of how often they were read, and a clock to turn by hand."""

    def __init__(self) -> None:
        self.value = "old"
        self.reads = 0
        self.seconds = 0.0

    async def read(self, key: str) -> str:
        self.reads += 1
        value = f"{key} {self.value}"
        await asyncio.sleep(0)
        return value

    def cache(self) -> TtlCache[str, str]:
        return TtlCache(self.read, seconds=2.0, monotonic=lambda: self.seconds)


async def test_a_value_is_read_once_while_it_is_remembered() -> None:
    source = Source()
    cache = source.cache()
    assert [await cache.get("a") for _ in range(3)] == ["a old"] * 3
    assert source.reads == 1


async def test_a_change_elsewhere_is_seen_when_the_memory_is_over() -> None:
    source = Source()
    cache = source.cache()
    await cache.get("a")
    source.value = "new"
    source.seconds = 1.9
    assert await cache.get("a") == "a old"
    source.seconds = 2.0
    assert await cache.get("a") == "a new"


async def test_a_forgotten_value_is_read_again_at_once() -> None:
    source = Source()
    cache = source.cache()
    await cache.get("a")
    source.value = "new"
    cache.forget("a")
    assert await cache.get("a") == "a new"


async def test_a_value_changed_while_it_was_read_is_not_remembered() -> None:
    source = Source()
    cache = source.cache()
    reading = asyncio.create_task(cache.get("a"))
    await asyncio.sleep(0)
    source.value = "new"
    cache.forget("a")
    assert await reading == "a old"
    assert await cache.get("a") == "a new"


class Value:
    """Something whose end can be watched."""


async def test_memory_stays_bounded_whatever_is_asked_for() -> None:
    given_out: list[weakref.ref[Value]] = []

    async def read(key: int) -> Value:
        value = Value()
        given_out.append(weakref.ref(value))
        return value

    cache = TtlCache(read, seconds=1000.0, at_most=3)
    for key in range(10):
        await cache.get(key)
    assert sum(value() is not None for value in given_out) <= 3
