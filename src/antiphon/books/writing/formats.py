"""Writes what a book can be written as."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from antiphon.books.writing.epub import write_epub
from antiphon.books.writing.finished import FinishedBook
from antiphon.books.writing.mp3 import write_mp3s
from antiphon.books.writing.mp4 import write_m4b
from antiphon.books.writing.subtitles import write_srt, write_vtt
from antiphon.vocabulary.books import BookFormat

_WRITERS: Mapping[BookFormat, Callable[[FinishedBook, Path], None]] = {
    BookFormat.M4B: write_m4b,
    BookFormat.EPUB: write_epub,
    BookFormat.SRT: write_srt,
    BookFormat.VTT: write_vtt,
}


def write_book(finished: FinishedBook, book_format: BookFormat, output: Path, *, work: Path) -> Path:
    """Write one format; return where it is. It is made in the folder `work`, and is there whole or not at all."""
    path = book_format.path(output)
    if book_format is BookFormat.MP3:
        write_mp3s(finished, path)
        return path
    partial = work / f"partial.{book_format.value}"
    _WRITERS[book_format](finished, partial)
    partial.replace(path)
    return path


class _WritingStopped(Exception):
    """Nobody waits for the file any more."""


async def written(
    finished: FinishedBook,
    book_format: BookFormat,
    output: Path,
    *,
    work: Path,
    watch: Callable[[float], None] = lambda _: None,
) -> Path:
    """As `write_book`, in a thread, which soon ends when the caller is cancelled. `watch` is told how much has been
    written, from 0 to 1, in that thread."""
    stopped, done = threading.Event(), 0.0

    def count(seconds: float) -> None:
        nonlocal done
        if stopped.is_set():
            raise _WritingStopped
        done += seconds
        watch(min(done / finished.seconds, 1.0))

    try:
        return await asyncio.to_thread(write_book, replace(finished, watch=count), book_format, output, work=work)
    finally:
        stopped.set()
