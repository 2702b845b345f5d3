"""Who may manage accounts: whoever has a token for Azure's resource manager, and a role."""

from __future__ import annotations

import logging

from starlette.requests import Request

from antiphon.errors import AuthorizationFailed, ManagementTokenInvalid, TokenRefused
from antiphon.identity.assignments import RoleAssignments
from antiphon.identity.audiences import MANAGEMENT_AUDIENCES
from antiphon.identity.roles import ManagementAction
from antiphon.identity.tokens import TokenVerifier

_log = logging.getLogger(__name__)


class ManagementAuthorizer:
    """Lets in those with a token; keys open nothing here."""

    def __init__(self, tokens: TokenVerifier, roles: RoleAssignments) -> None:
        self._tokens = tokens
        self._roles = roles

    async def authorize(self, request: Request, action: ManagementAction, *, account_id: str | None) -> str:
        """The object id of the principal that asks, who may do `action` on the account, or, where that is None, on all
        accounts there are and may be. The log has the reason why somebody else may not.

        Raises `ManagementTokenInvalid` and `AuthorizationFailed`.
        """
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            _log.info("Refused: there is no token")
            raise ManagementTokenInvalid
        try:
            claims = await self._tokens.verify(token.strip(), MANAGEMENT_AUDIENCES)
        except TokenRefused as refused:
            _log.warning("A token is refused: %s", refused.message)
            raise ManagementTokenInvalid from None
        principal = claims.object_id
        if not await self._roles.allow(principal, action, account_id=account_id, app_roles=claims.app_roles):
            _log.warning("Refused: the principal %s has no role for %s there", principal, action)
            raise AuthorizationFailed(
                client_id=claims.client_id, principal_id=principal, action=action, scope=request.url.path
            )
        return principal
