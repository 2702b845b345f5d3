"""`Claims`: the contents of a token, strictly parsed. Nothing here checks a signature."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from antiphon.identity.errors import TokenRefused

MAX_TOKEN_CHARACTERS = 16 * 1024
_MAX_APP_ROLES = 64
_COMPACT = re.compile(r"([A-Za-z0-9_-]{1,4096})\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)")
_OBJECT_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

Object: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """The claims that matter here, with the types that they must have."""

    issuer: str
    tenant_id: str
    audience: str
    object_id: str
    """The object id of the token's principal, in lower case: what roles are assigned to."""
    client_id: str
    """The application that asked for the token; "" if the token does not say."""
    not_before: int
    """Unix time, like the next."""
    expires_at: int
    app_roles: tuple[str, ...]
    """The principal's roles according to the issuer itself."""
    nonce: str = ""
    """The sign-in that the token was issued for; "" if the token does not say, like the next."""
    name: str = ""
    """The principal's display name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnverifiedToken:
    """A decoded token. A forged one may say anything."""

    header: Object
    payload: Object
    content: bytes
    """The payload before JSON decoding."""
    segments: tuple[str, str, str]
    """Header, payload and signature in base64url: the signature covers the first two."""

    @property
    def kid(self) -> str:
        return _text(self.header, "kid")

    @property
    def issuer(self) -> str:
        return _text(self.payload, "iss")


def looks_like_token(credential: str) -> bool:
    """Whether it is meant to be a JWT: three parts, the first a JSON header. No key has that form."""
    header, dot, rest = credential.partition(".")
    if not dot or rest.count(".") != 1:
        return False
    if len(credential) > MAX_TOKEN_CHARACTERS:  # Too long to examine, and not a key either.
        return True
    try:
        _object(header, "header")
    except TokenRefused:
        return False
    return True


def take_apart(token: str) -> UnverifiedToken:
    """Raises `TokenRefused` unless it is a JWT signed with RS256 and a key to be looked up by its id."""
    if len(token) > MAX_TOKEN_CHARACTERS:
        raise TokenRefused(f"it has {len(token)} characters, more than any token")
    parts = _COMPACT.fullmatch(token)
    if parts is None:
        raise TokenRefused("it does not have three parts in base64url")
    header, _ = _object(parts[1], "header")
    # The token may choose neither the algorithm nor the key.
    if header.get("alg") != "RS256":
        raise TokenRefused(f"its algorithm is {_shown(header.get('alg'))}, not RS256")
    if chosen := sorted(header.keys() & {"jku", "jwk", "x5u", "x5c", "crit", "b64", "enc", "zip"}):
        raise TokenRefused(f"its header has {', '.join(chosen)}")
    payload, content = _object(parts[2], "payload")
    return UnverifiedToken(header=header, payload=payload, content=content, segments=(parts[1], parts[2], parts[3]))


def read_claims(payload: Object) -> Claims:
    """Raises `TokenRefused` for a claim that is missing or of the wrong type."""
    object_id = _text(payload, "oid")
    if not _OBJECT_ID.fullmatch(object_id):
        raise TokenRefused("its oid is not a GUID")
    client = "appid" if "appid" in payload else "azp"
    return Claims(
        issuer=_text(payload, "iss"),
        tenant_id=_text(payload, "tid").lower(),
        audience=_text(payload, "aud"),
        object_id=object_id.lower(),
        client_id=_text(payload, client) if client in payload else "",
        not_before=_time(payload, "nbf"),
        expires_at=_time(payload, "exp"),
        app_roles=_app_roles(payload),
        nonce=_optional_text(payload, "nonce"),
        name=_optional_text(payload, "name") or _optional_text(payload, "preferred_username"),
    )


def _app_roles(payload: Object) -> tuple[str, ...]:
    roles = payload.get("roles", [])
    if not isinstance(roles, list) or len(roles) > _MAX_APP_ROLES or not all(isinstance(role, str) for role in roles):
        raise TokenRefused("its roles are not a list of strings")
    return tuple(roles)


def _object(segment: str, name: str) -> tuple[Object, bytes]:
    """A segment as JSON, and the bytes it was decoded from."""
    try:
        decoded = base64.b64decode(segment + "=" * (-len(segment) % 4), altchars=b"-_", validate=True)
        value = json.loads(decoded, object_pairs_hook=_without_doubles)
    except (binascii.Error, ValueError, RecursionError) as error:
        raise TokenRefused(f"its {name} is not JSON in base64url") from error
    if not isinstance(value, dict):
        raise TokenRefused(f"its {name} is not a JSON object")
    return value, decoded


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuses duplicate claims, of which one reader takes the first and another the second."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name occurs twice")
    return found


def _text(values: Object, name: str) -> str:
    value = values.get(name)
    if not isinstance(value, str) or not value:
        raise TokenRefused(f"its {name} is {_shown(value)}, not a string" if name in values else f"it has no {name}")
    return value


def _optional_text(values: Object, name: str) -> str:
    """ "" if the claim is missing, blank or not text."""
    value = values.get(name)
    return value if isinstance(value, str) and value.strip() else ""


def _time(values: Object, name: str) -> int:
    value = values.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise TokenRefused(f"its {name} is {_shown(value)}, not a time" if name in values else f"it has no {name}")
    return value


def _shown(value: object) -> str:
    """For the log: short, and on one line."""
    return repr(value)[:64]
