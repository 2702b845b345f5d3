"""A worker pool runs blocking work in threads: in order, bounded, cancellable."""

from __future__ import annotations

import asyncio
import threading
from contextlib import aclosing

import pytest

from antiphon.engines.embedded.worker_pool import Job, WorkerPool
from antiphon.hardening.errors import ServerBusy

from ...waiting import settled

pytestmark = pytest.mark.anyio


async def test_yields_what_the_work_emits_in_order():
    def count(job: Job[int]) -> None:
        for number in range(100):
            job.emit(number)

    assert [number async for number in WorkerPool("test", workers=1, max_waiting=0).stream(count)] == list(range(100))


async def test_raises_what_the_work_raises_after_what_it_emitted():
    def fail(job: Job[int]) -> None:
        job.emit(1)
        raise LookupError("gone")

    received: list[int] = []
    with pytest.raises(LookupError, match="gone"):
        async for number in WorkerPool("test", workers=1, max_waiting=0).stream(fail):
            received.append(number)
    assert received == [1]


async def test_closing_the_generator_cancels_the_job_and_frees_its_worker():
    stopped = threading.Event()

    def forever(job: Job[int]) -> None:
        interrupted = threading.Event()
        job.on_cancel(interrupted.set)
        job.emit(0)
        interrupted.wait(10)
        assert job.cancelled
        stopped.set()

    pool = WorkerPool("test", workers=1, max_waiting=0)
    async with aclosing(pool.stream(forever)) as numbers:
        assert await anext(numbers) == 0
    assert await asyncio.to_thread(stopped.wait, 10)
    assert await pool.run(lambda: "next") == "next"


async def test_a_job_beyond_those_that_may_wait_is_refused():
    release = threading.Event()
    pool = WorkerPool("test", workers=1, max_waiting=1)
    running = asyncio.create_task(pool.run(lambda: release.wait(10)))
    await settled()
    waiting = asyncio.create_task(pool.run(lambda: "waited"))
    await settled()
    with pytest.raises(ServerBusy):
        await pool.run(lambda: "refused")
    release.set()
    assert await running
    assert await waiting == "waited"


async def test_jobs_are_served_in_the_order_they_came():
    order: list[int] = []
    pool = WorkerPool("test", workers=1, max_waiting=10)
    await asyncio.gather(*(pool.run(lambda number=number: order.append(number)) for number in range(10)))
    assert order == list(range(10))


async def test_a_job_cancelled_while_it_waits_never_runs():
    release = threading.Event()
    ran: list[str] = []
    pool = WorkerPool("test", workers=1, max_waiting=1)
    running = asyncio.create_task(pool.run(lambda: release.wait(10)))
    await settled()
    waiting = asyncio.create_task(pool.run(lambda: ran.append("waiting")))
    await settled()
    waiting.cancel()
    release.set()
    await running
    await pool.run(lambda: ran.append("next"))
    assert ran == ["next"]
