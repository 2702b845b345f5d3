"""Who asks: the account of a request or a WebSocket, let in by one of its keys."""

from __future__ import annotations

from collections.abc import Iterator

from starlette.requests import HTTPConnection

from antiphon.errors import AccessDenied, InvalidToken
from antiphon.identity.keys import AccountKeys
from antiphon.resources.accounts import Account

_KEY_SUBPROTOCOL = "openai-insecure-api-key."
_TOKEN_ROUTES = ("/openai/deployments", "/openai/realtime")
"""Azure's own routes, where a bearer token would be one of Entra's."""


class Authenticator:
    """Lets requests in to an account."""

    def __init__(self, account: Account, keys: AccountKeys) -> None:
        self._account = account
        self._keys = keys

    async def authenticate(self, connection: HTTPConnection) -> Account:
        """The account that the request may use.

        Raises `AccessDenied` for a wrong key or none, and `InvalidToken` for a bearer token on Azure's own routes.
        """
        key = presented_key(connection)
        if key is not None and await self._keys.verify(self._account.id, key):
            return self._account
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
