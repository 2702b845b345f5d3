"""`read_book`: any file that can be read aloud, by the end of its name."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from antiphon.books.book import Book
from antiphon.books.errors import BookRefused, UnreadableBook
from antiphon.books.reading.epub import read_epub
from antiphon.books.reading.pages import read_html, read_markdown
from antiphon.books.reading.text import read_text

LARGEST_BOOK = 1_000_000_000
"""Bytes of an EPUB, which may have pictures."""
LARGEST_PAGE = 64_000_000
"""Bytes of a text."""

_PAGES: dict[str, Callable[[Path, bytes], Book]] = {
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".txt": read_text,
}
_CHOICE = re.compile(r"(\d{1,6})?(-)?(\d{1,6})?")


def read_book(path: Path) -> Book:
    """Raises `UnreadableBook`, and `OSError` if there is no such file."""
    suffix = path.suffix.lower()
    size = path.stat().st_size
    if suffix == ".epub":
        _check_size(path, size, LARGEST_BOOK)
        return read_epub(path)
    read = _PAGES.get(suffix)
    if read is None:
        raise UnreadableBook(f"{path.name} cannot be read: books are EPUB, HTML, Markdown or text (.txt).")
    _check_size(path, size, LARGEST_PAGE)
    return read(path, path.read_bytes())


def chosen(book: Book, chapters: str) -> Book:
    """The book with these chapters alone: "1-3,7", counted from 1. Raises `BookRefused`."""
    count = len(book.chapters)
    wanted: set[int] = set()
    for part in chapters.replace(" ", "").split(","):
        found = _CHOICE.fullmatch(part)
        if found is None or not part or part == "-":
            raise BookRefused(f'"{chapters}" does not name chapters: write them as "1-3,7".')
        first = int(found[1] or (1 if found[2] else found[3]))
        last = int(found[3]) if found[3] else count if found[2] else first
        if not 1 <= first <= last <= count:
            raise BookRefused(f'There is no chapter "{part}": the book has {count}, of which the first is 1.')
        wanted.update(range(first, last + 1))
    return replace(book, chapters=tuple(book.chapters[number - 1] for number in sorted(wanted)))


def _check_size(path: Path, size: int, largest: int) -> None:
    if size > largest:
        raise UnreadableBook(f"{path.name} has {size // 1_000_000} MB; at most {largest // 1_000_000} MB are read.")
