"""Principals: those to whom the local authority can issue tokens."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import string
import uuid
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.exc import IntegrityError

from antiphon.identity.assignments import add_assignment
from antiphon.identity.errors import InvalidPrincipal, PrincipalExists, PrincipalNotFound
from antiphon.identity.roles import COGNITIVE_SERVICES_CONTRIBUTOR, OPENAI_USER
from antiphon.identity.scopes import ALL_ACCOUNTS
from antiphon.store.database import Database
from antiphon.store.tables import PrincipalRow, RoleAssignmentRow, folded
from antiphon.store.utc import Clock, utc_now

LOCAL_PRINCIPAL = "local"
"""The managed identity of programs on this machine."""
LOCAL_ROLES = (OPENAI_USER, COGNITIVE_SERVICES_CONTRIBUTOR)
"""The roles it gets on all accounts when it is created. Revoked ones stay revoked."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SECRET_LETTERS = string.ascii_letters + string.digits
_SECRET_LENGTH = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    id: str
    """The object id: a GUID, `oid` in tokens, and what roles are assigned to."""
    client_id: str
    """Another GUID, `appid` in tokens, by which it signs in."""
    name: str
    created_at: datetime
    secret_hash: str | None = field(repr=False)
    """None if it cannot sign in with a secret."""


class Principals:
    """All principals. Clients need them about once an hour, so every answer is read from the store."""

    def __init__(self, database: Database, *, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    async def add(self, name: str) -> tuple[Principal, str]:
        """Create a principal; return it and its client secret, which cannot be retrieved again.

        Raises `InvalidPrincipal` and `PrincipalExists`.
        """
        secret = "".join(secrets.choice(_SECRET_LETTERS) for _ in range(_SECRET_LENGTH))
        return await self._add(name, secret_hash=_hash(secret)), secret

    async def add_without_secret(self, name: str) -> Principal:
        """Create a principal that signs in only with federated tokens. Raises as `add` does."""
        return await self._add(name, secret_hash=None)

    async def _add(self, name: str, *, secret_hash: str | None) -> Principal:
        if not _NAME.fullmatch(name) or is_guid(name):
            raise InvalidPrincipal(
                f"{name!r} cannot be a principal's name. Use up to 64 letters, digits, '_', '-' and '.', beginning "
                "with a letter or digit; it must not look like an object id."
            )
        row = self._new_row(name, secret_hash=secret_hash)
        try:
            async with self._database.change() as session:
                session.add(row)
        except IntegrityError:
            raise PrincipalExists(name) from None
        return _principal(row)

    async def ensure_local(self) -> Principal:
        """The principal `local`. If it is missing, as in a new data folder, it is created with its roles.

        Processes that create it at the same moment end up with the same one.
        """
        found = await self._find(PrincipalRow.folded_name == LOCAL_PRINCIPAL)
        if found is None:
            row = self._new_row(LOCAL_PRINCIPAL, secret_hash=None)
            try:
                async with self._database.change() as session:
                    session.add(row)
                    for role in LOCAL_ROLES:
                        add_assignment(session, row.id, role, scope=ALL_ACCOUNTS, now=row.created_at)
                found = _principal(row)
            except IntegrityError:
                found = await self.named(LOCAL_PRINCIPAL)
        return found

    async def list(self) -> tuple[Principal, ...]:
        """All principals, by name."""
        async with self._database.session() as session:
            rows = (await session.scalars(select(PrincipalRow).order_by(PrincipalRow.folded_name))).all()
        return tuple(_principal(row) for row in rows)

    async def named(self, name: str) -> Principal:
        """The principal of that name, ignoring case. Raises `PrincipalNotFound`."""
        found = await self._find(PrincipalRow.folded_name == folded(name))
        if found is None:
            raise PrincipalNotFound(name)
        return found

    async def with_client_id(self, client_id: str) -> Principal | None:
        return await self._find(PrincipalRow.client_id == client_id.lower()) if is_guid(client_id) else None

    async def with_id(self, object_id: str) -> Principal | None:
        return await self._find(PrincipalRow.id == object_id.lower()) if is_guid(object_id) else None

    async def object_id_of(self, named: str) -> str:
        """The object id of a principal given by name, client id, or object id, which may be one of Entra's.

        Raises `PrincipalNotFound` for an unknown name.
        """
        if not is_guid(named):
            return (await self.named(named)).id
        principal = await self.with_client_id(named)
        return named.lower() if principal is None else principal.id

    async def remove(self, name: str) -> None:
        """Remove a principal and its roles. Its remaining tokens give access to nothing, for lack of a role.

        Raises `PrincipalNotFound`, and `InvalidPrincipal` for `local`, which the next start would recreate.
        """
        principal = await self.named(name)
        if principal.name == LOCAL_PRINCIPAL:
            raise InvalidPrincipal(
                f"The principal {LOCAL_PRINCIPAL} cannot be removed. Revoke its roles instead: `antiphon roles "
                f"revoke {LOCAL_PRINCIPAL} ROLE`."
            )
        async with self._database.change() as session:
            await session.execute(delete(RoleAssignmentRow).where(RoleAssignmentRow.principal_id == principal.id))
            await session.execute(delete(PrincipalRow).where(PrincipalRow.id == principal.id))

    async def _find(self, condition: ColumnElement[bool]) -> Principal | None:
        async with self._database.session() as session:
            row = await session.scalar(select(PrincipalRow).where(condition))
        return None if row is None else _principal(row)

    def _new_row(self, name: str, *, secret_hash: str | None) -> PrincipalRow:
        return PrincipalRow(
            id=str(uuid.uuid4()),
            client_id=str(uuid.uuid4()),
            name=name,
            folded_name=folded(name),
            secret_hash=secret_hash,
            created_at=self._clock(),
        )


def is_secret_of(principal: Principal | None, presented: str) -> bool:
    """Whether `presented`, any text, is the principal's secret. The time taken reveals neither how close it is nor
    whether the principal exists."""
    # The secret is random and long, so it needs no slow hash; those only protect weak passwords.
    secret_hash = None if principal is None else principal.secret_hash
    is_alike = hmac.compare_digest(secret_hash or _hash(""), _hash(presented))
    return is_alike and secret_hash is not None


def is_guid(text: str) -> bool:
    return _GUID.fullmatch(text.lower()) is not None


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _principal(row: PrincipalRow) -> Principal:
    return Principal(
        id=row.id,
        client_id=row.client_id,
        name=row.name,
        created_at=row.created_at,
        secret_hash=row.secret_hash,
    )
