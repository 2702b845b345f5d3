"""Credentials as they stand in headers, freed of the white space that is no part of them.

RFC 9110 (5.5, 11.4) excludes white space around a field's value, and allows any amount of it after the scheme; servers
hand it on all the same. A header without anything in it, as clients send for a setting that was left empty, is none.
"""

from __future__ import annotations

from collections.abc import Iterable

from starlette.requests import HTTPConnection

_WHITE_SPACE = " \t"


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
