"""The keys that the local authority signs tokens with: generated once, shared by all processes, replaced on command."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from joserfc.jwk import RSAKey
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from antiphon.store.database import Database
from antiphon.store.sealing import Seal
from antiphon.store.tables import SigningKeyRow
from antiphon.store.ttl_cache import REMEMBERED_SECONDS, TtlCache
from antiphon.store.utc import Clock, utc_now

TOKEN_LIFETIME = timedelta(hours=1)
"""The lifetime of access tokens. Azure's clients renew those of two hours or more long before they need to."""
_MARGIN = timedelta(minutes=2)
"""Allows for processes that learn of a new key late, and for machines whose clocks differ."""
_KEY_BITS = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    id: str
    """The `kid` of tokens: the key's thumbprint (RFC 7638)."""
    private: RSAKey = field(repr=False)
    created_at: datetime
    retires_at: datetime | None
    """See `SigningKeyRow`."""

    def is_accepted(self, now: datetime) -> bool:
        """Whether tokens signed with it may still be valid, assuming it is not the current signing key."""
        return self.retires_at is None or now < self.retires_at


class SigningKeys:
    """All keys; the newest signs. Changes by other processes are seen after `remembered_seconds` at most."""

    def __init__(
        self,
        database: Database,
        seal: Seal,
        *,
        remembered_seconds: float = REMEMBERED_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._seal = seal
        self._clock = clock
        self._unsealed: dict[str, RSAKey] = {}
        self._cached = TtlCache(self._read, seconds=remembered_seconds, changes=database.changes, monotonic=monotonic)

    async def current(self) -> SigningKey:
        """The current signing key; if there is none yet, the first is generated. Raises `SealBroken`."""
        keys = await self._cached.get(None)
        if not keys:
            await self._add(only_the_first=True)
            keys = await self._cached.get(None)
        return keys[0]

    async def all(self) -> tuple[SigningKey, ...]:
        """The current signing key, then those whose tokens may still be valid, newest first."""
        now = self._clock()
        keys = await self._cached.get(None)
        return keys[:1] + tuple(key for key in keys[1:] if key.is_accepted(now))

    async def find(self, kid: str) -> RSAKey | None:
        """The key that signed a token, while its tokens are accepted, even if another process has just generated it."""
        for attempt in range(2):
            for key in await self.all():
                if key.id == kid:
                    return key.private
            if attempt == 0:
                self._cached.forget(None)
        return None

    async def jwks(self) -> dict[str, list[dict[str, Any]]]:
        """The public halves of all keys in use, as a JWK set (RFC 7517)."""
        await self.current()
        return {"keys": [_public(key) for key in await self.all()]}

    async def rotate(self, *, at_once: bool = False) -> SigningKey:
        """Sign with a new key from now on. The old keys stay until the tokens they have signed expire or, with
        `at_once`, are dropped along with those tokens."""
        await self._add(at_once=at_once)
        return await self.current()

    async def keep_until(self, kid: str, when: datetime) -> None:
        """Accept the key's tokens at least until `when`, even if it is replaced: it signed one that lives that long."""
        async with self._database.change() as session:
            row = await session.get(SigningKeyRow, kid)
            if row is not None and (row.retires_at is None or row.retires_at < when + _MARGIN):
                row.retires_at = when + _MARGIN

    async def _read(self, _: None) -> tuple[SigningKey, ...]:
        async with self._database.session() as session:
            rows = await _rows(session)
        return tuple(
            SigningKey(id=row.id, private=self._unseal(row), created_at=row.created_at, retires_at=row.retires_at)
            for row in rows
        )

    def _unseal(self, row: SigningKeyRow) -> RSAKey:
        if row.id not in self._unsealed:
            pem = self._seal.unseal(row.sealed_private_key, purpose=_purpose(row.id))
            self._unsealed[row.id] = RSAKey.import_key(pem)
        return self._unsealed[row.id]

    async def _add(self, *, only_the_first: bool = False, at_once: bool = False) -> None:
        key = await asyncio.to_thread(RSAKey.generate_key, _KEY_BITS)
        kid = key.thumbprint()
        sealed = self._seal.seal(key.as_pem(private=True), purpose=_purpose(kid))
        now = self._clock()
        async with self._database.change() as session:
            earlier = await _rows(session)
            if not (earlier and only_the_first):  # Another process may have got there first.
                for index, row in enumerate(earlier):
                    await _retire(session, row, was_signing=index == 0, now=now, at_once=at_once)
                youngest = max([now, *(row.created_at + timedelta(microseconds=1) for row in earlier)])
                session.add(SigningKeyRow(id=kid, sealed_private_key=sealed, created_at=youngest, retires_at=None))


async def _rows(session: AsyncSession) -> Sequence[SigningKeyRow]:
    """All rows, with the current signing key first."""
    return (
        await session.scalars(select(SigningKeyRow).order_by(SigningKeyRow.created_at.desc(), SigningKeyRow.id))
    ).all()


async def _retire(
    session: AsyncSession, row: SigningKeyRow, *, was_signing: bool, now: datetime, at_once: bool
) -> None:
    """Retire a key, now that there is a newer one."""
    last_tokens_expire = now + TOKEN_LIFETIME + _MARGIN
    if row.retires_at is None:
        row.retires_at = last_tokens_expire
    elif was_signing:  # Set for one long-lived token; others may expire later.
        row.retires_at = max(row.retires_at, last_tokens_expire)
    if at_once or row.retires_at <= now:
        await session.delete(row)


def _public(key: SigningKey) -> dict[str, Any]:
    return {**key.private.as_dict(private=False), "kid": key.id, "use": "sig", "alg": "RS256"}


def _purpose(kid: str) -> str:
    return f"signing-keys/{kid}"
