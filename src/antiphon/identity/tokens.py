"""Tokens: issuing the local authority's, and verifying those of any accepted issuer."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from antiphon.identity.audiences import EXCHANGE_AUDIENCE
from antiphon.identity.claims import Claims, UnverifiedToken, read_claims, take_apart
from antiphon.identity.errors import TokenRefused
from antiphon.identity.principals import Principal
from antiphon.identity.signing import TOKEN_LIFETIME, SigningKeys
from antiphon.store.ttl_cache import TtlCache
from antiphon.store.utc import Clock, utc_now

LOCAL_TENANT = "416e7469-7068-4f6e-8000-000000000001"
"""The directory that local principals are in, the same in every installation: a GUID that begins with "AntiphOn"."""
LOCAL_ISSUER = f"https://sts.antiphon.local/{LOCAL_TENANT}/"
"""The issuer named in local tokens, whatever name a client knows the server by.

Like Entra's version 1 tokens, which say `sts.windows.net`, they do not name the host that they came from. The key keeps
one installation from accepting another's tokens.
"""

_REMEMBERED_SECONDS = 60
"""How long a token whose signature was right is accepted without checking it again, if its key is still accepted."""
_REMEMBERED_TOKENS = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedToken:
    value: str = field(repr=False)
    issued_at: int
    """Unix time, like the next."""
    expires_at: int

    @property
    def lifetime_seconds(self) -> int:
        return self.expires_at - self.issued_at


class TokenIssuer:
    """Issues tokens with the claims of the version 1 tokens that Entra gives to applications."""

    def __init__(self, keys: SigningKeys, *, clock: Clock = utc_now) -> None:
        self._keys = keys
        self._clock = clock

    async def issue(self, principal: Principal, audience: str, *, lifetime: timedelta = TOKEN_LIFETIME) -> IssuedToken:
        key = await self._keys.current()
        now = self._clock()
        expires = now + lifetime
        if lifetime > TOKEN_LIFETIME:
            await self._keys.keep_until(key.id, expires)
        issued_at, expires_at = int(now.timestamp()), int(expires.timestamp())
        claims = {
            "aud": audience,
            "iss": LOCAL_ISSUER,
            "iat": issued_at,
            "nbf": issued_at,
            "exp": expires_at,
            "appid": principal.client_id,
            "appidacr": "1",
            "idp": LOCAL_ISSUER,
            "idtyp": "app",
            "oid": principal.id,
            "sub": principal.id,
            "tid": LOCAL_TENANT,
            "uti": uuid.uuid4().hex,
            "ver": "1.0",
        }
        value = jwt.encode({"alg": "RS256", "kid": key.id}, claims, key.private, algorithms=["RS256"])
        return IssuedToken(value=value, issued_at=issued_at, expires_at=expires_at)

    async def issue_federated(self, principal: Principal, lifetime: timedelta) -> IssuedToken:
        """Issue a token that is only good for signing in, for workload identity."""
        return await self.issue(principal, EXCHANGE_AUDIENCE, lifetime=lifetime)


class Issuer(Protocol):
    """An accepted issuer of tokens: the local authority, or an Entra tenant."""

    @property
    def tenant_id(self) -> str: ...

    @property
    def names(self) -> Set[str]:
        """Its `iss` claim, in all its spellings."""
        ...

    @property
    def skew_seconds(self) -> int:
        """How far its clock and ours may differ."""
        ...

    async def find_key(self, kid: str) -> RSAKey | None:
        """Raises `TokenRefused` if its keys are unavailable."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalIssuer:
    """The local authority."""

    keys: SigningKeys
    tenant_id: str = LOCAL_TENANT
    names: Set[str] = frozenset({LOCAL_ISSUER})
    skew_seconds: int = 60
    """Allows for processes on several machines that share the keys."""

    async def find_key(self, kid: str) -> RSAKey | None:
        return await self.keys.find(kid)


class TokenVerifier:
    """Returns a token's claims, if one of the issuers signed it."""

    def __init__(
        self, issuers: Iterable[Issuer], *, clock: Clock = utc_now, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._issuers = {name: issuer for issuer in issuers for name in issuer.names}
        self._clock = clock
        self._verified = TtlCache(
            self._verify_signature, seconds=_REMEMBERED_SECONDS, at_most=_REMEMBERED_TOKENS, monotonic=monotonic
        )

    async def verify(self, token: str, audiences: Set[str]) -> Claims:
        """The claims of a token for one of the audiences.

        Raises `TokenRefused` with the reason, which is for the log only.
        """
        claims, kid = await self._verified.get(token)
        await self._find_key(self._issuers[claims.issuer], kid)
        self._check_use(claims, audiences, self._clock().timestamp())
        return claims

    async def _verify_signature(self, token: str) -> tuple[Claims, str]:
        """The claims, and the id of the key that signed them."""
        unverified = take_apart(token)
        issuer = self._issuers.get(unverified.issuer)
        if issuer is None:
            raise TokenRefused(f"its issuer is {unverified.issuer[:128]!r}, which is not trusted")
        _check_signature(unverified, await self._find_key(issuer, unverified.kid))
        claims = read_claims(unverified.payload)
        if claims.tenant_id != issuer.tenant_id:
            raise TokenRefused(f"its tenant is {claims.tenant_id[:64]!r}, which is not its issuer's")
        return claims, unverified.kid

    async def _find_key(self, issuer: Issuer, kid: str) -> RSAKey:
        key = await issuer.find_key(kid)
        if key is None:
            raise TokenRefused(f"its key {kid[:64]!r} is not one of its issuer's")
        return key

    def _check_use(self, claims: Claims, audiences: Set[str], now: float) -> None:
        skew = self._issuers[claims.issuer].skew_seconds
        if now >= claims.expires_at + skew:
            raise TokenRefused(f"it expired at {claims.expires_at}")
        if now < claims.not_before - skew:
            raise TokenRefused(f"it is not valid before {claims.not_before}")
        if claims.audience not in audiences:
            raise TokenRefused(f"its audience is {claims.audience[:128]!r}")


def _check_signature(token: UnverifiedToken, key: RSAKey) -> None:
    """Raises `TokenRefused`. joserfc gets what is already decoded: it would decode it again, less strictly."""
    signed = jws.CompactSignature(dict(token.header), token.content)
    header, payload, signature = (segment.encode() for segment in token.segments)
    signed.segments.update(header=header, payload=payload, signature=signature)
    try:
        is_right = jws.validate_compact(signed, key, algorithms=["RS256"])
    except (JoseError, ValueError) as error:
        raise TokenRefused(f"its signature is not right ({type(error).__name__})") from error
    if not is_right:
        raise TokenRefused("its signature is not right")
