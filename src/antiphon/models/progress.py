"""Download progress: what is reported, and how it is shown on a terminal and in a log."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Protocol, TextIO

from rich.console import Console
from rich.filesize import decimal
from rich.progress import BarColumn, DownloadColumn, TaskID, TextColumn, TimeRemainingColumn, TransferSpeedColumn
from rich.progress import Progress as RichProgress

_log = logging.getLogger(__name__)

_SECONDS_BETWEEN_LINES = 5.0

Report = Callable[[int, int | None], None]
"""Called with the bytes transferred so far and the total (None while unknown)."""


class TransferStopped(Exception):
    """The rest is no longer wanted; what has arrived is kept, and the next attempt resumes from there."""


class Progress(Protocol):
    """Receives the progress of model downloads."""

    def begin(self, model: str, total_bytes: int) -> None:
        """A model's files are about to be fetched."""
        ...

    def reached(self, model: str, done_bytes: int) -> None:
        """This much of the total is there. It drops if a source fails and the next one starts over.

        Raises:
            TransferStopped: to end the fetch.
        """
        ...

    def finish(self, model: str) -> None:
        """All its files are present and verified."""
        ...

    def say(self, message: str) -> None:
        """Report something a person should know."""
        ...


class Bars:
    """One bar per model, with rate and time left, for a terminal."""

    def __init__(self, bars: RichProgress) -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}

    def begin(self, model: str, total_bytes: int) -> None:
        self._tasks[model] = self._bars.add_task(model, total=total_bytes)

    def reached(self, model: str, done_bytes: int) -> None:
        self._bars.update(self._tasks[model], completed=done_bytes)

    def finish(self, model: str) -> None:
        task = self._bars.tasks[self._tasks[model]]
        self._bars.update(task.id, completed=task.total)

    def say(self, message: str) -> None:
        self._bars.console.print(message, highlight=False, markup=False)


class Lines:
    """A line every few seconds, for a log. Thread-safe.

    Args:
        clock: seconds, from any starting point.
    """

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._writing = threading.Lock()
        self._begun: dict[str, tuple[float, int, int | None]] = {}
        """For each model, when it began, its total, and the bytes that were already there."""
        self._written_at = 0.0

    def begin(self, model: str, total_bytes: int) -> None:
        self._begun[model] = (self._clock(), total_bytes, None)
        self.say(f"{model}: fetching {decimal(total_bytes)}")

    def reached(self, model: str, done_bytes: int) -> None:
        with self._writing:
            now = self._clock()
            since, total, at_first = self._begun[model]
            if at_first is None or done_bytes < at_first:
                at_first = done_bytes
                self._begun[model] = (since, total, at_first)
            if now - max(self._written_at, since) < _SECONDS_BETWEEN_LINES:
                return
            self._written_at = now
            rate = (done_bytes - at_first) / (now - since)
        left = f", {(total - done_bytes) / rate:.0f} s left" if rate else ""
        self.say(f"{model}: {decimal(done_bytes)} of {decimal(total)}, {decimal(int(rate))}/s{left}")

    def finish(self, model: str) -> None:
        since, total, _ = self._begun[model]
        self.say(f"{model}: {decimal(total)} there and verified after {self._clock() - since:.0f} s")

    def say(self, message: str) -> None:
        print(message, file=self._stream, flush=True)


class LoggedLines(Lines):
    """The same lines as records of the log, while the server is running."""

    def __init__(self) -> None:
        super().__init__(sys.stderr)

    def say(self, message: str) -> None:
        _log.info("%s", message)


class Tally:
    """Adds up the progress of one model's parallel transfers. Thread-safe.

    Each transfer stands for a share of the model's bytes: a package is compressed, so its own bytes say little.
    """

    def __init__(self, progress: Progress, model: str) -> None:
        self._progress = progress
        self._model = model
        self._adding = threading.Lock()
        self._done: dict[str, float] = {}

    def share(self, transfer: str, share_bytes: float, stop: threading.Event | None = None) -> Report:
        """The callback for a transfer that stands for `share_bytes` of the model. Setting `stop` ends the transfer."""

        def report(done_bytes: int, total_bytes: int | None) -> None:
            if stop is not None and stop.is_set():
                raise TransferStopped
            with self._adding:
                self._done[transfer] = share_bytes * min(1.0, done_bytes / total_bytes) if total_bytes else 0.0
                self._progress.reached(self._model, round(sum(self._done.values())))

        return report


@contextmanager
def shown_on(stream: TextIO) -> Generator[Progress, None, None]:
    """Bars if `stream` is a terminal, lines otherwise."""
    if not stream.isatty():
        yield Lines(stream)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with RichProgress(*columns, console=Console(file=stream)) as bars:
        yield Bars(bars)
