"""The local authority, which decides who gets which token. A small stand-in for Entra, without any HTTP."""

from __future__ import annotations

import logging
from collections.abc import Set
from dataclasses import dataclass

from antiphon.identity.audiences import (
    DATA_AUDIENCES,
    EXCHANGE_AUDIENCE,
    GRAPH_AUDIENCE,
    MANAGEMENT_AUDIENCES,
)
from antiphon.identity.errors import SignInRefused, TokenRefused
from antiphon.identity.principals import Principal, Principals, is_secret_of
from antiphon.identity.signing import SigningKeys
from antiphon.identity.tokens import LOCAL_TENANT, IssuedToken, TokenIssuer, TokenVerifier
from antiphon.store.utc import Clock, utc_now

_log = logging.getLogger(__name__)

_DEFAULT_SCOPE = "/.default"
_OPENID_SCOPES = frozenset({"openid", "profile", "offline_access", "email"})
"""Some clients always ask for these, whether or not they get them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What an application presents to prove its identity."""

    client_id: str
    client_secret: str | None = None
    client_assertion: str | None = None
    """A token for `EXCHANGE_AUDIENCE`, issued to the same principal."""


class LocalAuthority:
    """Issues tokens to its principals for the audiences supported here."""

    def __init__(
        self,
        keys: SigningKeys,
        principals: Principals,
        tokens: TokenVerifier,
        *,
        audiences: Set[str] = DATA_AUDIENCES | MANAGEMENT_AUDIENCES,
        clock: Clock = utc_now,
    ) -> None:
        self.keys = keys
        self._principals = principals
        self._audiences = audiences
        self.issuer = TokenIssuer(keys, clock=clock)
        self._tokens = tokens

    async def sign_in(self, credentials: Credentials, resource: str, *, is_own_address: bool = False) -> IssuedToken:
        """Issue a token for `resource` to an application; the server's own address stands for Microsoft Graph.

        Raises `SignInRefused`.
        """
        audience = self._audience(resource, is_own_address=is_own_address)
        principal = await self._principals.with_client_id(credentials.client_id)
        if credentials.client_secret is not None:
            if not is_secret_of(principal, credentials.client_secret) or principal is None:
                raise _refused(credentials, principal, _wrong_secret(credentials.client_id))
        elif credentials.client_assertion is not None:
            if not await self._is_assertion_of(principal, credentials.client_assertion) or principal is None:
                raise _refused(credentials, principal, _wrong_assertion())
        else:
            raise SignInRefused(
                "invalid_client",
                7000218,
                "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
            )
        return await self.issuer.issue(principal, audience)

    async def managed_identity(self) -> Principal:
        """The principal whose tokens programs on this machine receive."""
        return await self._principals.ensure_local()

    async def token_of_managed_identity(
        self, resource: str, *, is_own_address: bool = False
    ) -> tuple[Principal, IssuedToken]:
        """Issue a token to a program on this machine, for a `resource` as in `sign_in`. Raises `SignInRefused`."""
        audience = self._audience(resource, is_own_address=is_own_address)
        principal = await self.managed_identity()
        return principal, await self.issuer.issue(principal, audience)

    async def _is_assertion_of(self, principal: Principal | None, assertion: str) -> bool:
        try:
            claims = await self._tokens.verify(assertion, {EXCHANGE_AUDIENCE})
        except TokenRefused as refused:
            _log.warning("A client assertion was refused: %s", refused.message)
            return False
        return principal is not None and (claims.tenant_id, claims.object_id) == (LOCAL_TENANT, principal.id)

    def _audience(self, resource: str, *, is_own_address: bool) -> str:
        if resource not in self._audiences:
            if is_own_address:
                return GRAPH_AUDIENCE
            raise SignInRefused(
                "invalid_resource",
                500011,
                f"The resource principal named {resource[:256]} was not found in the tenant named {LOCAL_TENANT}. "
                "Tokens are issued for https://cognitiveservices.azure.com and https://management.azure.com, and for "
                "the audiences in [identity] of antiphon.toml.",
            )
        return resource


def resource_of_scope(scope: str) -> str:
    """The resource that a scope refers to: for `https://management.core.windows.net//.default`, one that ends in a
    slash. Raises `SignInRefused`."""
    scopes = [word for word in scope.split() if word not in _OPENID_SCOPES]
    if len(scopes) != 1 or not scopes[0].endswith(_DEFAULT_SCOPE):
        raise SignInRefused(
            "invalid_scope",
            1002012,
            f"The provided value for scope {scope[:256]} is not valid. Client credential flows must have a scope value "
            "with /.default suffixed to the resource identifier (application ID URI).",
        )
    return scopes[0].removesuffix(_DEFAULT_SCOPE)


def _refused(credentials: Credentials, principal: Principal | None, otherwise: SignInRefused) -> SignInRefused:
    """The error to report for a failed sign-in. As in Entra, application ids are no secret."""
    _log.warning("The client %r may not sign in", credentials.client_id[:64])
    if principal is not None:
        return otherwise
    return SignInRefused(
        "unauthorized_client",
        700016,
        f"Application with identifier '{credentials.client_id[:64]}' was not found in the directory '{LOCAL_TENANT}'. "
        "To list them: antiphon principals list.",
    )


def _wrong_secret(client_id: str) -> SignInRefused:
    return SignInRefused(
        "invalid_client",
        7000215,
        "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not "
        f"the client secret ID, for a secret added to app '{client_id}'.",
    )


def _wrong_assertion() -> SignInRefused:
    return SignInRefused(
        "invalid_client",
        700213,
        "No matching federated identity record found for presented assertion. Create one with: antiphon principals "
        "federated-token NAME.",
    )
