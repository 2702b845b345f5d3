"""Who may manage accounts: whoever has a token for Azure's resource manager, or a session of the portal, and a role."""

from __future__ import annotations

import logging

from starlette.requests import Request

from antiphon.api.credential_headers import bearer, credential_header
from antiphon.api.management.errors import AuthorizationFailed, ManagementTokenInvalid
from antiphon.api.own_address import path_within
from antiphon.api.session_credential import SessionCredential
from antiphon.identity.assignments import RoleAssignments
from antiphon.identity.audiences import MANAGEMENT_AUDIENCES
from antiphon.identity.claims import Claims
from antiphon.identity.errors import TokenRefused
from antiphon.identity.roles import ManagementAction
from antiphon.identity.scopes import Scope
from antiphon.identity.tokens import TokenVerifier

_log = logging.getLogger(__name__)


class ManagementAuthorizer:
    """Lets in those with a token or a session; keys open nothing here."""

    def __init__(self, tokens: TokenVerifier, roles: RoleAssignments, session: SessionCredential) -> None:
        self._tokens = tokens
        self._roles = roles
        self._session = session

    async def authorize(self, request: Request, action: ManagementAction, *, scope: Scope) -> str:
        """Who asks, and may do `action` on all that the scope holds: the object id of a principal, or "portal" for the
        operator. The log has the reason why somebody else may not.

        Raises `ManagementTokenInvalid`, `SessionExpired` and `AuthorizationFailed`.
        """
        authorization = credential_header(request, "authorization")
        if authorization is None and (session := await self._session.find(request)):
            user = session.user
            client, principal = user.name, user.principal
            allowed = await self._session.allows(user, action, scope=scope)
        else:
            claims = await self._claims(bearer(authorization))
            client, principal = claims.client_id, claims.object_id
            allowed = await self._roles.allow(principal, action, scope=scope, app_roles=claims.app_roles)
        if not allowed:
            _log.warning("Refused: the principal %s has no role for %s there", principal, action)
            where = path_within(request.scope)
            raise AuthorizationFailed(client_id=client, principal_id=principal, action=action, scope=where)
        return principal

    async def _claims(self, token: str | None) -> Claims:
        """What the token says. Raises `ManagementTokenInvalid`."""
        if token is None:
            _log.info("Refused: there is no token")
            raise ManagementTokenInvalid
        try:
            return await self._tokens.verify(token, MANAGEMENT_AUDIENCES)
        except TokenRefused as refused:
            _log.warning("A token is refused: %s", refused.message)
            raise ManagementTokenInvalid from None
