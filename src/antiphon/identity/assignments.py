"""Role assignments: which principal has which role, on one account or on all."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from antiphon.identity.roles import Action, ManagementAction, Role, find_role
from antiphon.store.database import Database
from antiphon.store.recent import Recent
from antiphon.store.tables import RoleAssignmentRow
from antiphon.store.utc import Clock, utc_now

ALL_ACCOUNTS = "*"
"""The scope of a role on every account, those to come included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleAssignment:
    id: str
    principal_id: str
    """An object id, of the local authority's or of Entra's."""
    role: Role
    scope: str
    """An account's id, or `ALL_ACCOUNTS`."""
    created_at: datetime

    def allows(self, action: Action, account_id: str | None) -> bool:
        """Whether it allows `action` on that account; None stands for what concerns more than one.

        As in Azure, whoever has any role anywhere sees the subscription that it lies in.
        """
        if action not in self.role.actions:
            return False
        return self.scope in (ALL_ACCOUNTS, account_id) or action is ManagementAction.SUBSCRIPTIONS_READ


class RoleAssignments:
    """All of them. What another process changes is seen after `remembered_seconds` at most."""

    def __init__(
        self,
        database: Database,
        *,
        remembered_seconds: float = 2.0,
        monotonic: Callable[[], float] = time.monotonic,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._clock = clock
        self._of_principal = Recent(self.of_principal, seconds=remembered_seconds, monotonic=monotonic)

    async def allow(
        self, principal_id: str, action: Action, *, account_id: str | None, app_roles: Iterable[str] = ()
    ) -> bool:
        """Whether the principal may do `action` on the account, or, with None, on all there are.

        `app_roles` are those that its token brings along; each counts as the role of its name on every account.
        """
        for name in app_roles:
            role = find_role(name)
            if role is not None and action in role.actions:
                return True
        assignments = await self._of_principal.get(principal_id)
        return any(assignment.allows(action, account_id) for assignment in assignments)

    async def assign(self, principal_id: str, role: Role, *, scope: str = ALL_ACCOUNTS) -> RoleAssignment:
        """Give a role; one that is there already stays as it is."""
        try:
            async with self._database.begin() as session:
                row = await session.scalar(_query(principal_id, role, scope))
                if row is None:
                    row = add_assignment(session, principal_id, role, scope=scope, now=self._clock())
        except IntegrityError:  # Another process has just done the same.
            async with self._database.session() as session:
                row = (await session.scalars(_query(principal_id, role, scope))).one()
        self._of_principal.forget(principal_id)
        return _assignment(row, role)

    async def revoke(self, principal_id: str, role: Role, *, scope: str = ALL_ACCOUNTS) -> bool:
        """Take a role back, from exactly this scope; tell whether it was there. This process heeds it at once."""
        async with self._database.begin() as session:
            revoked = await session.scalars(
                delete(RoleAssignmentRow)
                .where(
                    RoleAssignmentRow.principal_id == principal_id,
                    RoleAssignmentRow.role == role.name,
                    RoleAssignmentRow.scope == scope,
                )
                .returning(RoleAssignmentRow.id)
            )
            was_there = bool(revoked.all())
        self._of_principal.forget(principal_id)
        return was_there

    async def list(self) -> tuple[RoleAssignment, ...]:
        """All of them, by principal and role."""
        return await self._read(None)

    async def of_principal(self, principal_id: str) -> tuple[RoleAssignment, ...]:
        """Those of one principal, as they stand in the store."""
        return await self._read(principal_id)

    async def _read(self, principal_id: str | None) -> tuple[RoleAssignment, ...]:
        query = select(RoleAssignmentRow).order_by(
            RoleAssignmentRow.principal_id, RoleAssignmentRow.role, RoleAssignmentRow.scope
        )
        if principal_id is not None:
            query = query.where(RoleAssignmentRow.principal_id == principal_id)
        async with self._database.session() as session:
            rows = (await session.scalars(query)).all()
        # A role that this version of the program does not have allows nothing.
        return tuple(_assignment(row, role) for row in rows if (role := find_role(row.role)))


def add_assignment(
    session: AsyncSession, principal_id: str, role: Role, *, scope: str, now: datetime
) -> RoleAssignmentRow:
    """Add an assignment to a transaction that does more than that."""
    row = RoleAssignmentRow(
        id=str(uuid.uuid4()), principal_id=principal_id, role=role.name, scope=scope, created_at=now
    )
    session.add(row)
    return row


def _query(principal_id: str, role: Role, scope: str) -> Select[RoleAssignmentRow]:
    return select(RoleAssignmentRow).where(
        RoleAssignmentRow.principal_id == principal_id,
        RoleAssignmentRow.role == role.name,
        RoleAssignmentRow.scope == scope,
    )


def _assignment(row: RoleAssignmentRow, role: Role) -> RoleAssignment:
    return RoleAssignment(
        id=row.id, principal_id=row.principal_id, role=role, scope=row.scope, created_at=row.created_at
    )
