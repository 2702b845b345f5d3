"""Translates what msgspec says about a document into what OpenAI would say about the parameter.

msgspec names the place last: "Invalid value 'robot' - at `$.messages[0].role`". Before it, msgspec may quote what a
client sent, which can contain anything, even another such ending; the place itself consists of our own field names and
of indices. So the last " - at `$" begins the place, with one exception: for an unknown field at the top of a document,
msgspec names no place, and what looks like one is the end of the field's name. Only the document can tell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import msgspec

from antiphon.parameters.complaints import invalid_type, invalid_value, missing, unknown, unsupported_value
from antiphon.parameters.errors import InvalidRequest
from antiphon.parameters.supported import supported_values

_PLACED = re.compile(r"(.*) - at `\$([\w.\[\]]*)`", re.DOTALL)
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(.*)`", re.DOTALL)
_NOT_ONE_OF = re.compile(r"Invalid (?:enum )?value (['\"])(.*)\1", re.DOTALL)
_TYPES = re.compile(r"`([a-z |]+)`")
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Where a document does not have the shape that it should."""

    found: str
    """What is wrong, in msgspec's words."""
    path: str
    """Where: ".messages[0].role", or "" for the document itself."""

    @property
    def param(self) -> str:
        return self.path.removesuffix("[...]").removeprefix(".")

    @property
    def unknown_field(self) -> str | None:
        """The name of a field that should not be there."""
        field = _UNKNOWN.fullmatch(self.found)
        return None if field is None else field[1]

    @property
    def plainly(self) -> str:
        """ "Expected `str`, got `int`" as OpenAI says it: "expected a string, but got an integer instead"."""
        plain = (
            _TYPES.sub(_named, self.found)
            .replace("Expected", "expected", 1)
            .replace(", got", ", but got")
            .replace("`", "")
        )
        return f"{plain} instead" if ", but got" in plain else plain


def _named(types: re.Match[str]) -> str:
    return " or ".join(_JSON_TYPES.get(name, name) for name in types[1].split(" | "))


def fault_of(error: msgspec.ValidationError, document: bytes | bytearray | str) -> Fault:
    """What `error`, raised while decoding the document, says about it."""
    said = str(error)
    placed = _PLACED.fullmatch(said)
    if placed is None or _is_about_field_at_top(said, document):
        return Fault(found=said, path="")
    return Fault(found=placed[1], path=placed[2])


def complaint(fault: Fault, type_: msgspec.inspect.Type) -> InvalidRequest | None:
    """What OpenAI would say, if the fault is in a parameter and not the whole document, which should be a `type_`."""
    param = fault.param
    if (name := fault.unknown_field) is not None:
        return unknown(_within(param, name))
    if field := _MISSING.fullmatch(fault.found):
        return missing(_within(param, field[1]))
    if not param:
        return None
    if value := _NOT_ONE_OF.fullmatch(fault.found):
        return unsupported_value(param, value[2], supported_values(type_, fault.path))
    if fault.found.startswith("Expected "):
        return invalid_type(param, fault.plainly)
    return invalid_value(param, f"Invalid '{param}': {fault.found}.")


def _is_about_field_at_top(said: str, document: bytes | bytearray | str) -> bool:
    unknown_at_top = _UNKNOWN.fullmatch(said)
    if unknown_at_top is None:
        return False
    try:
        fields = _FIELDS.decode(document)
    except (msgspec.DecodeError, UnicodeError, RecursionError):  # What follows the fault may not be JSON at all.
        return False
    return unknown_at_top[1] in fields


_FIELDS = msgspec.json.Decoder(dict[str, msgspec.Raw])
"""Reads the names, and copies none of the values."""


def _within(param: str, name: str) -> str:
    return f"{param}.{name}" if param else name
