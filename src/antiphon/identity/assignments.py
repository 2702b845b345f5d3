"""Role assignments: which principal has which role, and on which scope."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from antiphon.identity.errors import RoleAssignmentExists, RoleAssignmentUpdateNotPermitted
from antiphon.identity.roles import Action, ManagementAction, Role, find_role
from antiphon.identity.scopes import ALL_ACCOUNTS, Scope
from antiphon.store.database import Database
from antiphon.store.tables import RoleAssignmentRow
from antiphon.store.ttl_cache import REMEMBERED_SECONDS, TtlCache
from antiphon.store.utc import Clock, utc_now


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleAssignment:
    id: str
    principal_id: str
    """An object id from the local authority or Entra."""
    role: Role
    scope: str
    """In the form of `Scope.stored`."""
    created_at: datetime
    principal_type: str | None = None
    """The type that was given for the principal, in Azure's terms; None if none was given."""
    description: str | None = None
    created_by: str | None = None
    """Who assigned it: an object id, or "portal". None means somebody with access to the data folder."""

    def allows(self, action: Action, scope: Scope) -> bool:
        """Whether it allows `action` on the scope.

        As in Azure, a role on anything within a subscription is enough to see the subscription.
        """
        if action not in self.role.actions:
            return False
        return self.scope in scope.covering or action is ManagementAction.SUBSCRIPTIONS_READ


class RoleAssignments:
    """All role assignments. Changes by other processes are seen after `remembered_seconds` at most."""

    def __init__(
        self,
        database: Database,
        *,
        remembered_seconds: float = REMEMBERED_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._clock = clock
        self._of_principal = TtlCache(
            self.of_principal, seconds=remembered_seconds, changes=database.changes, monotonic=monotonic
        )

    async def allow(self, principal_id: str, action: Action, *, scope: Scope, app_roles: Iterable[str] = ()) -> bool:
        """Whether the principal may do `action` on everything in the scope.

        `app_roles` come from its token; each counts as the role of that name on every account.
        """
        for name in app_roles:
            role = find_role(name)
            if role is not None and action in role.actions:
                return True
        assignments = await self._of_principal.get(principal_id)
        return any(assignment.allows(action, scope) for assignment in assignments)

    async def assign(self, principal_id: str, role: Role, *, scope: str = ALL_ACCOUNTS) -> RoleAssignment:
        """Assign a role; an existing assignment is left unchanged."""
        try:
            async with self._database.change() as session:
                row = await session.scalar(_query(principal_id, role.name, scope))
                if row is None:
                    row = add_assignment(session, principal_id, role, scope=scope, now=self._clock())
        except IntegrityError:  # Another process has just assigned it.
            async with self._database.session() as session:
                row = (await session.scalars(_query(principal_id, role.name, scope))).one()
        return _assignment(row, role)

    async def put(
        self,
        assignment_id: str,
        principal_id: str,
        role: Role,
        *,
        scope: str,
        principal_type: str | None,
        description: str | None,
        created_by: str,
    ) -> tuple[RoleAssignment, bool]:
        """Assign a role under an id chosen by the caller, a GUID in lower case, or update the description of that
        assignment; also return whether it is new.

        Raises `RoleAssignmentExists` if the principal has the role there under another id, and
        `RoleAssignmentUpdateNotPermitted` if the id belongs to a different assignment.
        """
        row = RoleAssignmentRow(
            id=assignment_id,
            principal_id=principal_id,
            role=role.name,
            scope=scope,
            created_at=self._clock(),
            principal_type=principal_type,
            description=description,
            created_by=created_by,
        )
        try:
            is_new = await self._put(row)
        except IntegrityError:  # Another process interfered: look again to see how.
            is_new = await self._put(row)
        found = await self.find(assignment_id)
        return found or _assignment(row, role), is_new

    async def _put(self, wanted: RoleAssignmentRow) -> bool:
        async with self._database.change() as session:
            named = await session.get(RoleAssignmentRow, wanted.id)
            if named is not None:
                if _is_about(named) != _is_about(wanted):
                    raise RoleAssignmentUpdateNotPermitted
                named.description = wanted.description
                return False
            existing = await session.scalar(_query(*_is_about(wanted)))
            if existing is not None:
                raise RoleAssignmentExists(existing.id)
            await session.merge(wanted)
        return True

    async def find(self, assignment_id: str) -> RoleAssignment | None:
        """The assignment with that id, in lower case, read from the store."""
        return next(iter(await self._read(RoleAssignmentRow.id == assignment_id)), None)

    async def remove(self, assignment: RoleAssignment) -> bool:
        """Remove the assignment; return whether it existed. Takes effect in this process at once."""
        return await self._delete(RoleAssignmentRow.id == assignment.id)

    async def revoke(self, principal_id: str, role: Role, *, scope: str = ALL_ACCOUNTS) -> bool:
        """Revoke a role on exactly this scope; return whether it was assigned. Takes effect in this process at once."""
        return await self._delete(*_are_about(principal_id, role.name, scope))

    async def _delete(self, *conditions: ColumnElement[bool]) -> bool:
        async with self._database.change() as session:
            deleted = await session.scalars(
                delete(RoleAssignmentRow).where(*conditions).returning(RoleAssignmentRow.id)
            )
            return bool(deleted.all())

    async def list(self) -> tuple[RoleAssignment, ...]:
        """All assignments, by principal and role."""
        return await self._read()

    async def of_principal(self, principal_id: str) -> tuple[RoleAssignment, ...]:
        """One principal's assignments, read from the store."""
        return await self._read(RoleAssignmentRow.principal_id == principal_id)

    async def _read(self, *conditions: ColumnElement[bool]) -> tuple[RoleAssignment, ...]:
        query = (
            select(RoleAssignmentRow)
            .where(*conditions)
            .order_by(RoleAssignmentRow.principal_id, RoleAssignmentRow.role, RoleAssignmentRow.scope)
        )
        async with self._database.session() as session:
            rows = (await session.scalars(query)).all()
        # A role that this version of the program does not know allows nothing.
        return tuple(_assignment(row, role) for row in rows if (role := find_role(row.role)))


def add_assignment(
    session: AsyncSession, principal_id: str, role: Role, *, scope: str, now: datetime
) -> RoleAssignmentRow:
    """Add an assignment as part of a larger transaction."""
    row = RoleAssignmentRow(
        id=str(uuid.uuid4()), principal_id=principal_id, role=role.name, scope=scope, created_at=now
    )
    session.add(row)
    return row


def _query(principal_id: str, role: str, scope: str) -> Select[RoleAssignmentRow]:
    return select(RoleAssignmentRow).where(*_are_about(principal_id, role, scope))


def _are_about(principal_id: str, role: str, scope: str) -> tuple[ColumnElement[bool], ...]:
    """The conditions that match at most one assignment."""
    return (
        RoleAssignmentRow.principal_id == principal_id,
        RoleAssignmentRow.role == role,
        RoleAssignmentRow.scope == scope,
    )


def _is_about(row: RoleAssignmentRow) -> tuple[str, str, str]:
    return row.principal_id, row.role, row.scope


def _assignment(row: RoleAssignmentRow, role: Role) -> RoleAssignment:
    return RoleAssignment(
        id=row.id,
        principal_id=row.principal_id,
        role=role,
        scope=row.scope,
        created_at=row.created_at,
        principal_type=row.principal_type,
        description=row.description,
        created_by=row.created_by,
    )
