"""Credentials as requests present them: keys and bearer tokens, stripped of surrounding white space.

RFC 9110 (5.5, 11.4) excludes white space around a field's value, and allows any amount after the scheme, but servers
pass it on all the same. An empty header, which clients send for a setting left empty, counts as none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from starlette.requests import HTTPConnection

from antiphon.identity.claims import looks_like_token

_WHITE_SPACE = " \t"
_KEY_SUBPROTOCOL = "openai-insecure-api-key."


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """A key or a token, right or wrong."""

    value: str = field(repr=False)
    is_bearer: bool = False
    """Whether it was sent as `Bearer …`."""
    may_be_token: bool = False

    @property
    def is_token(self) -> bool:
        return self.may_be_token and looks_like_token(self.value)


Source: TypeAlias = Callable[[HTTPConnection], Credential | None]
"""One place where a request may present a credential."""


def first_credential(connection: HTTPConnection, sources: Iterable[Source]) -> Credential | None:
    """The credential in the first of the sources that has one."""
    return next((found for source in sources if (found := source(connection))), None)


def key_header(connection: HTTPConnection) -> Credential | None:
    """A key in the header `api-key`, as Azure's clients send it."""
    key = credential_header(connection, "api-key")
    return None if key is None else Credential(value=key)


def bearer_header(connection: HTTPConnection) -> Credential | None:
    """A key or a token in `Authorization: Bearer …`; other schemes are ignored."""
    return _of_bearer(credential_header(connection, "authorization"))


def authorization_header(connection: HTTPConnection) -> Credential | None:
    """What `Authorization` holds, whatever its scheme; only a bearer can be right."""
    authorization = credential_header(connection, "authorization")
    return None if authorization is None else Credential(value=bearer(authorization) or "", is_bearer=True)


def websocket_credential(connection: HTTPConnection) -> Credential | None:
    """Browsers cannot set headers on a WebSocket, so the query may hold either kind, and a subprotocol may hold one."""
    if connection.scope["type"] != "websocket":
        return None
    query = connection.query_params
    if key := first_given(query.getlist("api-key")):
        return Credential(value=key)
    if found := _of_bearer(first_given(query.getlist("Authorization"))):
        return found
    offered: list[str] = connection.scope["subprotocols"]
    keys = (each.removeprefix(_KEY_SUBPROTOCOL) for each in offered if each.startswith(_KEY_SUBPROTOCOL))
    key = first_given(keys)
    return None if key is None else Credential(value=key, may_be_token=True)


def credential_header(connection: HTTPConnection, name: str) -> str | None:
    """The header's value; None if there is none."""
    return first_given(connection.headers.getlist(name))


def first_given(values: Iterable[str]) -> str | None:
    """The first of the values that is not blank, stripped of white space."""
    return next(filter(None, (value.strip(_WHITE_SPACE) for value in values)), None)


def bearer(authorization: str | None) -> str | None:
    """The key or token of `Bearer …`; None for another scheme, or if nothing follows it."""
    scheme, _, value = (authorization or "").replace("\t", " ").partition(" ")
    return (value.strip(_WHITE_SPACE) or None) if scheme.lower() == "bearer" else None


def _of_bearer(authorization: str | None) -> Credential | None:
    value = bearer(authorization)
    return None if value is None else Credential(value=value, is_bearer=True, may_be_token=True)
