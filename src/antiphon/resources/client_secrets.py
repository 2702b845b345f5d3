"""Client secrets: minutes of access to Realtime sessions, for browsers and others who must not have a key.

A secret is 256 random bits, of which the store has only the hash. What its sessions begin with is sealed.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import delete, func, select

from antiphon.resources.errors import TooManySecrets
from antiphon.store.database import Database
from antiphon.store.sealing import Seal
from antiphon.store.tables import AccountRow, ClientSecretRow
from antiphon.store.utc import Clock, utc_now

PREFIX = "ek_"
MAX_SECRETS = 10_000
"""How many of an account can be valid at a time."""
_RANDOM_BYTES = 32


class StartingSession(msgspec.Struct, frozen=True, kw_only=True):
    """What sessions begin with."""

    deployment: str | None
    """None leaves the choice to whoever opens the session."""
    is_beta: bool
    """The dialect of `session`."""
    transcribes_only: bool
    session: msgspec.Raw
    """The session object, as checked when the secret was made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSecret:
    account_id: str
    principal: str
    """Who asked for it."""
    starting: StartingSession


@dataclass(frozen=True, slots=True, kw_only=True)
class NewClientSecret:
    value: str = field(repr=False)
    """Available only this once."""
    expires_at: datetime


class ClientSecrets:
    """The secrets of all accounts, shared by the processes on the database."""

    def __init__(self, database: Database, seal: Seal, *, clock: Clock = utc_now) -> None:
        self._database = database
        self._seal = seal
        self._clock = clock

    async def create(
        self, account_id: str, starting: StartingSession, *, principal: str, lifetime: timedelta
    ) -> NewClientSecret:
        """A secret that opens sessions until it expires. Raises `TooManySecrets`."""
        now = self._clock()
        new = NewClientSecret(value=PREFIX + secrets.token_hex(_RANDOM_BYTES), expires_at=now + lifetime)
        secret_hash = _hash(new.value)
        # One at a time for each account, so that counting holds. Whoever only refers to the account does not wait.
        turn = select(AccountRow.id).where(AccountRow.id == account_id).with_for_update(key_share=True)
        async with self._database.begin() as session:
            await session.execute(turn)
            await session.execute(
                delete(ClientSecretRow).where(
                    ClientSecretRow.account_id == account_id, ClientSecretRow.expires_at <= now
                )
            )
            valid = select(func.count()).select_from(ClientSecretRow).where(ClientSecretRow.account_id == account_id)
            if (await session.scalar(valid) or 0) >= MAX_SECRETS:
                raise TooManySecrets(MAX_SECRETS)
            session.add(
                ClientSecretRow(
                    secret_hash=secret_hash,
                    account_id=account_id,
                    principal=principal,
                    sealed_starting=self._seal.seal(msgspec.json.encode(starting), purpose=_purpose(secret_hash)),
                    expires_at=new.expires_at,
                )
            )
        return new

    async def find(self, value: str) -> ClientSecret | None:
        """The secret; None if it is unknown or has expired."""
        secret_hash = _hash(value)
        async with self._database.session() as session:
            row = await session.get(ClientSecretRow, secret_hash)
        if row is None or row.expires_at <= self._clock():
            return None
        starting = self._seal.unseal(row.sealed_starting, purpose=_purpose(secret_hash))
        return ClientSecret(
            account_id=row.account_id,
            principal=row.principal,
            starting=msgspec.json.decode(starting, type=StartingSession),
        )


def _purpose(secret_hash: str) -> str:
    return f"client secrets/{secret_hash}"


def _hash(value: str) -> str:
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
