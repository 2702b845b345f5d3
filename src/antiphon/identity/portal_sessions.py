"""Portal sessions, and the one-time codes that start the operator's.

Codes and tokens are 256 random bits each, so guessing is hopeless, however many attempts are made. The store holds only
their hashes, so reading it is not enough to sign in.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from antiphon.store.database import Database
from antiphon.store.tables import PortalSessionRow, SignInCodeRow
from antiphon.store.utc import Clock, utc_now

CODE_LIFETIME = timedelta(hours=1)
_IDLE = timedelta(hours=12)
"""How long an unused session lasts."""
_OPERATORS_LONGEST = timedelta(days=7)
_ENTRAS_LONGEST = timedelta(hours=12)
"""Entra is asked about a user only at sign-in, so it has to be asked again within a day."""
_SEEN_EVERY = timedelta(minutes=5)
"""The precision of the time of last use, so that not every request writes to the store."""
_RANDOM_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalUser:
    """Who is signed in."""

    object_id: str | None
    """The object id that roles are assigned to; None for the operator, who may do everything."""
    name: str
    app_roles: tuple[str, ...] = ()
    """The user's roles on every account, according to Entra at sign-in."""

    @property
    def is_operator(self) -> bool:
        return self.object_id is None

    @property
    def principal(self) -> str:
        """The user's name in records."""
        return "portal" if self.object_id is None else self.object_id


OPERATOR = PortalUser(object_id=None, name="operator")


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalSession:
    user: PortalUser
    expires_at: datetime
    """When the session ends unless it is used before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSession:
    token: str = field(repr=False)
    """For the cookie; available only this once."""
    session: PortalSession


class PortalSessions:
    """All portal sessions, shared by the processes on the database."""

    def __init__(self, database: Database, *, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    async def create_code(self) -> str:
        """A code that signs the operator in once."""
        code = secrets.token_urlsafe(_RANDOM_BYTES)
        async with self._database.begin() as session:
            session.add(SignInCodeRow(code_hash=_hash(code), expires_at=self._clock() + CODE_LIFETIME))
        return code

    async def sign_in(self, code: str) -> NewSession | None:
        """Start a session for the operator; None for an unknown, used or expired code."""
        async with self._database.begin() as session:
            # One statement finds and removes the code, so of two clients with the same code, only one gets in.
            used = await session.scalars(
                delete(SignInCodeRow)
                .where(SignInCodeRow.code_hash == _hash(code), SignInCodeRow.expires_at > self._clock())
                .returning(SignInCodeRow.code_hash)
            )
            if not used.all():
                return None
            new, row = self._new(OPERATOR)
            session.add(row)
        return new

    async def open(self, user: PortalUser) -> NewSession:
        """Start a session for a user who has been authenticated in another way."""
        new, row = self._new(user)
        async with self._database.begin() as session:
            session.add(row)
        return new

    async def find(self, token: str) -> PortalSession | None:
        """The session with that token, marked as used; None if it has ended or never existed."""
        token_hash, now = _hash(token), self._clock()
        async with self._database.session() as session:
            row = await session.get(PortalSessionRow, token_hash)
        if row is None or row.expires_at <= now:
            return None
        if now < row.last_seen_at + _SEEN_EVERY:
            return _session(row)
        async with self._database.begin(is_durable=False) as session:
            seen = await session.scalars(
                update(PortalSessionRow)
                .where(PortalSessionRow.token_hash == token_hash)
                .values(last_seen_at=now, expires_at=_expiry(row.object_id, created_at=row.created_at, now=now))
                .returning(PortalSessionRow)
            )
            row = seen.one_or_none()  # It may have ended meanwhile.
        return None if row is None else _session(row)

    async def end(self, token: str) -> None:
        """End a session at once, in all processes. An unknown one is ignored."""
        async with self._database.begin() as session:
            await session.execute(delete(PortalSessionRow).where(PortalSessionRow.token_hash == _hash(token)))

    async def end_all(self) -> int:
        """End all sessions and revoke all codes; return the number of sessions."""
        async with self._database.begin() as session:
            await session.execute(delete(SignInCodeRow))
            ended = await session.scalars(delete(PortalSessionRow).returning(PortalSessionRow.token_hash))
            return len(ended.all())

    async def purge(self, now: datetime | None = None) -> None:
        """Remove what has expired from the store, as of a trustworthy time."""
        now = now or self._clock()
        async with self._database.session() as session:
            codes = select(SignInCodeRow.code_hash).where(SignInCodeRow.expires_at <= now)
            tokens = select(PortalSessionRow.token_hash).where(PortalSessionRow.expires_at <= now)
            if (await session.scalar(codes.union_all(tokens).limit(1))) is None:
                return  # The usual case, in which nobody has to wait for a turn to write.
        async with self._database.begin() as session:
            await session.execute(delete(SignInCodeRow).where(SignInCodeRow.expires_at <= now))
            await session.execute(delete(PortalSessionRow).where(PortalSessionRow.expires_at <= now))

    def _new(self, user: PortalUser) -> tuple[NewSession, PortalSessionRow]:
        token, now = secrets.token_urlsafe(_RANDOM_BYTES), self._clock()
        row = PortalSessionRow(
            token_hash=_hash(token),
            object_id=user.object_id,
            name=user.name,
            app_roles=list(user.app_roles),
            created_at=now,
            last_seen_at=now,
            expires_at=_expiry(user.object_id, created_at=now, now=now),
        )
        return NewSession(token=token, session=_session(row)), row


def _expiry(object_id: str | None, *, created_at: datetime, now: datetime) -> datetime:
    return min(now + _IDLE, created_at + (_OPERATORS_LONGEST if object_id is None else _ENTRAS_LONGEST))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _session(row: PortalSessionRow) -> PortalSession:
    user = PortalUser(object_id=row.object_id, name=row.name, app_roles=tuple(row.app_roles))
    return PortalSession(user=user, expires_at=row.expires_at)
