"""`$filter` of a list, as far as Azure's tools use OData: equality conditions and functions, joined by "and"."""

from __future__ import annotations

import re
from collections.abc import Collection

from starlette.requests import Request

from antiphon.api.management.errors import InvalidFilter

_TERM = re.compile(
    r"(?P<field>\w+) eq '(?P<value>(?:[^']|'')*)'|(?P<function>\w+)\((?:'(?P<argument>(?:[^']|'')*)')?\)", re.IGNORECASE
)
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)


def read_filter(request: Request, known: Collection[str]) -> list[tuple[str, str]]:
    """What each condition is about and the value it requires, in lower case; all must hold.

    A function is named with its brackets, and its value is its argument: ("atscope()", ""). Raises `InvalidFilter` for
    names that are not among those `known`.
    """
    text = request.query_params.get("$filter", "").strip()
    conditions: list[tuple[str, str]] = []
    position = 0
    while position < len(text):
        joined = _AND.match(text, position) if conditions else None
        match = _TERM.match(text, joined.end() if joined else position)
        if match is None or (conditions and joined is None):
            raise InvalidFilter(text, known=known)
        name = match["field"] or f"{match['function']}()"
        value = match["value"] if match["field"] else match["argument"] or ""
        conditions.append((name.lower(), value.replace("''", "'").lower()))
        position = match.end()
    if any(name not in known for name, _ in conditions):
        raise InvalidFilter(text, known=known)
    return conditions
