"""`WorkerPool`: blocking inference in a few worker threads, behind a bounded queue that is fair to accounts."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

from antiphon.hardening.fair_turns import FairTurns

T = TypeVar("T")


class Job(Generic[T]):
    """What blocking work sees of the coroutine waiting for it."""

    def __init__(self, deliver: Callable[[T], None]) -> None:
        self._deliver = deliver
        self._cancelled = threading.Event()
        self._on_cancel: Callable[[], None] | None = None

    @property
    def cancelled(self) -> bool:
        """True once nobody is waiting for the results: the work should return as soon as it can."""
        return self._cancelled.is_set()

    def emit(self, item: T) -> None:
        """Hand one result to the generator's consumer."""
        if not self.cancelled:
            self._deliver(item)

    def on_cancel(self, interrupt: Callable[[], None]) -> None:
        """Call `interrupt` (from another thread) when the job is cancelled, now or later."""
        self._on_cancel = interrupt
        if self.cancelled:
            interrupt()

    def cancel(self) -> None:
        self._cancelled.set()
        if self._on_cancel is not None:
            self._on_cancel()


class _End:
    """Marks that the work has returned."""


class WorkerPool:
    """At most `workers` jobs at a time; at most `max_waiting` more wait their turn, in the order of `FairTurns`."""

    def __init__(self, name: str, *, workers: int, max_waiting: int) -> None:
        self._executor = ThreadPoolExecutor(workers, thread_name_prefix=name)
        self.turns = FairTurns(workers, max_waiting=max_waiting)

    async def stream(self, work: Callable[[Job[T]], None]) -> AsyncGenerator[T]:
        """Run `work` in a thread and yield what it emits, in order.

        Closing the generator cancels the job at once; its worker moves on to the next job once `work` has returned.

        Raises `ServerBusy` if too many jobs are waiting already, and whatever `work` raises.
        """
        await self.turns.acquire()
        loop = asyncio.get_running_loop()
        results: asyncio.Queue[T | type[_End]] = asyncio.Queue()
        job: Job[T] = Job(lambda item: _call_if_open(loop, results.put_nowait, item))
        outcome = loop.run_in_executor(self._executor, work, job)
        outcome.add_done_callback(lambda outcome: self._end_turn(outcome, results))
        try:
            while not isinstance(item := await results.get(), type):
                yield item
            await outcome
        finally:
            job.cancel()

    async def run(self, work: Callable[[], T]) -> T:
        """Run `work` in a thread and return its result. Work that has begun is finished even if nobody waits for it."""
        await self.turns.acquire()
        outcome = asyncio.get_running_loop().run_in_executor(self._executor, work)
        outcome.add_done_callback(lambda _: self.turns.release())
        return await asyncio.shield(outcome)

    def _end_turn(self, outcome: asyncio.Future[None], results: asyncio.Queue[T | type[_End]]) -> None:
        self.turns.release()
        results.put_nowait(_End)
        if not outcome.cancelled():
            outcome.exception()  # Retrieved, so that asyncio does not warn if nobody is waiting any more.


def _call_if_open(loop: asyncio.AbstractEventLoop, function: Callable[[T], None], item: T) -> None:
    """Schedule `function(item)` unless the loop is gone, as when the server was stopped in mid-work."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(function, item)
