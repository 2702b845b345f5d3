"""Stored completions: the records that clients asked to store, as the API lists, changes and deletes them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, func, literal, or_, select, tuple_, update

from antiphon.resources.errors import CompletionNotFound
from antiphon.resources.records import COMPLETION, PROMPT, Record, Records, label_rows, record_of
from antiphon.store.database import Database
from antiphon.store.errors import BlobNotFound
from antiphon.store.labels import label_digests
from antiphon.store.tables import RecordLabelRow, RecordRow, folded
from antiphon.store.utc import Clock, UtcDateTime, utc_now

_ID = re.compile(r"chatcmpl-[A-Za-z0-9]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionFilter:
    """Which completions, in which order."""

    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    """A completion must have all of these."""
    model: str | None = None
    """The name of a deployment, or of a model and its version."""
    newest_first: bool = False


class StoredCompletions:
    """Each account sees only its own."""

    def __init__(self, database: Database, records: Records, *, clock: Clock = utc_now) -> None:
        self._database = database
        self._records = records
        self._clock = clock

    async def get(self, account_id: str, completion_id: str) -> Record:
        """Raises `CompletionNotFound`."""
        if not _ID.fullmatch(completion_id):  # Clients can send any text, including some that no database accepts.
            raise CompletionNotFound(completion_id)
        query = self._of(account_id).where(RecordRow.id == completion_id)
        async with self._database.session() as session:
            row = await session.scalar(query)
        if row is None:
            raise CompletionNotFound(completion_id)
        return record_of(row)

    async def list(
        self, account_id: str, wanted: CompletionFilter, *, after: str | None = None, limit: int = 20
    ) -> tuple[Sequence[Record], bool]:
        """Up to `limit` matching completions after the completion `after`, and whether there are more.

        Raises `CompletionNotFound` for an unknown `after`.
        """
        last = None if after is None else await self.get(account_id, after)
        query = self._matching(account_id, wanted, last).limit(limit + 1)
        async with self._database.session() as session:
            found = [record_of(row) for row in await session.scalars(query)]
        return found[:limit], len(found) > limit

    async def completion(self, record: Record) -> dict[str, Any]:
        """The completion's JSON, its audio without data. Raises `CompletionNotFound`."""
        return json.loads(await self._piece(record, COMPLETION))

    async def prompt(self, record: Record) -> dict[str, Any]:
        """The request's JSON; the data of each recording is the name of its piece. Raises `CompletionNotFound`."""
        return json.loads(await self._piece(record, PROMPT))

    async def audio(self, record: Record, choice: int) -> bytes:
        """What a choice said, as a file in its format. Raises `CompletionNotFound`."""
        name = next((name for name in record.audio if name.startswith(f"choice-{choice}.")), None)
        if name is None:
            raise CompletionNotFound(record.id)
        return await self._piece(record, name)

    async def relabel(self, account_id: str, completion_id: str, labels: Mapping[str, str]) -> Record:
        """Replace a completion's metadata. Raises `CompletionNotFound`."""
        record = await self.get(account_id, completion_id)
        async with self._database.begin() as session:
            await session.execute(update(RecordRow).where(RecordRow.id == record.id).values(labels=dict(labels)))
            await session.execute(delete(RecordLabelRow).where(RecordLabelRow.record_id == record.id))
            session.add_all(label_rows(record.id, labels))
        return await self.get(account_id, completion_id)

    async def delete(self, account_id: str, completion_id: str) -> None:
        """Delete a completion for good or, if everything is recorded, only for the client: storing a completion first
        must not allow removing it from the operator's records. Raises `CompletionNotFound`."""
        record = await self.get(account_id, completion_id)
        recorded_until = record.created_at + self._records.keep
        if recorded_until <= self._clock():
            await self._records.delete([record.id])
            return
        async with self._database.begin() as session:
            await session.execute(
                update(RecordRow)
                .where(RecordRow.id == record.id)
                .values(is_stored=False, labels={}, expires_at=recorded_until)
            )
            await session.execute(delete(RecordLabelRow).where(RecordLabelRow.record_id == record.id))

    def _of(self, account_id: str) -> Any:
        return select(RecordRow).where(
            RecordRow.account_id == account_id, RecordRow.is_stored, RecordRow.expires_at > self._clock()
        )

    def _matching(self, account_id: str, wanted: CompletionFilter, last: Record | None) -> Any:
        query = self._of(account_id)
        if wanted.newest_first:
            query = query.order_by(RecordRow.created_at.desc(), RecordRow.id.desc())
        else:
            query = query.order_by(RecordRow.created_at, RecordRow.id)
        if last is not None:
            place = tuple_(RecordRow.created_at, RecordRow.id)
            behind = tuple_(literal(last.created_at, UtcDateTime()), literal(last.id))
            query = query.where(place < behind if wanted.newest_first else place > behind)
        if wanted.model is not None:
            is_deployment = func.lower(RecordRow.deployment) == folded(wanted.model)
            query = query.where(or_(is_deployment, RecordRow.model == wanted.model))
        for digest in label_digests(wanted.labels):
            has_label = select(RecordLabelRow).where(
                RecordLabelRow.record_id == RecordRow.id, RecordLabelRow.digest == digest
            )
            query = query.where(has_label.exists())
        return query

    async def _piece(self, record: Record, name: str) -> bytes:
        try:
            return await self._records.piece(record.id, name)
        except BlobNotFound:  # Deleted at this very moment.
            raise CompletionNotFound(record.id) from None
