"""Searches records by what was said in them.

That is encrypted, so each record has to be decrypted and read. A search goes from newest to oldest and stops after a
fixed number of records, found or not; a further search continues from there.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from dataclasses import dataclass

import msgspec

from antiphon.resources.record_text import excerpt_of, texts
from antiphon.resources.records import COMPLETION, PROMPT, Record, RecordFilter, RecordPlace, Records, place_of
from antiphon.store.errors import BlobNotFound, SealBroken

_LOOKED_INTO = 500
"""How many records one search decrypts."""
_AT_ONCE = 4
"""A prompt may contain megabytes of text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRecord:
    record: Record
    excerpt: str
    """The first words of the request; empty if it has no words, or cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRecords:
    records: Sequence[FoundRecord]
    after: RecordPlace | None
    """Where the search stopped; None if it reached the end."""


class RecordSearch:
    def __init__(self, records: Records, *, looked_into: int = _LOOKED_INTO) -> None:
        self._records = records
        self._looked_into = looked_into

    async def find(
        self, wanted: RecordFilter, words: str, *, limit: int, after: RecordPlace | None = None
    ) -> FoundRecords:
        """At most `limit` matching records that contain all of the words, newest first."""
        found: list[FoundRecord] = []
        candidates = await self._records.find(wanted, limit=self._looked_into + 1 if words else limit + 1, after=after)
        looked_into = candidates[: self._looked_into] if words else candidates[:limit]
        for start in range(0, len(looked_into), _AT_ONCE):
            some = looked_into[start : start + _AT_ONCE]
            # Without words to search for, excerpts are enough; the whole text may be megabytes.
            opening = self._open if words else self._excerpt
            for opened in await asyncio.gather(*(opening(record) for record in some)):
                after = place_of(opened.record)
                if not opened.has_all_of(words):
                    continue
                found.append(FoundRecord(record=opened.record, excerpt=opened.excerpt))
                if len(found) == limit:
                    is_last = opened.record is candidates[-1]
                    return FoundRecords(records=found, after=None if is_last else after)
        return FoundRecords(records=found, after=after if len(candidates) > len(looked_into) else None)

    async def walk(self, wanted: RecordFilter, words: str) -> AsyncGenerator[Record]:
        """All matching records that contain all of the words, oldest first."""
        async for record in self._records.walk(wanted):
            if not words or (await self._open(record)).has_all_of(words):
                yield record

    async def _excerpt(self, record: Record) -> _Opened:
        excerpt = await self._records.excerpt(record.id)
        return await self._open(record) if excerpt is None else _Opened(record=record, said="", excerpt=excerpt)

    async def _open(self, record: Record) -> _Opened:
        pieces: list[bytes] = []
        with suppress(BlobNotFound, SealBroken):  # Purged at this very moment, or encrypted with a lost key.
            pieces = [await self._records.piece(record.id, name) for name in (PROMPT, COMPLETION)]
        return await asyncio.to_thread(_opened, record, pieces)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    record: Record
    said: str
    """The text with case folded, for comparison."""
    excerpt: str

    def has_all_of(self, words: str) -> bool:
        return all(word in self.said for word in words.casefold().split())


def _opened(record: Record, pieces: Sequence[bytes]) -> _Opened:
    contents = [msgspec.json.decode(piece) for piece in pieces]
    return _Opened(
        record=record,
        said="\n".join(texts(contents)).casefold(),
        excerpt=excerpt_of(contents[0]) if contents else "",
    )
