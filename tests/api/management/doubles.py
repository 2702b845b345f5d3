"""A double for whom may manage what."""

from __future__ import annotations

from dataclasses import dataclass, field

from starlette.requests import HTTPConnection

from antiphon.api.authorization import Caller
from antiphon.api.management.errors import AuthorizationFailed, ManagementTokenInvalid
from antiphon.identity.roles import Action, ManagementAction
from antiphon.identity.scopes import Scope

TENANT = "11111111-2222-3333-4444-555555555555"


@dataclass
class PermissiveAuthorizer:
    """Lets everybody do everything, and remembers what; unless it is told what to refuse."""

    asked: list[tuple[Action, str | None]] = field(default_factory=list)
    only_account: str | None = None
    """Lets them do it with that account alone."""
    sees_subscriptions: bool = False
    """Whether that account shows them its subscription."""
    refuse_token: bool = False

    async def authorize(self, connection: HTTPConnection, action: Action, *, scope: Scope) -> Caller:
        caller = await self.identify(connection)
        if not await self.allows(caller, action, scope=scope):
            raise AuthorizationFailed(client_id="somebody", principal_id="somebody", action=action, scope=str(scope))
        return caller

    async def identify(self, connection: HTTPConnection) -> Caller:
        if self.refuse_token:
            raise ManagementTokenInvalid
        return Caller(principal="somebody", name="somebody", object_id="somebody")

    async def allows(self, caller: Caller, action: Action, *, scope: Scope) -> bool:
        self.asked.append((action, scope.account_id))
        if self.sees_subscriptions and action is ManagementAction.SUBSCRIPTIONS_READ:
            return True
        return self.only_account in (None, scope.account_id)
