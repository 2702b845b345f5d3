"""Refusals that several parameters of a chat request have in common."""

from __future__ import annotations

from collections.abc import Iterable

from antiphon.parameters.errors import InvalidRequest


def unsupported_value(param: str, value: str, supported: Iterable[str]) -> InvalidRequest:
    """The error for a value that is not one of a few."""
    values = ", ".join(f"'{each}'" for each in supported)
    return InvalidRequest(
        f"Invalid value: '{value[:64]}'. Supported values are: {values}.", param=param, code="invalid_value"
    )


def empty_array(param: str) -> InvalidRequest:
    """The error for an array that must have something in it."""
    return InvalidRequest(
        f"Invalid '{param}': empty array. Expected an array with minimum length 1, but got an empty array instead.",
        param=param,
        code="empty_array",
    )
