"""Who asks: the account of a request or a WebSocket, let in by one of its keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from starlette.requests import HTTPConnection

from antiphon.errors import AccessDenied, InvalidToken
from antiphon.identity.keys import AccountKeys
from antiphon.identity.roles import DataAction
from antiphon.resources.accounts import Account, Accounts

_KEY_SUBPROTOCOL = "openai-insecure-api-key."
_TOKEN_ROUTES = ("/openai/deployments", "/openai/realtime")
"""Azure's own routes, where a bearer token would be one of Entra's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks, and of which account."""

    account: Account
    principal: str
    """"key1" or "key2", or the object id of a token's principal."""


class Authenticator:
    """Lets requests in to the account that their host leads to."""

    def __init__(self, accounts: Accounts, keys: AccountKeys) -> None:
        self._accounts = accounts
        self._keys = keys

    async def authenticate(self, connection: HTTPConnection, action: DataAction) -> Caller:
        """The caller, who may do `action`.

        Raises `AccessDenied` for a wrong key or none, and `InvalidToken` for a bearer token on Azure's own routes.
        """
        account = await self._accounts.of_host(connection.url.hostname or "")
        key = presented_key(connection)
        if key is not None and (name := await self._keys.verify(account.id, key)):
            return Caller(account=account, principal=name)
        if key is not None and key == _bearer(connection) and connection.url.path.startswith(_TOKEN_ROUTES):
            raise InvalidToken
        raise AccessDenied


def presented_key(connection: HTTPConnection) -> str | None:
    """The key that comes with the request, right or wrong: as `api-key`, as Azure's clients send it, or as a bearer
    token, as OpenAI's do.

    Browsers cannot give headers to a WebSocket. There, the query may have either, and a subprotocol may hold the key.
    """
    key = connection.headers.get("api-key")
    if key is None:
        key = _bearer(connection)
    return next(_of_websocket(connection), None) if key is None else key


def _bearer(connection: HTTPConnection) -> str | None:
    return _token(connection.headers.get("authorization", ""))


def _token(authorization: str) -> str | None:
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _of_websocket(connection: HTTPConnection) -> Iterator[str]:
    if connection.scope["type"] != "websocket":
        return
    query = connection.query_params
    if (key := query.get("api-key")) is not None:
        yield key
    if (token := _token(query.get("Authorization", ""))) is not None:
        yield token
    for subprotocol in connection.scope["subprotocols"]:
        if subprotocol.startswith(_KEY_SUBPROTOCOL):
            yield subprotocol.removeprefix(_KEY_SUBPROTOCOL)
