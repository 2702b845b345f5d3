"""Work in threads that do not keep a process alive: a host that stops responding cannot delay shutdown."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, wait
from functools import partial
from typing import TypeVar

_AT_ONCE = 3
"""More gains little on a single connection, and every package waiting to be unpacked takes up disk space."""

Item = TypeVar("Item")
Result = TypeVar("Result")


def in_background(work: Callable[[], Result]) -> Future[Result]:
    """A future for the result of the work."""
    future: Future[Result] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, daemon=True, name="antiphon-fetch").start()
    return future


def ahead(work: Callable[[Item, threading.Event], Result], items: Iterable[Item]) -> Generator[Result, None, None]:
    """Yield `work(item, stop)` for each item in order, working ahead on the next few.

    Closing the iterator, or an error in any item, sets `stop` and waits for the work in progress to end.
    """
    stop = threading.Event()
    pending: deque[Future[Result]] = deque()
    try:
        for item in items:
            if len(pending) == _AT_ONCE:
                yield pending.popleft().result()
            pending.append(in_background(partial(work, item, stop)))
        while pending:
            yield pending.popleft().result()
    finally:
        stop.set()
        wait(pending)
