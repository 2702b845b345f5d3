"""Work in threads that no process waits for when it ends: a host that has fallen silent holds nobody up."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, wait
from functools import partial
from typing import TypeVar

_AT_ONCE = 3
"""More gain little on one line, and each package that waits to be unpacked takes up disk."""

Item = TypeVar("Item")
Result = TypeVar("Result")


def in_background(work: Callable[[], Result]) -> Future[Result]:
    """What the work will have come to."""
    future: Future[Result] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, daemon=True, name="antiphon-fetch").start()
    return future


def ahead(work: Callable[[Item, threading.Event], Result], items: Iterable[Item]) -> Generator[Result, None, None]:
    """Yield `work(item, stop)` for each item in order, while the next few are worked on already.

    Closing the iterator, or an error in one of them, sets `stop` and waits for those at work to end.
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
