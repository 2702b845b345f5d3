"""A double for whom may manage what."""

from __future__ import annotations

from dataclasses import dataclass, field

from starlette.requests import Request

from antiphon.api.management.errors import AuthorizationFailed, ManagementTokenInvalid
from antiphon.identity.roles import ManagementAction
from antiphon.identity.scopes import Scope

TENANT = "11111111-2222-3333-4444-555555555555"


@dataclass
class PermissiveAuthorizer:
    """Lets everybody do everything, and remembers what; unless it is told what to refuse."""

    asked: list[tuple[ManagementAction, str | None]] = field(default_factory=list)
    only_account: str | None = None
    """Lets them do it with that account alone."""
    sees_subscriptions: bool = False
    """Whether that account shows them its subscription."""
    refuse_token: bool = False

    async def authorize(self, request: Request, action: ManagementAction, *, scope: Scope) -> str:
        self.asked.append((action, scope.account_id))
        if self.refuse_token:
            raise ManagementTokenInvalid
        if self.sees_subscriptions and action is ManagementAction.SUBSCRIPTIONS_READ:
            return "somebody"
        if self.only_account not in (None, scope.account_id):
            raise AuthorizationFailed(client_id="somebody", principal_id="somebody", action=action, scope=str(scope))
        return "somebody"
