"""Audio outputs: spoken replies, kept for an hour so that a conversation can refer to them by id.

The audio is a blob, the rest is a row; what was said is encrypted in both. These hold whenever the process dies:

- a row that has not expired has its blob: the blob is written before the row, and deleted after it;
- a blob without a row does not stay: `purge` deletes it once it is too old to be one whose row is still to come.
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
    """An id that nobody can guess. A streamed reply needs it before there is anything to store."""
    return f"audio_{secrets.token_hex(16)}"


class AudioOutputs:
    """The audio outputs of all accounts. Each is visible only to the account that made it."""

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
        """`has_room` says whether the disk has space for dispensable data."""
        self._database = database
        self._blobs = blobs
        self._seal = seal
        self._lifetime = lifetime
        self._has_room = has_room
        self._clock = clock

    async def keep(
        self, audio_id: str, *, account_id: str, transcript: str, data: bytes, audio_format: str
    ) -> datetime:
        """Store the complete audio of a reply under an id from `new_audio_id`; return when it expires.

        `data` is in `audio_format`, the one that the client asked for: "wav", "mp3", … A reply whose client left before
        its end is not stored. If the disk is full or failing, nothing is stored and the audio expires at once.
        """
        now = self._clock()
        if not self._has_room():
            return now
        try:
            return await self._keep(audio_id, account_id, transcript, data, audio_format, now)
        except StorageUnavailable as error:
            _log.warning("The audio of a reply cannot be stored: %s", error.reason)
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
        """The transcript. Raises `AudioOutputNotFound` if it has expired, is unknown, or belongs to another account."""
        if not _ID.fullmatch(audio_id):  # Clients can send any text, including some that no database accepts.
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
        """The audio as it was stored. Raises `AudioOutputNotFound`."""
        await self.transcript(account_id, audio_id)
        try:
            sealed = await self._blobs.get(_blob_name(audio_id))
        except BlobNotFound:  # Purged at this very moment.
            raise AudioOutputNotFound(audio_id) from None
        return await asyncio.to_thread(self._seal.unseal, sealed, purpose=_blob_name(audio_id))

    async def purge(self, now: datetime | None = None) -> int:
        """Delete what has expired and what a crash has left behind; return how many audio outputs had expired.

        Call this every few minutes, with a trustworthy time. Several processes may do so at once.
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
        except (ValueError, SealBroken):  # Encrypted with another key, or stored by a version that did not encrypt.
            raise AudioOutputNotFound(audio_id) from None


def _transcript_name(audio_id: str) -> str:
    return f"{_FOLDER}/{audio_id}/transcript"


def _blob_name(audio_id: str) -> str:
    return f"{_FOLDER}/{audio_id}"
