"""Who asks: the account of a request or a WebSocket, let in by one of its keys or by a token."""

from __future__ import annotations

import logging
from collections.abc import Set
from dataclasses import dataclass, field

from starlette.requests import HTTPConnection

from antiphon.api.credential_headers import bearer, credential_header, first_given
from antiphon.api.errors import AccessDenied, AuthenticationTypeDisabled, InvalidToken, PermissionDenied
from antiphon.api.own_address import path_within
from antiphon.api.session_credential import SessionCredential
from antiphon.identity.assignments import RoleAssignments
from antiphon.identity.audiences import DATA_AUDIENCES
from antiphon.identity.claims import looks_like_token
from antiphon.identity.errors import TokenRefused
from antiphon.identity.keys import AccountKeys
from antiphon.identity.portal_sessions import PortalUser
from antiphon.identity.roles import DataAction
from antiphon.identity.tokens import TokenVerifier
from antiphon.resources.accounts import Account, Accounts

_log = logging.getLogger(__name__)

_KEY_SUBPROTOCOL = "openai-insecure-api-key."
_TOKEN_ROUTES = ("/openai/deployments", "/openai/realtime")
"""Azure's own routes, where a bearer token would be one of Entra's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks, and of which account."""

    account: Account
    principal: str
    """"key1" or "key2", the object id of a token's or a session's principal, or "portal" for the operator's session."""


class Authenticator:
    """Lets requests in to the account that their host leads to: with one of its keys, with a token or a session
    of a principal that has a role there, or with the operator's session."""

    def __init__(
        self,
        accounts: Accounts,
        keys: AccountKeys,
        tokens: TokenVerifier,
        roles: RoleAssignments,
        session: SessionCredential,
        *,
        audiences: Set[str] = DATA_AUDIENCES,
    ) -> None:
        self._accounts = accounts
        self._keys = keys
        self._tokens = tokens
        self._roles = roles
        self._session = session
        self._audiences = audiences

    async def authenticate(self, connection: HTTPConnection, action: DataAction) -> Caller:
        """The caller, who may do `action`. The log has the reason why somebody else may not.

        Raises `AccessDenied` for a wrong key or none, `AuthenticationTypeDisabled` for any key where the account takes
        only tokens, `InvalidToken` for a wrong token, and for any bearer that is no key on Azure's own routes, and
        `PermissionDenied` for a right token whose principal lacks the role. As for the portal's session, which counts
        where there is neither a key nor a token, `SessionExpired` and `PermissionDenied`.
        """
        account = await self._accounts.of_host(connection.url.hostname or "")
        shown = _credential(connection)
        if shown is None:
            if session := await self._session.find(connection):
                return await self._with_session(connection, account, session.user, action)
            _log.info("Refused: there is neither a key nor a token")
            raise AccessDenied
        if shown.is_token:
            return await self._with_token(connection, account, shown.value, action)
        if account.disable_local_auth:
            _log.info("Refused: the account %r takes no keys", account.name)
            raise AuthenticationTypeDisabled
        if name := await self._keys.verify(account.id, shown.value):
            return Caller(account=account, principal=name)
        _log.warning("Refused: the key is none of the account %r's", account.name)
        if shown.is_bearer and path_within(connection.scope).startswith(_TOKEN_ROUTES):
            raise InvalidToken
        raise AccessDenied

    async def _with_token(self, connection: HTTPConnection, account: Account, token: str, action: DataAction) -> Caller:
        try:
            claims = await self._tokens.verify(token, self._audiences)
        except TokenRefused as refused:
            _log.warning("A token is refused: %s", refused.message)
            raise InvalidToken from None
        principal = claims.object_id
        allowed = await self._roles.allow(principal, action, scope=account.scope, app_roles=claims.app_roles)
        return _admitted(connection, account, principal, action, allowed=allowed)

    async def _with_session(
        self, connection: HTTPConnection, account: Account, user: PortalUser, action: DataAction
    ) -> Caller:
        allowed = await self._session.allows(user, action, scope=account.scope)
        return _admitted(connection, account, user.principal, action, allowed=allowed)


def _admitted(
    connection: HTTPConnection, account: Account, principal: str, action: DataAction, *, allowed: bool
) -> Caller:
    """Raises `PermissionDenied` for who is not allowed."""
    if not allowed:
        _log.warning("Refused: the principal %s has no role for %s on the account %r", principal, action, account.name)
        raise PermissionDenied(principal, action, operation_of(connection))
    return Caller(account=account, principal=principal)


def operation_of(connection: HTTPConnection) -> str:
    """Method and path of a request as Azure's refusals name them: `POST /openai/deployments/{deployment-id}/…`."""
    path: str = getattr(connection.scope.get("route"), "path", path_within(connection.scope))
    return f"{connection.scope.get('method', 'GET')} {path.replace('{deployment}', '{deployment-id}')}"


def presented_key(connection: HTTPConnection) -> str | None:
    """The key or token that comes with the request, right or wrong; see `_Credential` for where it may be."""
    credential = _credential(connection)
    return None if credential is None else credential.value


@dataclass(frozen=True, slots=True, kw_only=True)
class _Credential:
    """What a request shows: a key in the header `api-key`, as Azure's clients send it, or a key or a token as a bearer.

    Browsers cannot give headers to a WebSocket. There, the query may have either, and a subprotocol may hold one.
    """

    value: str = field(repr=False)
    is_bearer: bool = False
    """It comes as `Bearer …`."""
    may_be_token: bool = False

    @property
    def is_token(self) -> bool:
        return self.may_be_token and looks_like_token(self.value)


def _credential(connection: HTTPConnection) -> _Credential | None:
    """What counts, of all that is shown: the header `api-key`, then `Authorization`, then what a WebSocket may have."""
    if key := credential_header(connection, "api-key"):
        return _Credential(value=key)
    if token := bearer(credential_header(connection, "authorization")):
        return _Credential(value=token, is_bearer=True, may_be_token=True)
    return _of_websocket(connection) if connection.scope["type"] == "websocket" else None


def _of_websocket(socket: HTTPConnection) -> _Credential | None:
    query = socket.query_params
    if key := first_given(query.getlist("api-key")):
        return _Credential(value=key)
    if token := bearer(first_given(query.getlist("Authorization"))):
        return _Credential(value=token, is_bearer=True, may_be_token=True)
    offered: list[str] = socket.scope["subprotocols"]
    keys = (each.removeprefix(_KEY_SUBPROTOCOL) for each in offered if each.startswith(_KEY_SUBPROTOCOL))
    if key := first_given(keys):
        return _Credential(value=key, may_be_token=True)
    return None
