"""Audio outputs: what replies have said aloud, kept for an hour so that a conversation can refer to it by id.

The bytes are a blob, the rest is a row; what was said is sealed in both. These hold whenever the process dies:

- a row that has not expired has its blob: the blob is written before the row, and deleted after it;
- a blob without a row does not stay: `purge` collects it once it is too old to be one whose row is about to come.
"""

from __future__ import annotations

import asyncio
import base64
import logging
import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from antiphon.resources.errors import AudioOutputNotFound
from antiphon.resources.orphans import ORPHAN_AGE, collect_orphans
from antiphon.store.blobs import Blobs
from antiphon.store.database import Database
from antiphon.store.errors import BlobNotFound, SealBroken, StorageUnavailable
from antiphon.store.sealing import Seal
from antiphon.store.tables import AudioOutputRow
from antiphon.store.utc import Clock, utc_now

_log = logging.getLogger(__name__)

_FOLDER = "audio-outputs"

_ID = re.compile(r"audio_[0-9a-f]{32}")


def new_audio_id() -> str:
    """An id that nobody can guess. A streamed reply needs it before there is anything to keep."""
    return f"audio_{secrets.token_hex(16)}"


class AudioOutputs:
    """The audio outputs of all accounts. Each is there only for the account that made it."""

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        seal: Seal,
        *,
        lifetime: timedelta = timedelta(hours=1),
        has_room: Callable[[], bool] = lambda: True,
        clock: Clock = utc_now,
    ) -> None:
        """`has_room` tells whether there is room on the disk for what can do without."""
        self._database = database
        self._blobs = blobs
        self._seal = seal
        self._lifetime = lifetime
        self._has_room = has_room
        self._clock = clock

    async def keep(
        self, audio_id: str, *, account_id: str, transcript: str, data: bytes, audio_format: str
    ) -> datetime:
        """Keep what a reply said, complete, under an id from `new_audio_id`; return when it expires.

        `data` is in `audio_format`, as the client asked for it: "wav", "mp3", … What a client that went away did not
        hear to its end is not kept. Nor is anything where the disk is full or fails: it expires at once.
        """
        now = self._clock()
        if not self._has_room():
            return now
        try:
            return await self._keep(audio_id, account_id, transcript, data, audio_format, now)
        except StorageUnavailable as error:
            _log.warning("What a reply said cannot be kept: %s", error.reason)
            return now

    async def _keep(
        self, audio_id: str, account_id: str, transcript: str, data: bytes, audio_format: str, now: datetime
    ) -> datetime:
        expires_at = now + self._lifetime
        name = _blob_name(audio_id)
        await self._blobs.put(name, await asyncio.to_thread(self._seal.seal, data, purpose=name))
        async with self._database.begin(is_durable=False) as session:
            session.add(
                AudioOutputRow(
                    id=audio_id,
                    account_id=account_id,
                    transcript=self._sealed(transcript, audio_id),
                    format=audio_format,
                    byte_size=len(data),
                    created_at=now,
                    expires_at=expires_at,
                )
            )
        return expires_at

    async def transcript(self, account_id: str, audio_id: str) -> str:
        """What was said. Raises `AudioOutputNotFound`: expired, unknown, or another account's."""
        if not _ID.fullmatch(audio_id):  # Any text a client sends, some of which no database can take.
            raise AudioOutputNotFound(audio_id)
        query = select(AudioOutputRow.transcript).where(
            AudioOutputRow.id == audio_id,
            AudioOutputRow.account_id == account_id,
            AudioOutputRow.expires_at > self._clock(),
        )
        async with self._database.session() as session:
            sealed = await session.scalar(query)
        if sealed is None:
            raise AudioOutputNotFound(audio_id)
        return self._unsealed(sealed, audio_id)

    async def data(self, account_id: str, audio_id: str) -> bytes:
        """The audio as it was kept. Raises `AudioOutputNotFound`."""
        await self.transcript(account_id, audio_id)
        try:
            sealed = await self._blobs.get(_blob_name(audio_id))
        except BlobNotFound:  # Purged in this moment.
            raise AudioOutputNotFound(audio_id) from None
        return await asyncio.to_thread(self._seal.unseal, sealed, purpose=_blob_name(audio_id))

    async def purge(self, now: datetime | None = None) -> int:
        """Delete what has expired, and what a crash has left behind; return how many audio outputs expired.

        To be called every few minutes, with a time that can be trusted. Several processes may do so at once.
        """
        now = now or self._clock()
        async with self._database.begin() as session:
            expired = await session.scalars(
                delete(AudioOutputRow).where(AudioOutputRow.expires_at <= now).returning(AudioOutputRow.id)
            )
            audio_ids = expired.all()
        for audio_id in audio_ids:
            await self._blobs.delete(_blob_name(audio_id))
        await collect_orphans(self._database, self._blobs, _FOLDER, AudioOutputRow.id, before=now - ORPHAN_AGE)
        return len(audio_ids)

    def _sealed(self, transcript: str, audio_id: str) -> str:
        return base64.b64encode(self._seal.seal(transcript.encode(), purpose=_transcript_name(audio_id))).decode()

    def _unsealed(self, sealed: str, audio_id: str) -> str:
        try:
            return self._seal.unseal(base64.b64decode(sealed), purpose=_transcript_name(audio_id)).decode()
        except (ValueError, SealBroken):  # Of another key, or kept by a version that sealed nothing.
            raise AudioOutputNotFound(audio_id) from None


def _transcript_name(audio_id: str) -> str:
    return f"{_FOLDER}/{audio_id}/transcript"


def _blob_name(audio_id: str) -> str:
    return f"{_FOLDER}/{audio_id}"
