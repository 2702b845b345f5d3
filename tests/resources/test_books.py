"""The shelf of audiobooks: on the disk, and each account's own."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from antiphon.resources.books import BookOrder, BookShelf, BookState
from antiphon.resources.errors import BookNotFound, BookUnfinished

pytestmark = pytest.mark.anyio


def order(shelf: BookShelf, account_id: str = "a", created_at: int = 1) -> BookOrder:
    return BookOrder(
        id=shelf.new_id(),
        account_id=account_id,
        created_at=created_at,
        deployment="tts-1",
        profile="default",
        suffix=".md",
        file_name="rain.md",
        voice="alloy",
        speed=1.0,
        language=None,
        chapters=None,
        formats=["m4b"],
    )


async def test_an_order_is_there_after_a_restart(tmp_path: Path):
    shelf = BookShelf(tmp_path / "books")
    book = await shelf.put(order(shelf), b"It rained.")
    again = await BookShelf(tmp_path / "books").get("a", book.order.id)
    assert again == book
    assert again.source.read_bytes() == b"It rained."
    assert (tmp_path / "books").stat().st_mode & 0o077 == 0


async def test_books_are_each_accounts_own(tmp_path: Path):
    shelf = BookShelf(tmp_path)
    book = await shelf.put(order(shelf), b"")
    with pytest.raises(BookNotFound):
        await shelf.get("b", book.order.id)
    assert await shelf.list("b") == []
    await shelf.keep_only({"b"})
    with pytest.raises(BookNotFound):
        await shelf.get("a", book.order.id)


async def test_what_was_begun_is_next_and_then_what_was_ordered_first(tmp_path: Path):
    shelf = BookShelf(tmp_path)
    late, early, begun = [await shelf.put(order(shelf, created_at=at), b"") for at in (2, 1, 3)]
    shelf.write_state(begun, BookState(status="in_progress"))
    for expected in (begun, early, late):
        found = await shelf.next()
        assert found is not None
        assert found.order.id == expected.order.id
        shelf.write_state(found, BookState(status="completed"))
    assert await shelf.next() is None
    assert [book.order.id for book in await shelf.list("a")] == [each.order.id for each in (begun, late, early)]


async def test_a_finished_book_cannot_be_cancelled_and_an_unfinished_one_not_deleted(tmp_path: Path):
    shelf = BookShelf(tmp_path)
    book = await shelf.put(order(shelf), b"")
    with pytest.raises(BookUnfinished):
        await shelf.delete("a", book.order.id)
    shelf.write_state(book, BookState(status="completed"))
    assert (await shelf.cancel("a", book.order.id)).status == "completed"
    await shelf.delete("a", book.order.id)
    assert await shelf.list("a") == []


async def test_what_a_crash_left_of_an_order_is_no_book(tmp_path: Path):
    shelf = BookShelf(tmp_path)
    book = await shelf.put(order(shelf), b"")
    (book.folder / "order.json").unlink()
    assert await shelf.list("a") == []
    assert await shelf.next() is None
    assert msgspec.json.encode(book.order)
