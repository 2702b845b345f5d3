"""Makes the audiobooks that accounts have ordered, one at a time, with the engines of their deployments' profiles."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import shutil
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Literal

from antiphon.books.errors import BookRefused
from antiphon.books.job import Job
from antiphon.books.making import Progress, narrate
from antiphon.books.narration import Narrator
from antiphon.books.reading.process import read_apart
from antiphon.books.script import Script, script_of
from antiphon.books.writing.finished import finished_book
from antiphon.books.writing.formats import written
from antiphon.dialogue.profile import Profile
from antiphon.errors import AntiphonError
from antiphon.hardening.errors import ServerBusy
from antiphon.hardening.fair_turns import Asking, asking
from antiphon.resources.books import BookShelf, BookState, ShelvedBook
from antiphon.store.errors import StorageUnavailable
from antiphon.vocabulary.books import BookFormat

_log = logging.getLogger(__name__)

_SECONDS_BETWEEN_LOOKS = 5.0
"""For what other processes have ordered or cancelled."""
_SECONDS_BETWEEN_STATES = 2.0
_SECONDS_AFTER_TROUBLE = 30.0
_SECONDS_BETWEEN_FORGETTING = 3_600.0


class _Cancelled(Exception):
    """Nobody wants the book any more."""


@dataclass(slots=True, kw_only=True)
class BookMaker:
    shelf: BookShelf
    profiles: Mapping[str, Profile]
    account_ids: Callable[[], Awaitable[Collection[str]]]
    """Of the accounts that there are."""

    async def run(self) -> None:
        """Make what is on the shelf and what comes, until cancelled. What was begun goes on where it was."""
        forgot_at = -math.inf
        while True:
            if time.monotonic() - forgot_at >= _SECONDS_BETWEEN_FORGETTING:
                await self._forget()
                forgot_at = time.monotonic()
            self.shelf.ordered.clear()
            book = await self.shelf.next()
            if book is None:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.shelf.ordered.wait(), _SECONDS_BETWEEN_LOOKS)
                continue
            asking.set(Asking(account=book.order.account_id))
            try:
                await self.make(book)
            except _Cancelled:
                await asyncio.to_thread(shutil.rmtree, book.job, ignore_errors=True)
            except (ServerBusy, StorageUnavailable, OSError) as error:
                _log.warning("An audiobook has to wait: %s", error)
                await asyncio.sleep(_SECONDS_AFTER_TROUBLE)
            except AntiphonError as error:
                await self._fail(book, error.message)
            except Exception:
                _log.exception("An audiobook could not be made")
                await self._fail(book, "The server failed. See its log.")

    async def make(self, book: ShelvedBook) -> None:
        """Make one book. Raises what goes wrong."""
        profile = self.profiles.get(book.order.profile)
        if profile is None or profile.reader is None:
            raise BookRefused(f"The profile {book.order.profile} cannot read aloud any more.")
        read = await read_apart(book.source, book.order.chapters)
        script = script_of(read, voice=book.order.voice, speed=book.order.speed, language=book.order.language)
        narrator = Narrator(*profile.reader.reads_with, engine=profile.fingerprint)
        narrator.check(script)
        await asyncio.to_thread(self.shelf.write_state, book, _state(script, None, 0))
        fingerprint = script.fingerprint(narrator.engine)
        with Job(book.job, fingerprint=fingerprint, sample_rate=narrator.sample_rate) as job:
            written_at = 0.0
            last: Progress | None = None
            async with aclosing(narrate(script, narrator, job)) as telling:
                async for progress in telling:
                    last = progress
                    if time.monotonic() - written_at >= _SECONDS_BETWEEN_STATES:
                        await self._check_wanted(book)
                        await asyncio.to_thread(
                            self.shelf.write_state, book, _state(script, progress, progress.chapter)
                        )
                        written_at = time.monotonic()
            finished = finished_book(read, job, fingerprint)
            for name in book.order.formats:
                await self._check_wanted(book)
                await written(finished, BookFormat(name), book.output, work=book.job)
            done = _state(script, last, len(read.chapters), status="completed")
            await asyncio.to_thread(self.shelf.write_state, book, done)
            job.remove()

    async def _check_wanted(self, book: ShelvedBook) -> None:
        now = await self.shelf.get(book.order.account_id, book.order.id)
        if now.is_cancelled:
            raise _Cancelled

    async def _fail(self, book: ShelvedBook, why: str) -> None:
        state = BookState(status="failed", error=why)
        with contextlib.suppress(FileNotFoundError):  # It was deleted.
            await asyncio.to_thread(self.shelf.write_state, book, state)

    async def _forget(self) -> None:
        """Delete the books of accounts that are no more."""
        await self.shelf.keep_only(await self.account_ids())


def _state(
    script: Script,
    progress: Progress | None,
    finished_chapters: int,
    *,
    status: Literal["in_progress", "completed"] = "in_progress",
) -> BookState:
    book = script.book
    return BookState(
        status=status,
        title=book.title,
        authors=book.authors,
        language=script.language,
        chapters=[chapter.title for chapter in book.chapters],
        finished_chapters=finished_chapters,
        sentences=progress.sentences if progress else 0,
        all_sentences=sum(map(len, script.chapters)),
        audio_seconds=progress.audio_seconds if progress else 0.0,
        expected_seconds=progress.expected_seconds if progress else 0.0,
        seconds_left=progress.seconds_left if progress else None,
    )
