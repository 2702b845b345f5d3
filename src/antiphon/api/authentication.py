"""Who asks: the account of a request, let in by one of its keys."""

from __future__ import annotations

from starlette.requests import Request

from antiphon.errors import AccessDenied, InvalidToken
from antiphon.identity.keys import AccountKeys
from antiphon.resources.accounts import Account


class Authenticator:
    """Lets requests in to an account."""

    def __init__(self, account: Account, keys: AccountKeys) -> None:
        self._account = account
        self._keys = keys

    async def authenticate(self, request: Request) -> Account:
        """The account that the request may use.

        Its key comes as `api-key`, as Azure's clients send it, or as a bearer token, as OpenAI's do.

        Raises `AccessDenied` for a wrong key or none, and `InvalidToken` for a bearer token on Azure's own routes,
        where it would be one of Entra's.
        """
        key = request.headers.get("api-key")
        if key is not None:
            if await self._keys.verify(self._account.id, key):
                return self._account
            raise AccessDenied
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            if await self._keys.verify(self._account.id, token.strip()):
                return self._account
            if request.url.path.startswith("/openai/deployments"):
                raise InvalidToken
        raise AccessDenied
