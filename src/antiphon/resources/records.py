"""Records: requests and replies, kept encrypted for a while so that abuse can be investigated.

A row holds what records are found by. The content is in encrypted blobs, the record's pieces: "prompt", "completion",
and one for each recording, so that listing records reads no audio. These hold whenever the process dies:

- a row has all of its pieces: they are written before it, and deleted after it;
- pieces without a row do not stay: `purge` deletes them once they are too old to be ones whose row is still to come.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias, get_args

import msgspec
from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.exc import IntegrityError

from antiphon.resources.errors import RecordNotFound
from antiphon.resources.orphans import ORPHAN_AGE, collect_orphans
from antiphon.resources.record_text import excerpt_of
from antiphon.store.blobs import Blobs
from antiphon.store.database import Database
from antiphon.store.errors import BlobNotFound, SealBroken
from antiphon.store.labels import label_digests
from antiphon.store.sealing import Seal
from antiphon.store.tables import RecordLabelRow, RecordRow, folded
from antiphon.store.utc import Clock, utc_now

Operation: TypeAlias = Literal["chatCompletion", "realtime", "audioSpeech", "audioTranscription", "audioTranslation"]
OPERATIONS: Mapping[str, Operation] = {operation: operation for operation in get_args(Operation)}

PROMPT = "prompt"
COMPLETION = "completion"
"""The pieces that every record has; both are JSON."""
_EXCERPT = "excerpt"
"""A few words of the prompt, for lists, since a prompt may be megabytes. Older records have none."""

_FOLDER = "records"
_AT_A_TIME = 500
_BETWEEN_COLLECTIONS = timedelta(hours=1)
"""There may be a month of blobs to go through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of a record. An audio piece's name ends in its format: "input-0.wav"."""

    name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRecord:
    id: str
    """The id that the client knows."""
    account_id: str
    deployment: str
    model: str
    principal: str
    operation: Operation
    prompt_tokens: int
    completion_tokens: int
    audio: Sequence[str]
    """Names of the audio pieces."""
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    """The client's own `metadata`."""
    is_stored: bool = False
    """Whether the client asked to store it and can retrieve it through the API."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(NewRecord):
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFilter:
    """Selects records; None matches any."""

    account_id: str | None = None
    deployment: str | None = None
    operation: Operation | None = None
    is_stored: bool | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPlace:
    """A record's position among all, newest first; valid even if the record is deleted."""

    created_at: datetime
    id: str


class Records:
    """The records of all accounts.

    Those that clients store are kept for `keep_stored`, or for `keep` if that is longer. With a `keep` of zero, nothing
    else is recorded.
    """

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        seal: Seal,
        *,
        keep: timedelta = timedelta(days=30),
        keep_stored: timedelta = timedelta(days=30),
        clock: Clock = utc_now,
    ) -> None:
        self.keep = keep
        self._database = database
        self._blobs = blobs
        self._seal = seal
        self._keep_stored = max(keep, keep_stored)
        self._clock = clock
        self._collected_at: datetime | None = None

    # --- writing -----------------------------------------------------------------------------------------------------

    async def write_pieces(self, record_id: str, pieces: Iterable[Piece]) -> None:
        """Write pieces of a record. All of them must be written before the row is added."""
        for piece in pieces:
            await self._write(record_id, piece)
            if piece.name == PROMPT:
                await self._write(record_id, Piece(name=_EXCERPT, data=await asyncio.to_thread(_excerpt, piece.data)))

    async def _write(self, record_id: str, piece: Piece) -> None:
        name = _blob_name(record_id, piece.name)
        sealed = await asyncio.to_thread(self._seal.seal, piece.data, purpose=name)
        await self._blobs.put(name, sealed)

    async def add(self, record: NewRecord) -> None:
        """Add the row, which completes the record. If the account has been deleted, nothing is added.

        A record that its client stores is on the disk when this returns, its pieces before its row.
        """
        if record.is_stored:
            pieces = (PROMPT, COMPLETION, *record.audio)
            await self._blobs.sync([_blob_name(record.id, piece) for piece in pieces])
        now = self._clock()
        row = RecordRow(
            id=record.id,
            account_id=record.account_id,
            deployment=record.deployment,
            model=record.model,
            principal=record.principal,
            operation=record.operation,
            is_stored=record.is_stored,
            labels=dict(record.labels),
            audio=list(record.audio),
            prompt_tokens=record.prompt_tokens,
            completion_tokens=record.completion_tokens,
            created_at=now,
            expires_at=now + (self._keep_stored if record.is_stored else self.keep),
        )
        with contextlib.suppress(IntegrityError):  # No such account: its pieces are orphans from the start.
            async with self._database.begin(is_durable=record.is_stored) as session:
                session.add(row)
                if record.labels:
                    await session.flush()
                    session.add_all(label_rows(record.id, record.labels))

    # --- reading -----------------------------------------------------------------------------------------------------

    async def get(self, record_id: str) -> Record:
        """Raises `RecordNotFound`."""
        async with self._database.session() as session:
            row = await session.get(RecordRow, record_id)
        if row is None:
            raise RecordNotFound(record_id)
        return record_of(row)

    async def find(
        self, wanted: RecordFilter, *, limit: int | None = None, after: RecordPlace | None = None
    ) -> list[Record]:
        """The matching records, newest first, after a given position."""
        query = _matching(wanted).order_by(RecordRow.created_at.desc(), RecordRow.id)
        if after is not None:
            query = query.where(_is_behind(after))
        async with self._database.session() as session:
            return [record_of(row) for row in await session.scalars(query.limit(limit))]

    async def walk(self, wanted: RecordFilter) -> AsyncGenerator[Record]:
        """All matching records, oldest first."""
        query = _matching(wanted).order_by(RecordRow.created_at, RecordRow.id.desc()).limit(_AT_A_TIME)
        last: RecordPlace | None = None
        while True:
            some = query if last is None else query.where(_is_before(last))
            async with self._database.session() as session:
                records = [record_of(row) for row in await session.scalars(some)]
            for record in records:
                yield record
            if len(records) < _AT_A_TIME:
                return
            last = place_of(records[-1])

    async def piece(self, record_id: str, name: str) -> bytes:
        """The content of a piece. Raises `BlobNotFound` and `SealBroken`."""
        blob = _blob_name(record_id, name)
        sealed = await self._blobs.get(blob)
        return await asyncio.to_thread(self._seal.unseal, sealed, purpose=blob)

    async def excerpt(self, record_id: str) -> str | None:
        """The first words of the request; None if they were not stored, or cannot be read."""
        with contextlib.suppress(BlobNotFound, SealBroken):
            return (await self.piece(record_id, _EXCERPT)).decode()
        return None

    # --- deleting ----------------------------------------------------------------------------------------------------

    async def delete(self, record_ids: Sequence[str]) -> int:
        """Delete records; return how many existed."""
        deleted: dict[str, Sequence[str]] = {}
        for start in range(0, len(record_ids), _AT_A_TIME):
            deleted |= await self._delete_rows(record_ids[start : start + _AT_A_TIME])
        await self._delete_pieces(deleted)
        return len(deleted)

    async def purge(self, now: datetime | None = None) -> int:
        """Delete what has expired and what a crash or a deleted account has left behind; return how many had expired.

        Call this every few minutes, with a trustworthy time. Several processes may do so at once.
        """
        count, now = 0, now or self._clock()
        while expired := await self._expired(now):
            count += await self.delete(expired)
        if self._collected_at is None or now - self._collected_at >= _BETWEEN_COLLECTIONS:
            await collect_orphans(self._database, self._blobs, _FOLDER, RecordRow.id, before=now - ORPHAN_AGE)
            self._collected_at = now
        return count

    async def _expired(self, now: datetime) -> Sequence[str]:
        query = select(RecordRow.id).where(RecordRow.expires_at <= now).limit(_AT_A_TIME)
        async with self._database.session() as session:
            return (await session.scalars(query)).all()

    async def _delete_rows(self, record_ids: Sequence[str]) -> dict[str, Sequence[str]]:
        """The names of the records' audio pieces, by record."""
        statement = delete(RecordRow).where(RecordRow.id.in_(record_ids)).returning(RecordRow.id, RecordRow.audio)
        async with self._database.begin() as session:
            return dict((await session.execute(statement)).all())

    async def _delete_pieces(self, audio: Mapping[str, Sequence[str]]) -> None:
        for record_id, names in audio.items():
            for name in (PROMPT, COMPLETION, _EXCERPT, *names):
                await self._blobs.delete(_blob_name(record_id, name))


def _excerpt(prompt: bytes) -> bytes:
    try:
        return excerpt_of(msgspec.json.decode(prompt)).encode("utf-8", "replace")
    except msgspec.DecodeError:
        return b""


def record_of(row: RecordRow) -> Record:
    return Record(
        id=row.id,
        account_id=row.account_id,
        deployment=row.deployment,
        model=row.model,
        principal=row.principal,
        operation=OPERATIONS.get(row.operation, "chatCompletion"),
        prompt_tokens=row.prompt_tokens,
        completion_tokens=row.completion_tokens,
        audio=row.audio,
        labels=row.labels,
        is_stored=row.is_stored,
        created_at=row.created_at,
        expires_at=row.expires_at,
    )


def label_rows(record_id: str, labels: Mapping[str, str]) -> list[RecordLabelRow]:
    return [RecordLabelRow(record_id=record_id, digest=digest) for digest in label_digests(labels)]


def place_of(record: Record) -> RecordPlace:
    return RecordPlace(created_at=record.created_at, id=record.id)


def _matching(wanted: RecordFilter) -> Any:
    query = select(RecordRow)
    if wanted.account_id is not None:
        query = query.where(RecordRow.account_id == wanted.account_id)
    if wanted.deployment is not None:
        query = query.where(func.lower(RecordRow.deployment) == folded(wanted.deployment))
    if wanted.operation is not None:
        query = query.where(RecordRow.operation == wanted.operation)
    if wanted.is_stored is not None:
        query = query.where(RecordRow.is_stored == wanted.is_stored)
    if wanted.since is not None:
        query = query.where(RecordRow.created_at >= wanted.since)
    if wanted.until is not None:
        query = query.where(RecordRow.created_at < wanted.until)
    return query


def _is_behind(place: RecordPlace) -> ColumnElement[bool]:
    is_later_id = and_(RecordRow.created_at == place.created_at, RecordRow.id > place.id)
    return or_(RecordRow.created_at < place.created_at, is_later_id)


def _is_before(place: RecordPlace) -> ColumnElement[bool]:
    is_earlier_id = and_(RecordRow.created_at == place.created_at, RecordRow.id < place.id)
    return or_(RecordRow.created_at > place.created_at, is_earlier_id)


def _blob_name(record_id: str, piece: str) -> str:
    return f"{_FOLDER}/{record_id}.{piece}"
