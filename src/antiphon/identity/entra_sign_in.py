"""Signing in to the portal through Microsoft Entra: OpenID Connect's authorization code flow, with PKCE."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx
import msgspec

from antiphon.identity.entra import PUBLIC_AUTHORITY, EntraTenant
from antiphon.identity.errors import IssuerUnreachable, TokenRefused
from antiphon.identity.portal_sessions import PortalUser
from antiphon.identity.tokens import TokenVerifier

CLIENT_SECRET_VARIABLE = "ANTIPHON_PORTAL_CLIENT_SECRET"  # noqa: S105 - its name.
"""The environment variable with the application's secret, if it has one."""

_SCOPE = "openid profile"
_ANY_TENANT = "organizations"
"""For several tenants: the token names its tenant, and is refused unless that is one of ours."""
_RANDOM_BYTES = 32
_TOTAL_SECONDS = 10.0
_MAX_ANSWER_BYTES = 256 * 1024
_MAX_NAME = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What a browser keeps while its user is at Entra: a user who returns without it did not start here."""

    state: str = field(default_factory=lambda: secrets.token_urlsafe(_RANDOM_BYTES), repr=False)
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(_RANDOM_BYTES), repr=False)
    """Returned in the token, which ties the token to this attempt."""
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(_RANDOM_BYTES), repr=False)
    """For PKCE: redeeming the code requires it."""


class EntraSignIn:
    """Signs users in through one application registered with the tenants."""

    def __init__(
        self,
        *,
        client_id: str,
        client_secret: str | None,
        tenants: Sequence[EntraTenant],
        tokens: TokenVerifier,
        client: httpx.AsyncClient,
        authority: str = PUBLIC_AUTHORITY,
    ) -> None:
        """A `client_secret` of None means a public client. `tokens` knows the tenants. The caller closes `client`."""
        tenant = tenants[0].tenant_id if len(tenants) == 1 else _ANY_TENANT
        self._endpoint = f"{authority.rstrip('/')}/{tenant}/oauth2/v2.0"
        self._client_id = client_id.lower()
        self._client_secret = client_secret
        self._client = client
        self._tenant_ids = frozenset(tenant.tenant_id for tenant in tenants)
        self._tokens = tokens

    def url(self, attempt: Attempt, *, redirect_uri: str) -> str:
        """The page where the user signs in, and which returns to `redirect_uri` with a code."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(attempt.verifier.encode()).digest()).rstrip(b"=").decode()
        query = {
            "client_id": self._client_id,
            "response_type": "code",
            "response_mode": "query",
            "redirect_uri": redirect_uri,
            "scope": _SCOPE,
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "prompt": "select_account",  # A page that links here must not sign anyone in unawares.
        }
        return f"{self._endpoint}/authorize?{urlencode(query)}"

    async def redeem(self, code: str, attempt: Attempt, *, redirect_uri: str) -> PortalUser:
        """The user who has returned with the code.

        Raises `TokenRefused` if Entra refuses them or its answer does not let them in, and `IssuerUnreachable`.
        """
        form = {
            "client_id": self._client_id,
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": attempt.verifier,
            "scope": _SCOPE,
        }
        if self._client_secret is not None:
            form["client_secret"] = self._client_secret
        try:
            async with asyncio.timeout(_TOTAL_SECONDS):
                answer = await self._answer(form)
        except (httpx.HTTPError, TimeoutError) as error:
            raise IssuerUnreachable(f"{self._endpoint}/token cannot be reached ({type(error).__name__})") from error
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise TokenRefused(f"there is none: {str(answer.get('error_description', answer.get('error')))[:500]!r}")
        claims = await self._tokens.verify(token, {self._client_id})
        if claims.tenant_id not in self._tenant_ids:  # The local authority's tokens are not for signing in.
            raise TokenRefused(f"its tenant is {claims.tenant_id[:64]!r}, which is not one of Entra's")
        if not hmac.compare_digest(claims.nonce.encode(), attempt.nonce.encode()):
            raise TokenRefused("its nonce is not that of this sign-in")
        name = claims.name or claims.object_id
        return PortalUser(object_id=claims.object_id, name=name[:_MAX_NAME], app_roles=claims.app_roles)

    async def _answer(self, form: Mapping[str, str]) -> dict[str, Any]:
        """The token endpoint's answer: errors are JSON too."""
        body = bytearray()
        async with self._client.stream("POST", f"{self._endpoint}/token", data=form) as response:
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > _MAX_ANSWER_BYTES:
                    raise IssuerUnreachable("its answer is larger than any token")
        try:
            return msgspec.json.decode(body, type=dict[str, Any])
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise IssuerUnreachable(f"it answered {response.status_code}, without JSON") from None
