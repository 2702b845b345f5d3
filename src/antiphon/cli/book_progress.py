"""How a book is coming along: a bar on a terminal, lines in a log."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Protocol, TextIO

from rich.console import Console
from rich.filesize import decimal
from rich.progress import BarColumn, TextColumn
from rich.progress import Progress as Bars

from antiphon.books.book import Book
from antiphon.books.making import Progress
from antiphon.books.writing.mp4 import BIT_RATE

_SECONDS_BETWEEN_LINES = 30.0


class Shown(Protocol):
    def said(self, progress: Progress) -> None:
        """Another sentence has been said."""
        ...

    def written(self, name: str, share: float) -> None:
        """So much of the file of that name has been written, 0 to 1."""
        ...


def size_of(seconds: float) -> int:
    """About how many bytes an M4B of that length has."""
    return round(seconds * BIT_RATE / 8)


def lasting(seconds: float) -> str:
    """ "1:02:03"."""
    return str(timedelta(seconds=round(seconds)))


def told(progress: Progress, titles: Sequence[str]) -> str:
    """The whole of a progress on one line."""
    parts = [
        f"chapter {progress.chapter + 1} of {len(titles)}",
        f"{lasting(progress.audio_seconds)} of about {lasting(progress.expected_seconds)}",
        f"about {decimal(size_of(progress.expected_seconds))}",
    ]
    if progress.times_real_time is not None and progress.seconds_left is not None:
        parts += [f"{progress.times_real_time:.1f} times real time", f"{lasting(progress.seconds_left)} left"]
    return ", ".join(parts)


class _Bar:
    def __init__(self, bars: Bars, titles: Sequence[str]) -> None:
        self._bars = bars
        self._titles = titles
        self._saying = bars.add_task("Saying", total=1.0, told="")
        self._writing = {}

    def said(self, progress: Progress) -> None:
        share = progress.characters / max(progress.all_characters, 1)
        self._bars.update(self._saying, completed=share, told=told(progress, self._titles))

    def written(self, name: str, share: float) -> None:
        if name not in self._writing:
            self._writing[name] = self._bars.add_task("Writing", total=1.0, told=name)
        self._bars.update(self._writing[name], completed=share)


class _Lines:
    def __init__(self, stream: TextIO, titles: Sequence[str], clock: Callable[[], float]) -> None:
        self._stream = stream
        self._titles = titles
        self._clock = clock
        self._last = clock()
        self._written: set[str] = set()

    def said(self, progress: Progress) -> None:
        is_done = progress.characters == progress.all_characters
        if is_done or self._clock() - self._last >= _SECONDS_BETWEEN_LINES:
            self._last = self._clock()
            share = progress.characters / max(progress.all_characters, 1)
            print(f"{share:.0%}: {told(progress, self._titles)}", file=self._stream, flush=True)

    def written(self, name: str, share: float) -> None:
        if share >= 1 and name not in self._written:
            self._written.add(name)
            print(f"Wrote {name}", file=self._stream, flush=True)


@contextmanager
def shown_on(stream: TextIO, book: Book, clock: Callable[[], float] = time.monotonic) -> Generator[Shown]:
    titles = [chapter.title for chapter in book.chapters]
    if not stream.isatty():
        yield _Lines(stream, titles, clock)
        return
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=None), TextColumn("{task.fields[told]}"))
    with Bars(*columns, console=Console(file=stream), expand=True) as bars:
        yield _Bar(bars, titles)
