"""Bodies of JSON: from bytes to a shape, or to an error that names the parameter as OpenAI's do."""

from __future__ import annotations

import re
from typing import Any, TypeVar

import msgspec

from antiphon.parameters.errors import InvalidRequest

T = TypeVar("T")


class Whole(int):
    """A whole number, which many languages write with a point where it comes from a calculation: 40.0."""


def json_decoder(shape: type[T]) -> msgspec.json.Decoder[T]:
    return msgspec.json.Decoder(shape, dec_hook=_decode_whole)


def _decode_whole(kind: type, value: Any) -> Any:
    """Raises `ValueError` in msgspec's words, which are told where the value stands."""
    if kind is not Whole:
        raise NotImplementedError
    if isinstance(value, int) and not isinstance(value, bool):
        return Whole(value)
    if isinstance(value, float) and value.is_integer():
        return Whole(value)
    raise ValueError(f"Expected `int`, got `{_KINDS.get(type(value), 'object')}`")


_KINDS = {str: "str", bool: "bool", float: "decimal", list: "array"}


def decode(decoder: msgspec.json.Decoder[T], body: bytes | bytearray) -> T:
    """What is in `body`. Raises `InvalidRequest` for what is not JSON, or not of the decoder's shape."""
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise _shape_error(str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise InvalidRequest(
            "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP "
            "library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON.)"
        ) from None


def _shape_error(found: str) -> InvalidRequest:
    """msgspec says "Expected `str`, got `int` - at `$.messages[0].role`"; OpenAI names the parameter."""
    message, _, path = found.partition(" - at `$")
    param = path.rstrip("`").removeprefix(".") or None
    if message.startswith("Object contains unknown field"):
        name = message.removeprefix("Object contains unknown field ").strip("`")
        if param is None:
            return InvalidRequest(f"Unrecognized request argument supplied: {name}")
        unknown = f"{param}.{name}"
        return InvalidRequest(f"Unknown parameter: '{unknown}'.", param=unknown, code="unknown_parameter")
    if message.startswith("Object missing required field"):
        name = message.removeprefix("Object missing required field ").strip("`")
        missing = f"{param}.{name}" if param else name
        return InvalidRequest(
            f"Missing required parameter: '{missing}'.", param=missing, code="missing_required_parameter"
        )
    if param is None:
        return InvalidRequest(f"Invalid type for the request body: {_plain(message)}.", code="invalid_type")
    if message.startswith("Invalid "):
        return InvalidRequest(f"{_plain(message)} for '{param}'.", param=param, code="invalid_value")
    return InvalidRequest(f"Invalid type for '{param}': {_plain(message)}.", param=param, code="invalid_type")


_JSON_TYPES = {
    "str": "a string",
    "int": "an integer",
    "float": "a number",
    "decimal": "a decimal number",
    "bool": "a boolean",
    "array": "an array",
    "object": "an object",
    "null": "null",
}


def _plain(message: str) -> str:
    """ "Expected `str`, got `int`" as OpenAI says it: "expected a string, but got an integer instead"."""
    names = re.sub(r"`([a-z |]+)`", lambda types: " or ".join(map(_json_type, types[1].split(" | "))), message)
    plain = names.replace("Expected", "expected").replace(", got", ", but got").replace("`", "")
    return f"{plain} instead" if ", but got" in plain else plain


def _json_type(name: str) -> str:
    return _JSON_TYPES.get(name, name)
