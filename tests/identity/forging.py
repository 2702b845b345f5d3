"""Tokens made by hand, right and wrong, for whoever has to tell them apart."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Set
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc.jwk import RSAKey

from ..clocks import NOW

TENANT = "11111111-2222-4333-8444-555555555555"
ISSUER = f"https://sts.windows.net/{TENANT}/"
OBJECT_ID = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
CLIENT_ID = "99999999-8888-4777-8666-555555555555"
AUDIENCE = "https://cognitiveservices.azure.com"
KID = "the-key"


@cache
def rsa_key(name: str = KID) -> RSAKey:
    """A key that is made once, since that takes a while."""
    return RSAKey.generate_key(2048)


@dataclass(slots=True)
class KnownIssuer:
    """An issuer whose keys are at hand."""

    tenant_id: str = TENANT
    names: Set[str] = frozenset({ISSUER, f"https://login.microsoftonline.com/{TENANT}/v2.0"})
    skew_seconds: int = 300
    keys: dict[str, RSAKey] = field(default_factory=lambda: {KID: rsa_key()})
    asked: list[str] = field(default_factory=list)

    async def find_key(self, kid: str) -> RSAKey | None:
        self.asked.append(kid)
        return self.keys.get(kid)


def claims(**changes: Any) -> dict[str, Any]:
    """Those of a good token; a claim that is changed to None is left out."""
    now = int(NOW.timestamp())
    good = {
        "aud": AUDIENCE,
        "iss": ISSUER,
        "iat": now,
        "nbf": now,
        "exp": now + 3600,
        "appid": CLIENT_ID,
        "oid": OBJECT_ID,
        "sub": OBJECT_ID,
        "tid": TENANT,
        "ver": "1.0",
    }
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def header(**changes: Any) -> dict[str, Any]:
    good = {"typ": "JWT", "alg": "RS256", "kid": KID, "x5t": KID}
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def forged(
    payload: dict[str, Any] | bytes | None = None,
    *,
    head: dict[str, Any] | bytes | None = None,
    key: RSAKey | None = None,
    signature: bytes | None = None,
) -> str:
    """A token with exactly this header and payload, signed as RS256 with the issuer's key unless told otherwise."""
    parts = (header() if head is None else head, claims() if payload is None else payload)
    signed = ".".join(_segment(part if isinstance(part, bytes) else json.dumps(part).encode()) for part in parts)
    if signature is None:
        private = (key or rsa_key()).private_key
        assert private is not None
        signature = private.sign(signed.encode(), PKCS1v15(), SHA256())
    return f"{signed}.{_segment(signature)}"


def signed_with_public_key(public_pem: bytes) -> str:
    """The classic: a MAC whose secret is the key that everybody knows."""
    head, payload, _ = forged(head=header(alg="HS256")).split(".")
    mac = hmac.new(public_pem, f"{head}.{payload}".encode(), hashlib.sha256).digest()
    return f"{head}.{payload}.{_segment(mac)}"


def _segment(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
