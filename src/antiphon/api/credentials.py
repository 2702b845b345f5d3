"""Credentials as requests show them: keys and bearer tokens, freed of the white space that is no part of them.

RFC 9110 (5.5, 11.4) excludes white space around a field's value, and allows any amount of it after the scheme; servers
hand it on all the same. A header without anything in it, as clients send for a setting that was left empty, is none.
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
    """It comes as `Bearer …`."""
    may_be_token: bool = False

    @property
    def is_token(self) -> bool:
        return self.may_be_token and looks_like_token(self.value)


Source: TypeAlias = Callable[[HTTPConnection], Credential | None]
"""One place where a request may show a credential."""


def first_credential(connection: HTTPConnection, sources: Iterable[Source]) -> Credential | None:
    """What the first of the sources has that has anything."""
    return next((found for source in sources if (found := source(connection))), None)


def key_header(connection: HTTPConnection) -> Credential | None:
    """A key in the header `api-key`, as Azure's clients send it."""
    key = credential_header(connection, "api-key")
    return None if key is None else Credential(value=key)


def bearer_header(connection: HTTPConnection) -> Credential | None:
    """A key or a token in `Authorization: Bearer …`; another scheme counts as nothing."""
    return _of_bearer(credential_header(connection, "authorization"))


def authorization_header(connection: HTTPConnection) -> Credential | None:
    """What `Authorization` holds, whatever its scheme; only a bearer can be right."""
    authorization = credential_header(connection, "authorization")
    return None if authorization is None else Credential(value=bearer(authorization) or "", is_bearer=True)


def websocket_credential(connection: HTTPConnection) -> Credential | None:
    """Browsers cannot give headers to a WebSocket: there, the query may have either, and a subprotocol may hold one."""
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
    """What stands in the header; None where that is nothing."""
    return first_given(connection.headers.getlist(name))


def first_given(values: Iterable[str]) -> str | None:
    """The first of the values that is more than white space, without the white space around it."""
    return next(filter(None, (value.strip(_WHITE_SPACE) for value in values)), None)


def bearer(authorization: str | None) -> str | None:
    """The key or token of `Bearer …`; None for another scheme, or for one without anything after it."""
    scheme, _, value = (authorization or "").replace("\t", " ").partition(" ")
    return (value.strip(_WHITE_SPACE) or None) if scheme.lower() == "bearer" else None


def _of_bearer(authorization: str | None) -> Credential | None:
    value = bearer(authorization)
    return None if value is None else Credential(value=value, is_bearer=True, may_be_token=True)
