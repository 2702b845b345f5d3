"""`BookShelf`: the audiobooks that accounts have ordered, each in a folder of the data folder.

    order.json       what was ordered; never changed
    state.json       how it is coming along, written by whoever makes it
    cancelled        is there once nobody wants it any more
    book.epub        what was sent, under the end of its name
    job              where it is being made
    audio.m4b, …     what it has become

A folder without an order is what a crash left of one.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import shutil
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec

from antiphon.resources.errors import BookNotFound, BookUnfinished, TooManyBooks
from antiphon.store.durable import create_file, sync_folder, write_file
from antiphon.store.location import create_private_folder
from antiphon.store.utc import Clock, utc_now

MOST_BOOKS = 16
"""Of an account, until it deletes some."""
_ID = re.compile(r"book_[0-9a-f]{32}")
_PRIVATE = 0o600

BookStatus: TypeAlias = Literal["queued", "in_progress", "completed", "failed", "cancelled"]


class BookOrder(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    account_id: str
    created_at: int
    """Unix time."""
    deployment: str
    """Its name, as the client knows it."""
    profile: str
    suffix: str
    """Of what was sent: ".epub", …"""
    file_name: str
    voice: str
    speed: float
    language: str | None
    chapters: str | None
    """Those that were chosen; None for all."""
    formats: list[str]


class BookState(msgspec.Struct, frozen=True, kw_only=True):
    status: Literal["in_progress", "completed", "failed"]
    title: str = ""
    authors: Sequence[str] = ()
    language: str = ""
    chapters: Sequence[str] = ()
    """Their titles."""
    finished_chapters: int = 0
    sentences: int = 0
    all_sentences: int = 0
    audio_seconds: float = 0.0
    expected_seconds: float = 0.0
    seconds_left: float | None = None
    error: str = ""
    """Why it failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelvedBook:
    order: BookOrder
    state: BookState | None
    """None before anybody has begun."""
    is_cancelled: bool
    folder: Path

    @property
    def status(self) -> BookStatus:
        if self.state is not None and self.state.status in ("completed", "failed"):
            return self.state.status
        if self.is_cancelled:
            return "cancelled"
        return "queued" if self.state is None else "in_progress"

    @property
    def is_wanted(self) -> bool:
        """Whether there is still something to do."""
        return self.status in ("queued", "in_progress")

    @property
    def source(self) -> Path:
        return self.folder / f"book{self.order.suffix}"

    @property
    def job(self) -> Path:
        return self.folder / "job"

    @property
    def output(self) -> Path:
        """The M4B; others are beside it."""
        return self.folder / "audio.m4b"


class BookShelf:
    """Blocking work is done in threads. An account sees its own books alone."""

    def __init__(self, folder: Path, *, clock: Clock = utc_now) -> None:
        self._folder = folder
        self._clock = clock
        self.ordered = asyncio.Event()
        """Set when a book is ordered or cancelled through this object."""

    async def put(self, order: BookOrder, source: bytes | memoryview) -> ShelvedBook:
        """Take an order, which is on the disk once this returns. Raises `TooManyBooks`."""
        book = await asyncio.to_thread(self._put, order, source)
        self.ordered.set()
        return book

    async def get(self, account_id: str, book_id: str) -> ShelvedBook:
        """Raises `BookNotFound`."""
        return await asyncio.to_thread(self._get, account_id, book_id)

    async def list(self, account_id: str) -> Sequence[ShelvedBook]:
        """Newest first."""
        return await asyncio.to_thread(self._list, account_id)

    async def cancel(self, account_id: str, book_id: str) -> ShelvedBook:
        """What has been finished stays as it is. Raises `BookNotFound`."""
        book = await self.get(account_id, book_id)
        if book.is_wanted:
            await asyncio.to_thread((book.folder / "cancelled").touch)
            self.ordered.set()
        return await self.get(account_id, book_id)

    async def delete(self, account_id: str, book_id: str) -> None:
        """Raises `BookNotFound`, and `BookUnfinished` for one that is being made."""
        book = await self.get(account_id, book_id)
        if book.is_wanted:
            raise BookUnfinished(book_id)
        await asyncio.to_thread(shutil.rmtree, book.folder, ignore_errors=True)

    async def next(self) -> ShelvedBook | None:
        """The one to be made: what was begun, then what was ordered first."""
        return await asyncio.to_thread(self._next)

    def write_state(self, book: ShelvedBook, state: BookState) -> None:
        """Blocks until it is on the disk."""
        write_file(book.folder / "state.json", msgspec.json.encode(state), mode=_PRIVATE)

    async def keep_only(self, account_ids: Collection[str]) -> None:
        """Delete the books of all other accounts."""
        for folder in await asyncio.to_thread(self._account_folders):
            if folder.name not in account_ids:
                await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    def new_id(self) -> str:
        return f"book_{secrets.token_hex(16)}"

    def now(self) -> int:
        return int(self._clock().timestamp())

    def _put(self, order: BookOrder, source: bytes | memoryview) -> ShelvedBook:
        account = self._folder / order.account_id
        create_private_folder(self._folder)
        create_private_folder(account)
        if len(self._list(order.account_id)) >= MOST_BOOKS:
            raise TooManyBooks(MOST_BOOKS)
        folder = account / order.id
        create_private_folder(folder)
        create_file(folder / f"book{order.suffix}", bytes(source), mode=_PRIVATE)
        create_file(folder / "order.json", msgspec.json.encode(order), mode=_PRIVATE)
        sync_folder(account)
        return self._read(folder)

    def _get(self, account_id: str, book_id: str) -> ShelvedBook:
        folder = self._folder / account_id / book_id
        if not _ID.fullmatch(book_id) or not (folder / "order.json").exists():
            raise BookNotFound(book_id)
        return self._read(folder)

    def _list(self, account_id: str) -> Sequence[ShelvedBook]:
        orders = (self._folder / account_id).glob("book_*/order.json")
        books = [self._read(path.parent) for path in orders]
        return sorted(books, key=lambda book: (book.order.created_at, book.order.id), reverse=True)

    def _next(self) -> ShelvedBook | None:
        books = [book for folder in self._account_folders() for book in self._list(folder.name) if book.is_wanted]
        return min(books, key=lambda book: (book.state is None, book.order.created_at), default=None)

    def _account_folders(self) -> Sequence[Path]:
        return [path for path in self._folder.glob("*") if path.is_dir()]

    def _read(self, folder: Path) -> ShelvedBook:
        try:
            order = msgspec.json.decode((folder / "order.json").read_bytes(), type=BookOrder)
        except FileNotFoundError:  # Deleted meanwhile.
            raise BookNotFound(folder.name) from None
        try:
            state = msgspec.json.decode((folder / "state.json").read_bytes(), type=BookState)
        except FileNotFoundError:
            state = None
        return ShelvedBook(order=order, state=state, is_cancelled=(folder / "cancelled").exists(), folder=folder)
