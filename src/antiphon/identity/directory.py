"""The directory that Azure's tools consult before they assign a role: principals and their roles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from antiphon.identity.assignments import RoleAssignments
from antiphon.identity.principals import Principals
from antiphon.identity.roles import ManagementAction, find_role

SERVICE_PRINCIPAL = "ServicePrincipal"
"""The type of all the local authority's principals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    principals: Principals
    roles: RoleAssignments
    has_strangers: bool
    """Whether Microsoft Entra's principals can sign in too. Only their object ids are known here."""

    async def shows_all(self, principal_id: str, app_roles: Iterable[str]) -> bool:
        """Whether the principal may see the others: reading role assignments anywhere is of no use without their
        names."""
        roles = [assignment.role for assignment in await self.roles.of_principal(principal_id)]
        roles += [role for name in app_roles if (role := find_role(name))]
        return any(ManagementAction.ROLE_ASSIGNMENTS_READ in role.actions for role in roles)
