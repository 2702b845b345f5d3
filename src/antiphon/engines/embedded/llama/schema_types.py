"""Reads the keywords of one schema, which may be malformed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from antiphon.engines.interfaces import Json

TYPES = frozenset({"object", "array", "string", "number", "integer", "boolean", "null"})


class UnusableSchema(ValueError):
    """The schema is invalid, unsatisfiable or too large; the message says where and why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason if len(reason) <= 300 else f"{reason[:300]}…")


def types_of(node: Mapping[str, Json], where: str) -> list[str]:
    """The node's types; empty if it allows all. Properties or items imply a type."""
    types = node.get("type")
    if types is None:
        inferred = {"properties": "object", "required": "object", "items": "array", "prefixItems": "array"}
        inferred |= {"pattern": "string", "minLength": "string", "maxLength": "string", "format": "string"}
        inferred |= {"minimum": "number", "maximum": "number", "multipleOf": "number"}
        return [*dict.fromkeys(inferred[keyword] for keyword in inferred if keyword in node)][:1]
    names: list[Any] = types if isinstance(types, list) else [types]
    for name in names:
        if not isinstance(name, str) or name not in TYPES:
            raise UnusableSchema(f"at {where}: {str(name)[:50]!r} is not a type; use one of {', '.join(sorted(TYPES))}")
    if not names:
        raise UnusableSchema(f"at {where}: 'type' is empty")
    return names


def bounds_of(node: Mapping[str, Json], minimum: str, maximum: str, where: str) -> tuple[int, int | None]:
    """The counts under the keywords `minimum` and `maximum`; 0 and None where they are absent."""
    for keyword in (minimum, maximum):
        count = node.get(keyword)
        if count is not None and (not is_of_type(count, "integer") or count < 0):
            raise UnusableSchema(f"at {where}: '{keyword}' must be a whole number")
    least, most = int(node.get(minimum) or 0), node.get(maximum)
    if most is not None and least > most:
        raise UnusableSchema(f"at {where}: '{minimum}' is more than '{maximum}'")
    return least, None if most is None else int(most)


def is_of_type(value: Json, name: str) -> bool:
    """Whether a JSON value is of the JSON schema type `name`."""
    match name:
        case "null":
            return value is None
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return not isinstance(value, bool) and (isinstance(value, int) or (_is_finite(value) and value % 1 == 0))
        case "number":
            return not isinstance(value, bool) and (isinstance(value, int) or _is_finite(value))
        case "string":
            return isinstance(value, str)
        case "array":
            return isinstance(value, list)
        case _:
            return isinstance(value, Mapping)


def _is_finite(value: Json) -> bool:
    return isinstance(value, float) and abs(value) < float("inf")
