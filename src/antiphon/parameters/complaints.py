"""Errors about unacceptable parameters, in OpenAI's words.

`check_…` raise `InvalidRequest`; the others make one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from antiphon.parameters.errors import InvalidRequest

_MOST_QUOTED = 64
"""How many characters of a value an error repeats."""
_LONGEST_PARAM = 256
"""For a name made up by a client."""
_MAX_DEPTH = 100
"""For JSON of a client's own making: it is written out again, inside more JSON."""


def missing(param: str, advice: str = "") -> InvalidRequest:
    message = f"Missing required parameter: '{param}'. {advice}".rstrip()
    return InvalidRequest(message, param=param, code="missing_required_parameter")


def unknown(param: str) -> InvalidRequest:
    param = param[:_LONGEST_PARAM]
    return InvalidRequest(f"Unknown parameter: '{param}'.", param=param, code="unknown_parameter")


def invalid_type(param: str, expected: str) -> InvalidRequest:
    return InvalidRequest(f"Invalid type for '{param}': {expected}.", param=param, code="invalid_type")


def invalid_value(param: str, message: str) -> InvalidRequest:
    return InvalidRequest(message, param=param, code="invalid_value")


def unsupported_value(param: str, value: str, supported: Iterable[str]) -> InvalidRequest:
    message = f"Invalid value: '{value[:_MOST_QUOTED]}'."
    *others, last = [f"'{one}'" for one in supported] or [""]
    if last:
        listed = f"{', '.join(others)}, and {last}" if len(others) > 1 else " and ".join([*others, last])
        message += f" Supported values are: {listed}."
    return invalid_value(param, message)


def empty_array(param: str) -> InvalidRequest:
    return InvalidRequest(
        f"Invalid '{param}': empty array. Expected an array with minimum length 1, but got an empty array instead.",
        param=param,
        code="empty_array",
    )


def check_range(param: str, value: float | None, least: float, most: float) -> None:
    if value is None or least <= value <= most:
        return
    kind = "integer" if isinstance(value, int) else "decimal"
    side, bound, relation = ("minimum", least, ">=") if value < least else ("maximum", most, "<=")
    place = "below" if value < least else "above"
    raise InvalidRequest(
        f"Invalid '{param}': {kind} {place} {side} value. Expected a value {relation} {bound}, but got "
        f"{str(value)[:_MOST_QUOTED]} instead.",
        param=param,
        code=f"{kind}_{place}_{side[:3]}_value",
    )


def check_count(param: str, count: int, most: int) -> None:
    if count > most:
        raise InvalidRequest(
            f"Invalid '{param}': array too long. Expected an array with maximum length {most}, but got an array with "
            f"length {count} instead.",
            param=param,
            code="array_above_max_length",
        )


def check_length(param: str, text: str, most: int) -> None:
    if len(text) > most:
        raise InvalidRequest(
            f"Invalid '{param}': string too long. Expected a string with maximum length {most}, but got a string with "
            f"length {len(text)} instead.",
            param=param,
            code="string_above_max_length",
        )


def check_depth(param: str, value: Any) -> None:
    if _is_deeper(value, _MAX_DEPTH):
        raise invalid_value(param, f"Invalid '{param}': it may be nested {_MAX_DEPTH} levels deep.")


def _is_deeper(value: Any, levels: int) -> bool:
    if levels < 0:
        return True
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(_is_deeper(one, levels - 1) for one in inner)
