"""Reads books from strangers in a process of its own: it may use so much memory and time, and knows nothing of the
server's environment. Only text and a picture come back."""

from __future__ import annotations

import asyncio
import resource
import sys
from pathlib import Path

import msgspec

from antiphon.books.book import Book
from antiphon.books.errors import BookError, UnreadableBook
from antiphon.hardening.isolation import bare_environment

_MEMORY_BYTES = 1_500_000_000
_CPU_SECONDS = 120
_TOO_MUCH = "The book needs too much memory or time to read."


class _Read(msgspec.Struct, frozen=True):
    """What the process answers: one or the other."""

    book: Book | None = None
    refused: str = ""


async def read_apart(path: Path, chapters: str | None) -> Book:
    """As `read_book` and `chosen`. Raises `BookError`."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-m",
        "antiphon.books.reading.process",
        str(path),
        chapters or "",
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=bare_environment(),
    )
    try:
        answer, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise UnreadableBook(_TOO_MUCH)
    read = msgspec.json.decode(answer, type=_Read)
    if read.book is None:
        raise UnreadableBook(read.refused)
    return read.book


def main() -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from antiphon.books.reading.files import chosen, read_book

    path, chapters = Path(sys.argv[1]), sys.argv[2]
    try:
        book = read_book(path)
        answer = _Read(book=chosen(book, chapters) if chapters else book)
    except BookError as error:
        answer = _Read(refused=error.message)
    sys.stdout.buffer.write(msgspec.json.encode(answer))


if __name__ == "__main__":
    main()
