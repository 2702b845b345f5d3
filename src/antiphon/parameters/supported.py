"""Which values a type allows at a place within it, for errors that list them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import inspect

_STEP = re.compile(r"\.(\w+)|\[(\d+|\.\.\.)\]")


def supported_values(type_: inspect.Type, path: str) -> list[str]:
    """The strings allowed at `path` (".session.tools[0].type"): literals, and tags of structs."""
    types: list[inspect.Type] = list(_alternatives(type_))
    values: dict[str, None] = {}
    for step in _STEP.finditer(path):
        name = step[1]
        values = dict.fromkeys(_tags(types, name))
        types = [inner for outer in types for found in _within(outer, name) for inner in _alternatives(found)]
    for literal in types:
        if isinstance(literal, inspect.LiteralType):
            values |= dict.fromkeys(str(value) for value in literal.values)
    return list(values)


def _alternatives(type_: inspect.Type) -> Iterator[inspect.Type]:
    if isinstance(type_, inspect.UnionType):
        yield from type_.types
    else:
        yield type_


def _tags(types: Sequence[inspect.Type], name: str | None) -> Iterator[str]:
    for struct in types:
        if isinstance(struct, inspect.StructType) and name is not None and struct.tag_field == name:
            yield str(struct.tag)


def _within(type_: inspect.Type, name: str | None) -> Iterator[inspect.Type]:
    """The types in the field of this name or, without a name, in the elements."""
    if isinstance(type_, inspect.StructType) and name is not None:
        yield from (field.type for field in type_.fields if field.encode_name == name)
    elif isinstance(type_, inspect.ListType) and name is None:
        yield type_.item_type
    elif isinstance(type_, inspect.DictType):
        yield type_.value_type
