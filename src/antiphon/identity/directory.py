"""Who there is, and which roles they have: what Azure asks of a directory before a role is assigned."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from antiphon.identity.assignments import RoleAssignments
from antiphon.identity.principals import Principals
from antiphon.identity.roles import ManagementAction, find_role

SERVICE_PRINCIPAL = "ServicePrincipal"
"""What all principals of the local authority are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    principals: Principals
    roles: RoleAssignments
    has_strangers: bool
    """Whether principals of Microsoft Entra's sign in, too, of whom nothing is known here but their object ids."""

    async def shows_all(self, principal_id: str, app_roles: Iterable[str]) -> bool:
        """Whether the principal may see who there is: who sees somewhere who has a role has to know whose they are."""
        roles = [assignment.role for assignment in await self.roles.of_principal(principal_id)]
        roles += [role for name in app_roles if (role := find_role(name))]
        return any(ManagementAction.ROLE_ASSIGNMENTS_READ in role.actions for role in roles)
