"""`/books`: audiobooks, ordered with a file, made while nobody waits, and heard chapter by chapter meanwhile.

An extension: neither Azure nor OpenAI has it. Its shapes follow OpenAI's for batches and files.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from antiphon.api.audio.calls import AudioCalls, AudioOperation
from antiphon.api.bodies import BodyReader
from antiphon.api.chat.completion import JsonObject
from antiphon.api.error_responses import JSON
from antiphon.api.errors import OperationNotSupported
from antiphon.api.forms import Form, read_form
from antiphon.identity.roles import DataAction
from antiphon.parameters.complaints import check_length, check_range, invalid_value, missing, unsupported_value
from antiphon.resources.books import BookOrder, BookShelf, ShelvedBook
from antiphon.resources.errors import BookNotFound
from antiphon.store.errors import StorageFull
from antiphon.vocabulary.books import BookFormat, chapter_file

LARGEST_BOOK = 50_000_000
"""Bytes of a file."""
_FORM_BYTES = 64 * 1024
_OPERATION = AudioOperation(capability="audioSpeech", azure_name="AudioSpeech_Create")
_SUFFIXES = (".epub", ".html", ".htm", ".xhtml", ".md", ".markdown", ".txt")
_MEDIA_TYPES = {
    BookFormat.M4B: "audio/mp4",
    BookFormat.EPUB: "application/epub+zip",
    BookFormat.SRT: "application/x-subrip",
    BookFormat.VTT: "text/vtt",
}
_LONGEST_FIELD = 256


def book_bodies() -> BodyReader:
    return BodyReader(
        max_bytes=LARGEST_BOOK + _FORM_BYTES,
        max_large=2,
        max_large_of_account=1,
        advice=f"A book may have {LARGEST_BOOK // 1_000_000} MB.",
        is_json=False,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BookRoutes:
    """The operations, whichever route they are called through."""

    calls: AudioCalls
    bodies: BodyReader
    shelf: BookShelf
    has_room: Callable[[], bool]
    """Whether the disk has space for what can be made again."""

    async def create(self, request: Request) -> Response:
        """Order a book: a form with `file`, `model`, `voice` and, if wanted, `speed`, `language`, `chapters` and
        `formats[]`."""
        caller = await self.calls.caller(request, None)
        if not self.has_room():
            raise StorageFull
        async with self.bodies.read(request, account_id=caller.account.id) as body:
            form = read_form(body, request.headers.get("content-type", ""))
            deployment, profile = await self.calls.deployment(caller, _OPERATION, named=None, model=form.text("model"))
            if profile.reader is None:
                raise OperationNotSupported(_OPERATION.capability, deployment.model.name)
            file = form.file("file")
            if file is None:
                raise missing("file")
            order = BookOrder(
                id=self.shelf.new_id(),
                account_id=caller.account.id,
                created_at=self.shelf.now(),
                deployment=deployment.name,
                profile=deployment.profile,
                suffix=_suffix(file.file_name or ""),
                file_name=(file.file_name or "")[-_LONGEST_FIELD:],
                voice=_voice(form, profile.reader.voices),
                speed=_speed(form),
                language=_short(form, "language"),
                chapters=_short(form, "chapters"),
                formats=_formats(form),
            )
            await self.calls.admit(request, caller, deployment, _OPERATION, tokens=0)
            book = await self.shelf.put(order, file.data)
        return _json(await _shown(book))

    async def list(self, request: Request) -> Response:
        books = await self.shelf.list(await self._account(request))
        return _json({"object": "list", "data": [await _shown(book) for book in books], "has_more": False})

    async def get(self, request: Request) -> Response:
        return _json(await _shown(await self._book(request)))

    async def cancel(self, request: Request) -> Response:
        account_id = await self._account(request)
        return _json(await _shown(await self.shelf.cancel(account_id, request.path_params["book"])))

    async def delete(self, request: Request) -> Response:
        account_id, book_id = await self._account(request), request.path_params["book"]
        await self.shelf.delete(account_id, book_id)
        return _json({"id": book_id, "object": "book.deleted", "deleted": True})

    async def content(self, request: Request) -> Response:
        """What the book has become, in one of its formats; parts of it, if the client asks for a range."""
        book = await self._book(request)
        name = request.query_params.get("format") or book.order.formats[0]
        if name not in book.order.formats:
            raise unsupported_value("format", name, book.order.formats)
        book_format = BookFormat(name)
        path = book_format.path(book.output)
        if book.status != "completed" or not await asyncio.to_thread(path.exists):
            raise BookNotFound(book.order.id, "finished book")
        stem = Path(book.order.file_name).stem or "book"
        return FileResponse(path, media_type=_MEDIA_TYPES[book_format], filename=f"{stem}.{name}")

    async def chapter(self, request: Request) -> Response:
        """A chapter that is finished, counted from 1, of a book that is still being made, as FLAC."""
        book = await self._book(request)
        number = request.path_params["chapter"]
        path = chapter_file(book.job, int(number) - 1) if number.isdecimal() and len(number) < 6 else None
        if path is None or not await asyncio.to_thread(path.exists):
            raise BookNotFound(number, "finished chapter")
        return FileResponse(path, media_type="audio/flac")

    async def _account(self, request: Request) -> str:
        return (await self.calls.authorizer.authorize(request, DataAction.AUDIO)).account.id

    async def _book(self, request: Request) -> ShelvedBook:
        return await self.shelf.get(await self._account(request), request.path_params["book"])


def _suffix(file_name: str) -> str:
    suffix = Path(file_name).suffix.lower()
    if suffix not in _SUFFIXES:
        raise invalid_value("file", f"Invalid 'file': its name must end in one of {', '.join(_SUFFIXES)}.")
    return suffix


def _voice(form: Form, voices: frozenset[str]) -> str:
    voice = form.text("voice")
    if not voice:
        raise missing("voice")
    if voice not in voices:
        raise unsupported_value("voice", voice, sorted(voices))
    return voice


def _speed(form: Form) -> float:
    speed = form.number("speed")
    check_range("speed", speed, 0.25, 4.0)
    return 1.0 if speed is None else speed


def _short(form: Form, name: str) -> str | None:
    text = (form.text(name) or "").strip()
    check_length(name, text, _LONGEST_FIELD)
    return text or None


def _formats(form: Form) -> list[str]:
    asked = [*form.texts("formats[]"), *form.texts("formats")] or [BookFormat.M4B.value]
    there_are = [book_format.value for book_format in _MEDIA_TYPES]
    for name in asked:
        if name not in there_are:
            raise unsupported_value("formats", name, there_are)
    return list(dict.fromkeys(asked))


async def _shown(book: ShelvedBook) -> JsonObject:
    order, state = book.order, book.state
    files = await asyncio.to_thread(_files, book) if book.status == "completed" else []
    return {
        "id": order.id,
        "object": "book",
        "created_at": order.created_at,
        "status": book.status,
        "model": order.deployment,
        "voice": order.voice,
        "speed": order.speed,
        "file_name": order.file_name,
        "formats": order.formats,
        "title": state.title if state else None,
        "authors": list(state.authors) if state else [],
        "language": state.language if state else order.language,
        "chapters": list(state.chapters) if state else [],
        "progress": None
        if state is None
        else {
            "finished_chapters": state.finished_chapters,
            "sentences": state.sentences,
            "all_sentences": state.all_sentences,
            "audio_seconds": round(state.audio_seconds, 1),
            "expected_seconds": round(state.expected_seconds, 1),
            "seconds_left": None if state.seconds_left is None else round(state.seconds_left),
        },
        "files": files,
        "error": {"message": state.error} if state and state.status == "failed" else None,
    }


def _files(book: ShelvedBook) -> list[JsonObject]:
    paths = {name: BookFormat(name).path(book.output) for name in book.order.formats}
    return [{"format": name, "bytes": path.stat().st_size} for name, path in paths.items() if path.exists()]


def _json(body: JsonObject) -> Response:
    return Response(msgspec.json.encode(body), media_type=JSON)
