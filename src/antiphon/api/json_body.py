"""JSON bodies: from bytes to a shape, or to an error that names the parameter as OpenAI's do."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from antiphon.parameters.errors import InvalidRequest
from antiphon.parameters.shapes import Fault, complaint, fault_of

T = TypeVar("T")

_LONGEST_NAME = 256
"""For an argument name made up by a client, when an error repeats it."""


class Whole(int):
    """A whole number, which many languages write with a decimal point if it was calculated: 40.0."""


def json_decoder(shape: type[T]) -> msgspec.json.Decoder[T]:
    return msgspec.json.Decoder(shape, dec_hook=_decode_whole)


def _decode_whole(kind: type, value: Any) -> Any:
    """Raises `ValueError` in msgspec's words, to which msgspec adds the value's place."""
    if kind is not Whole:
        raise NotImplementedError
    if isinstance(value, int) and not isinstance(value, bool):
        return Whole(value)
    if isinstance(value, float) and value.is_integer():
        return Whole(value)
    raise ValueError(f"Expected `int`, got `{_KINDS.get(type(value), 'object')}`")


_KINDS = {str: "str", bool: "bool", float: "decimal", list: "array"}


def decode(decoder: msgspec.json.Decoder[T], body: bytes | bytearray) -> T:
    """Decode `body`. Raises `InvalidRequest` for anything that is not JSON, or not of the decoder's shape."""
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise _complaint(fault_of(error, body), decoder.type) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise InvalidRequest(
            "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP "
            "library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON.)"
        ) from None


def _complaint(fault: Fault, shape: Any) -> InvalidRequest:
    if not fault.path and (name := fault.unknown_field) is not None:
        return InvalidRequest(f"Unrecognized request argument supplied: {name[:_LONGEST_NAME]}")
    of_body = InvalidRequest(f"Invalid type for the request body: {fault.plainly}.", code="invalid_type")
    return complaint(fault, msgspec.inspect.type_info(shape)) or of_body
