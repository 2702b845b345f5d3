"""The data plane: an account's models, for requests and WebSockets with one of its keys, a token or a session."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import HTTPConnection

from antiphon.api.authorization import Authorizer, Caller, Plane
from antiphon.api.credentials import Credential, bearer_header, first_credential, key_header, websocket_credential
from antiphon.api.errors import AccessDenied, ApiError, InvalidToken, PermissionDenied
from antiphon.api.own_address import path_within
from antiphon.identity.audiences import DATA_AUDIENCES
from antiphon.identity.roles import Action, DataAction
from antiphon.resources.accounts import Account, Accounts

_SOURCES = (key_header, bearer_header, websocket_credential)
_TOKEN_ROUTES = ("/openai/deployments", "/openai/realtime")
"""Azure's own routes, where a bearer token would be from Entra."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountCaller:
    """Who is making a request, and to which account."""

    account: Account
    principal: str
    """As in `Caller`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataAuthorizer:
    """Admits requests to the account that their host belongs to."""

    accounts: Accounts
    authorizer: Authorizer

    async def authorize(self, connection: HTTPConnection, action: DataAction) -> AccountCaller:
        """The caller, who may do `action` on the account. Raises `AccountNotFound`, and as `Authorizer.authorize`."""
        account = await self.accounts.of_host(connection.url.hostname or "")
        caller = await self.authorizer.authorize(connection, action, scope=account.scope, account=account)
        return AccountCaller(account=account, principal=caller.principal)


def presented_key(connection: HTTPConnection) -> str | None:
    """The key or token that comes with the request, right or wrong."""
    shown = first_credential(connection, _SOURCES)
    return None if shown is None else shown.value


def _unauthenticated(connection: HTTPConnection, shown: Credential | None) -> ApiError:
    if shown is None:
        return AccessDenied()
    is_meant_as_token = shown.is_bearer and path_within(connection.scope).startswith(_TOKEN_ROUTES)
    return InvalidToken() if shown.is_token or is_meant_as_token else AccessDenied()


def _operation(connection: HTTPConnection) -> str:
    """Method and path of a request as Azure's refusals name them: `POST /openai/deployments/{deployment-id}/…`."""
    path: str = getattr(connection.scope.get("route"), "path", path_within(connection.scope))
    return f"{connection.scope.get('method', 'GET')} {path.replace('{deployment}', '{deployment-id}')}"


def _forbidden(caller: Caller, action: Action, place: str) -> ApiError:
    return PermissionDenied(caller.principal, action, place)


DATA_PLANE = Plane(
    sources=_SOURCES,
    audiences=DATA_AUDIENCES,
    unauthenticated=_unauthenticated,
    place=_operation,
    forbidden=_forbidden,
)
