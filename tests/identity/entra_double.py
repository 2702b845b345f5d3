"""Stands in for Microsoft Entra: a double that publishes keys, and gives tokens for codes."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

from antiphon.identity.entra import PUBLIC_AUTHORITY, EntraTenant
from antiphon.identity.entra_sign_in import EntraSignIn
from antiphon.identity.tokens import Issuer, TokenVerifier
from antiphon.store.utc import Clock

from ..clocks import HandClock
from .forging import CLIENT_ID, KID, TENANT, claims, forged, rsa_key


@dataclass(slots=True)
class Entra:
    """Its user is at the sign-in page as soon as somebody is sent there."""

    tenants: tuple[str, ...] = (TENANT,)
    other_issuers: tuple[Issuer, ...] = ()
    """Whose tokens the server accepts as well."""
    clock: Clock = field(default_factory=HandClock)
    claimed: dict[str, Any] = field(default_factory=dict)
    """What the token says other than a good one would; None leaves a claim out."""
    answer: Callable[[], httpx.Response] | None = None
    """Instead of a token."""
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """The path and the form of each request for a token."""
    query: dict[str, str] = field(default_factory=dict)
    """What the user was last sent with."""

    @asynccontextmanager
    async def sign_in(
        self, *, client_secret: str | None = None, authority: str = PUBLIC_AUTHORITY
    ) -> AsyncGenerator[EntraSignIn]:
        async with httpx.AsyncClient(transport=httpx.MockTransport(self._serve)) as client:
            tenants = [EntraTenant(tenant, client, authority=authority) for tenant in self.tenants]
            yield EntraSignIn(
                client_id=CLIENT_ID.upper(),
                client_secret=client_secret,
                tenants=tenants,
                tokens=TokenVerifier([*tenants, *self.other_issuers], clock=self.clock),
                client=client,
                authority=authority,
            )
            for tenant in tenants:
                await tenant.close()

    def visit(self, url: str) -> str:
        """A user who signs in; returns the query that they come back with."""
        self.query = dict(parse_qsl(urlsplit(url).query))
        return f"code=the-code&state={self.query['state']}"

    def token(self) -> str:
        now = int(self.clock().timestamp())
        return forged(
            claims(
                **{
                    "aud": CLIENT_ID,
                    "iss": f"https://login.microsoftonline.com/{TENANT}/v2.0",
                    "iat": now,
                    "nbf": now,
                    "exp": now + 3600,
                    "nonce": self.query.get("nonce"),
                    "name": "Ada Lovelace",
                    "preferred_username": "ada@contoso.example",
                    "ver": "2.0",
                    **self.claimed,
                }
            )
        )

    def _serve(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            key = {**rsa_key().as_dict(private=False), "kid": KID, "use": "sig"}
            return httpx.Response(200, json={"keys": [key]})
        self.asked.append((request.url.path, dict(parse_qsl(request.read().decode()))))
        return self.answer() if self.answer else httpx.Response(200, json={"id_token": self.token()})
