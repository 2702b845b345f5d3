"""Several transfers at once, but never more than a few, and their results in order."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, wait
from typing import TypeVar

AT_ONCE = 3
"""More gain little on one line, and each package that waits to be unpacked takes up disk."""

Item = TypeVar("Item")
Result = TypeVar("Result")


def ahead(work: Callable[[Item, threading.Event], Result], items: Iterable[Item]) -> Generator[Result, None, None]:
    """Yield `work(item, stop)` for each item in order, while the next `AT_ONCE` are worked on already.

    Closing the iterator, or an error in one of them, sets `stop` and waits for those at work to end.
    """
    stop = threading.Event()
    pending: deque[Future[Result]] = deque()
    try:
        for item in items:
            if len(pending) == AT_ONCE:
                yield pending.popleft().result()
            pending.append(_started(work, item, stop))
        while pending:
            yield pending.popleft().result()
    finally:
        stop.set()
        wait(pending)


def _started(work: Callable[[Item, threading.Event], Result], item: Item, stop: threading.Event) -> Future[Result]:
    """The work in a thread that no process waits for when it ends: a host that has fallen silent holds nobody up."""
    future: Future[Result] = Future()

    def run() -> None:
        try:
            future.set_result(work(item, stop))
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, daemon=True, name="antiphon-fetch").start()
    return future
