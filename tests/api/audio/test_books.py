"""Audiobooks by HTTP: ordered, made, heard meanwhile, fetched, cancelled and deleted."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from antiphon.audio.pcm import Pcm
from antiphon.compose.book_maker import BookMaker
from antiphon.engines.interfaces import Clause
from antiphon.resources.accounts import account_names
from antiphon.resources.books import BookState

from ...books.epubs import epub
from ..conftest import Backend, Server

pytestmark = pytest.mark.anyio

TEXT = b"# One\n\nIt rained.\n\n# Two\n\nIt stopped. Ann went out.\n"
ORDER = {"model": "tts-1", "voice": "alloy"}
"""With the same file, everything that an order needs."""


async def ordered(
    http: httpx.AsyncClient, fields: Mapping[str, Any] | None = None, *, name: str = "rain.md", text: bytes = TEXT
) -> Any:
    response = await http.post("/v1/books", data=ORDER | dict(fields or {}), files={"file": (name, text)})
    assert response.status_code == 200, response.text
    return response.json()


async def refused(
    http: httpx.AsyncClient, fields: Mapping[str, str] | None = None, *, name: str = "rain.md"
) -> tuple[int, dict[str, Any]]:
    response = await http.post("/v1/books", data=ORDER | dict(fields or {}), files={"file": (name, TEXT)})
    return response.status_code, response.json()["error"]


@pytest.fixture
def maker(backend: Backend) -> BookMaker:
    """As the server starts it, but not started."""
    services = backend.services
    return BookMaker(
        shelf=services.books.shelf,
        profiles=services.books.calls.profiles,
        account_ids=partial(account_names, backend.database),
    )


async def make_next(maker: BookMaker) -> None:
    book = await maker.shelf.next()
    assert book is not None
    await maker.make(book)


async def test_an_order_is_answered_at_once_and_made_later(http: httpx.AsyncClient, maker: BookMaker):
    book = await ordered(http, {"formats[]": ["m4b", "srt"], "speed": "1.25"})
    assert (book["object"], book["status"], book["file_name"], book["speed"]) == ("book", "queued", "rain.md", 1.25)
    assert (book["formats"], book["files"], book["progress"]) == (["m4b", "srt"], [], None)
    await make_next(maker)
    made = (await http.get(f"/v1/books/{book['id']}")).json()
    assert (made["status"], made["title"], made["chapters"]) == ("completed", "One", ["One", "Two"])
    assert (made["progress"]["sentences"], made["progress"]["all_sentences"]) == (5, 5)
    assert [each["format"] for each in made["files"]] == ["m4b", "srt"]
    content = await http.get(f"/v1/books/{book['id']}/content", params={"format": "m4b"})
    assert (content.status_code, content.headers["content-type"]) == (200, "audio/mp4")
    assert len(content.content) == made["files"][0]["bytes"]
    assert content.content[4:12] == b"ftypM4B "
    assert content.headers["content-disposition"] == 'attachment; filename="rain.m4b"'
    part = await http.get(f"/v1/books/{book['id']}/content", headers={"Range": "bytes=4-11"})
    assert (part.status_code, part.content) == (206, b"ftypM4B ")


async def test_an_epub_becomes_one_to_read_along(http: httpx.AsyncClient, maker: BookMaker, tmp_path: Path):
    path = epub(tmp_path, {"a.xhtml": "<h1>One</h1><p>It rained.</p>"})
    data = path.read_bytes()
    book = await ordered(http, {"formats[]": "epub"}, name="tale.epub", text=data)
    await make_next(maker)
    content = await http.get(f"/v1/books/{book['id']}/content")
    assert (content.headers["content-type"], content.content[:2]) == ("application/epub+zip", b"PK")


async def test_finished_chapters_are_heard_while_the_others_are_made(
    http: httpx.AsyncClient, maker: BookMaker, backend: Backend, monkeypatch: pytest.MonkeyPatch
):
    reached, going_on = asyncio.Event(), asyncio.Event()
    synthesize = backend.synthesizer.synthesize

    async def waiting(clause: Clause) -> AsyncGenerator[Pcm]:
        if clause.text == "Two.":
            reached.set()
            await going_on.wait()
        async for audio in synthesize(clause):
            yield audio

    monkeypatch.setattr(type(backend.synthesizer), "synthesize", lambda _, clause: waiting(clause))
    book = await ordered(http)
    making = asyncio.create_task(make_next(maker))
    await reached.wait()
    first = await http.get(f"/v1/books/{book['id']}/chapters/1/content")
    assert (first.status_code, first.headers["content-type"], first.content[:4]) == (200, "audio/flac", b"fLaC")
    second = await http.get(f"/v1/books/{book['id']}/chapters/2/content")
    assert (second.status_code, second.json()["error"]["code"]) == (404, "not_found")
    early = await http.get(f"/v1/books/{book['id']}/content")
    assert early.status_code == 404
    assert (await http.delete(f"/v1/books/{book['id']}")).status_code == 409
    going_on.set()
    await making


async def test_a_server_that_starts_again_goes_on_with_what_was_ordered(http: httpx.AsyncClient, maker: BookMaker):
    books = [await ordered(http) for _ in range(2)]
    done = asyncio.Event()
    write_state = maker.shelf.write_state
    loop = asyncio.get_running_loop()
    completed: list[str] = []

    def noticed(book: Any, state: BookState) -> None:
        write_state(book, state)
        if state.status == "completed":
            completed.append(book.order.id)
            if len(completed) == 2:
                loop.call_soon_threadsafe(done.set)

    maker.shelf.write_state = noticed
    running = asyncio.create_task(maker.run())
    await done.wait()
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    assert sorted(completed) == sorted(book["id"] for book in books)


async def test_what_is_cancelled_is_not_made(http: httpx.AsyncClient, maker: BookMaker):
    book = await ordered(http)
    cancelled = await http.post(f"/v1/books/{book['id']}/cancel")
    assert cancelled.json()["status"] == "cancelled"
    assert await maker.shelf.next() is None
    assert (await http.delete(f"/v1/books/{book['id']}")).json() == {
        "id": book["id"],
        "object": "book.deleted",
        "deleted": True,
    }
    assert (await http.get("/v1/books")).json()["data"] == []


async def test_a_book_that_cannot_be_read_has_failed(http: httpx.AsyncClient, maker: BookMaker):
    order = await ordered(http, name="x.epub", text=b"no archive")
    failed = asyncio.Event()
    write_state = maker.shelf.write_state
    loop = asyncio.get_running_loop()

    def noticed(book: Any, state: BookState) -> None:
        write_state(book, state)
        loop.call_soon_threadsafe(failed.set)

    maker.shelf.write_state = noticed
    running = asyncio.create_task(maker.run())
    await failed.wait()
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    told = (await http.get(f"/v1/books/{order['id']}")).json()
    assert told["status"] == "failed"
    assert "not a ZIP archive" in told["error"]["message"]


@pytest.mark.parametrize(
    ("fields", "name", "param"),
    [
        ({"voice": ""}, "rain.md", "voice"),
        ({"voice": "zoe"}, "rain.md", "voice"),
        ({"model": ""}, "rain.md", "model"),
        ({"speed": "9"}, "rain.md", "speed"),
        ({"formats[]": "mp3"}, "rain.md", "formats"),
        ({"chapters": "1" * 300}, "rain.md", "chapters"),
        ({}, "rain.pdf", "file"),
    ],
)
async def test_a_wrong_field_is_named(http: httpx.AsyncClient, fields: dict[str, str], name: str, param: str):
    status, error = await refused(http, fields, name=name)
    assert (status, error["param"], error["type"]) == (400, param, "invalid_request_error")


async def test_a_file_is_needed_and_a_model_that_speaks(http: httpx.AsyncClient):
    response = await http.post("/v1/books", data=ORDER, files={"other": ("x.md", TEXT)})
    assert response.json()["error"]["param"] == "file"
    assert (await refused(http, {"model": "whisper-1"}))[0] == 400
    assert (await refused(http, {"model": "nothing"}))[0] == 404


@pytest.mark.parametrize("book", ["book_" + "0" * 32, "..", "book_1", "%2e%2e%2f"])
async def test_a_book_that_is_not_there_is_not_found(http: httpx.AsyncClient, book: str):
    for response in (await http.get(f"/v1/books/{book}"), await http.delete(f"/v1/books/{book}")):
        assert response.status_code in (404, 405)


async def test_without_a_key_nothing_is_told(http: httpx.AsyncClient, server: Server):
    book = await ordered(http)
    for path in ("", f"/{book['id']}", f"/{book['id']}/content", f"/{book['id']}/chapters/1/content"):
        assert (await http.get(f"/v1/books{path}", headers={"api-key": "wrong"})).status_code == 401
    assert (await http.post("/v1/books", headers={"api-key": "wrong"})).status_code == 401


async def test_an_account_has_so_many_books_at_most(http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("antiphon.resources.books.MOST_BOOKS", 2)
    await ordered(http)
    await ordered(http)
    status, error = await refused(http)
    assert (status, error["code"]) == (400, "too_many_books")


async def test_a_disk_without_room_takes_no_orders(http: httpx.AsyncClient, backend: Backend):
    object.__setattr__(backend.services.books, "has_room", lambda: False)
    assert (await refused(http))[0] == 507
