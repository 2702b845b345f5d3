"""`bounded_schema`: rebuilds a JSON schema from the keywords that llama.cpp's grammar engine can enforce.

That engine silently drops a grammar that it cannot compile, and some small schemas make it use all memory. So only what
is understood and bounded here reaches it. No keyword of the result needs an intersection of schemas, so its cost is
linear in its size.
"""

from __future__ import annotations

from collections.abc import Mapping

from antiphon.engines.embedded.llama.pattern import bounded_pattern
from antiphon.engines.embedded.llama.schema_end import can_end
from antiphon.engines.embedded.llama.schema_types import TYPES, UnusableSchema, bounds_of, is_of_type, types_of
from antiphon.engines.interfaces import Json

MOST_NODES = 2_000
DEEPEST = 40
LONGEST_TEXT = 100_000
"""Total characters of a schema's strings."""
MOST_ITEMS = 500
"""A larger `maxItems` is not enforced; a larger `minItems` is refused."""
LONGEST_STRING = 10_000
"""The same for `maxLength`."""
LONGEST_FORCED_STRING = 500
"""The same for `minLength`."""
LARGEST_NUMBER = 10**15

FORMATS = frozenset({"date-time", "date", "time", "duration", "email", "hostname", "ipv4", "ipv6", "uuid", "uri"})
UNSUPPORTED = frozenset(
    {
        "not",
        "if",
        "then",
        "else",
        "dependentRequired",
        "dependentSchemas",
        "dependencies",
        "patternProperties",
        "propertyNames",
        "contains",
        "minContains",
        "maxContains",
        "unevaluatedItems",
        "unevaluatedProperties",
        "uniqueItems",
        "minProperties",
        "maxProperties",
    }
)
SHAPING = frozenset({"type", "properties", "required", "items", "prefixItems", "enum", "const", "additionalProperties"})


def bounded_schema(schema: Json, *, strict: bool) -> dict[str, Json]:
    """Return an equivalent schema within bounds.

    If `strict` is False, valid keywords that cannot be enforced are dropped, not refused. An object that names its
    properties without mentioning others allows no others, so that a small model does not invent any.

    Raises `UnusableSchema`.
    """
    _check_size(schema)
    rebuilding = _Rebuilding(schema, strict=strict)
    rebuilt = rebuilding.rebuild(schema, "#")
    definitions = rebuilding.definitions()
    if not can_end(rebuilt, definitions):
        raise UnusableSchema("it requires itself recursively, so no JSON can satisfy it")
    return {**rebuilt, "$defs": definitions} if definitions else rebuilt


def _check_size(schema: Json) -> None:
    nodes = characters = 0
    pending: list[tuple[Json, int]] = [(schema, 0)]
    while pending:
        node, depth = pending.pop()
        nodes += 1
        children: list[Json] = []
        if isinstance(node, Mapping):
            children = [*node.keys(), *node.values()]
        elif isinstance(node, list):
            children = list(node)
        elif isinstance(node, str):
            characters += len(node)
        # One level of schema is two levels of JSON, because a property's schema is inside `properties`.
        if depth > 2 * DEEPEST or nodes > 10 * MOST_NODES or characters > LONGEST_TEXT:
            raise UnusableSchema("it is too large or too deeply nested")
        pending += [(child, depth + 1) for child in children]


def _check_shape(node: Mapping[str, Json], where: str) -> None:
    """Raise `UnusableSchema` for malformed keywords, even if other keywords make them irrelevant."""
    required = node.get("required", [])
    if not isinstance(node.get("properties", {}), Mapping):
        raise UnusableSchema(f"at {where}: 'properties' must be an object")
    if not isinstance(required, list) or not all(isinstance(name, str) for name in required):
        raise UnusableSchema(f"at {where}: 'required' must be a list of names")
    if not isinstance(node.get("enum", []), list):
        raise UnusableSchema(f"at {where}: 'enum' must be a list")


class _Rebuilding:
    def __init__(self, root: Json, *, strict: bool) -> None:
        self._root = root
        self._strict = strict
        self._nodes = 0
        self._names: dict[str, str] = {}
        """Each pointer that a $ref has named so far, with the name of its definition in the result."""

    def definitions(self) -> dict[str, Json]:
        """Rebuild everything referred to, directly or indirectly."""
        rebuilt: dict[str, Json] = {}
        while len(rebuilt) < len(self._names):
            for pointer, name in [*self._names.items()][len(rebuilt) :]:
                rebuilt[name] = self.rebuild(self._resolve(pointer), pointer)
        return rebuilt

    def rebuild(self, node: Json, where: str) -> dict[str, Json]:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise UnusableSchema("it is too large")
        if node is True:
            return {}
        if node is False:
            raise UnusableSchema(f"at {where}: nothing satisfies false")
        if not isinstance(node, Mapping):
            raise UnusableSchema(f"at {where}: a schema must be an object")
        for keyword in UNSUPPORTED & node.keys():
            self._give_up(f"at {where}: '{keyword}' is not supported", unless=node[keyword] is False)
        _check_shape(node, where)
        if "$ref" in node:
            return {"$ref": f"#/$defs/{self._name(node['$ref'], where)}"}
        if "enum" in node or "const" in node:
            return {"enum": self._values(node, where)}
        choices = self._choices(node, where)
        if choices is not None:
            return choices
        types = types_of(node, where)
        rebuilt: dict[str, Json] = {"type": types} if types else {}
        if "string" in types:
            rebuilt |= self._string(node, where)
        if {"number", "integer"} & {*types}:
            rebuilt |= self._number(node, where)
        if "array" in types:
            rebuilt |= self._array(node, where)
        if "object" in types:
            rebuilt |= self._object(node, where)
        return rebuilt

    def _give_up(self, reason: str, *, unless: bool = False) -> None:
        if self._strict and not unless:
            raise UnusableSchema(reason)

    # --- references and choices ---

    def _name(self, pointer: Json, where: str) -> str:
        if not isinstance(pointer, str) or not (pointer == "#" or pointer.startswith("#/")):
            raise UnusableSchema(f"at {where}: '$ref' may only refer to the schema itself ('#/…')")
        seen = {pointer}
        target = self._resolve(pointer)
        while isinstance(target, Mapping) and isinstance(next_pointer := target.get("$ref"), str):
            if next_pointer in seen:
                raise UnusableSchema(f"at {where}: '$ref' {pointer} refers to itself")
            seen.add(next_pointer)
            target = self._resolve(next_pointer)
        return self._names.setdefault(pointer, f"d{len(self._names)}")

    def _resolve(self, pointer: str) -> Json:
        target = self._root
        for step in pointer.split("/")[1:]:
            key = step.replace("~1", "/").replace("~0", "~")
            if isinstance(target, Mapping) and key in target:
                target = target[key]
            elif isinstance(target, list) and key.isascii() and key.isdecimal() and int(key[:9]) < len(target):
                target = target[int(key[:9])]
            else:
                raise UnusableSchema(f"'$ref' {pointer[:100]} does not refer to anything")
        return target

    def _values(self, node: Mapping[str, Json], where: str) -> list[Json]:
        values = [node["const"]] if "const" in node else node["enum"]
        types = types_of(node, where) if "type" in node else list(TYPES)
        fitting = [value for value in values if any(is_of_type(value, name) for name in types)]
        if "const" in node and node["const"] not in node.get("enum", values):
            fitting = []
        if not fitting:
            raise UnusableSchema(f"at {where}: no value is allowed")
        return fitting

    def _choices(self, node: Mapping[str, Json], where: str) -> dict[str, Json] | None:
        """The node as a choice of schemas, or None when it is not one."""
        for keyword in ("anyOf", "oneOf", "allOf"):
            if keyword not in node:
                continue
            branches = node[keyword]
            if not isinstance(branches, list) or not branches:
                raise UnusableSchema(f"at {where}: '{keyword}' must be a non-empty list")
            if SHAPING & node.keys():
                self._give_up(f"at {where}: '{keyword}' cannot be combined with other keywords")
                continue
            if keyword == "allOf" and len(branches) > 1:
                self._give_up(f"at {where}: 'allOf' of several schemas is not supported")
                continue
            return {"anyOf": [self.rebuild(branch, f"{where}/{keyword}/{i}") for i, branch in enumerate(branches)]}
        return None

    # --- types ---

    def _string(self, node: Mapping[str, Json], where: str) -> dict[str, Json]:
        minimum, maximum = bounds_of(node, "minLength", "maxLength", where)
        if minimum > LONGEST_FORCED_STRING:
            raise UnusableSchema(f"at {where}: 'minLength' may be at most {LONGEST_FORCED_STRING}")
        rebuilt: dict[str, Json] = {}
        if minimum:
            rebuilt["minLength"] = minimum
        if maximum is not None and maximum <= LONGEST_STRING:
            rebuilt["maxLength"] = maximum
        shape: dict[str, Json] = {}
        if "pattern" in node:
            pattern = bounded_pattern(node["pattern"])
            if pattern is None:
                self._give_up(f"at {where}: 'pattern' is not a plain, bounded regular expression")
            else:
                shape["pattern"] = pattern
        form = node.get("format")
        if isinstance(form, str) and form in FORMATS and not shape:
            shape["format"] = form
        if shape and rebuilt:
            self._give_up(f"at {where}: a length cannot be combined with 'pattern' or 'format'")
        return shape or rebuilt

    def _number(self, node: Mapping[str, Json], where: str) -> dict[str, Json]:
        rebuilt: dict[str, Json] = {}
        for keyword in ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"):
            bound = node.get(keyword)
            if bound is None or (isinstance(bound, bool) and keyword.startswith("exclusive")):
                continue
            if not is_of_type(bound, "number"):
                raise UnusableSchema(f"at {where}: '{keyword}' must be a number")
            if abs(bound) > LARGEST_NUMBER:
                self._give_up(f"at {where}: '{keyword}' is too large")
                continue
            rebuilt[keyword] = bound
        lowest = max(rebuilt.get("minimum", -LARGEST_NUMBER), rebuilt.get("exclusiveMinimum", -LARGEST_NUMBER))
        highest = min(rebuilt.get("maximum", LARGEST_NUMBER), rebuilt.get("exclusiveMaximum", LARGEST_NUMBER))
        if lowest > highest or (lowest == highest and any(keyword.startswith("exclusive") for keyword in rebuilt)):
            raise UnusableSchema(f"at {where}: no number lies between {lowest} and {highest}")
        step = node.get("multipleOf")
        if step is not None:
            if is_of_type(step, "integer") and 1 <= step <= 1000:
                rebuilt["multipleOf"] = step
            else:
                self._give_up(f"at {where}: 'multipleOf' must be a whole number from 1 to 1000")
        return rebuilt

    def _array(self, node: Mapping[str, Json], where: str) -> dict[str, Json]:
        minimum, maximum = bounds_of(node, "minItems", "maxItems", where)
        if minimum > MOST_ITEMS:
            raise UnusableSchema(f"at {where}: 'minItems' may be at most {MOST_ITEMS}")
        rebuilt: dict[str, Json] = {}
        if minimum:
            rebuilt["minItems"] = minimum
        if maximum is not None and maximum <= MOST_ITEMS:
            rebuilt["maxItems"] = maximum
        prefix = node.get("prefixItems", node["items"] if isinstance(node.get("items"), list) else None)
        if prefix is not None:
            if not isinstance(prefix, list):
                raise UnusableSchema(f"at {where}: 'prefixItems' must be a list")
            rebuilt["prefixItems"] = [self.rebuild(item, f"{where}/prefixItems/{i}") for i, item in enumerate(prefix)]
        items = node.get("items", True)
        if items is False or maximum == 0:
            rebuilt["items"] = False
            if minimum > len(prefix or ()):
                raise UnusableSchema(f"at {where}: more items are required than allowed")
        else:
            rebuilt["items"] = self.rebuild(isinstance(items, list) or items, f"{where}/items")
        return rebuilt

    def _object(self, node: Mapping[str, Json], where: str) -> dict[str, Json]:
        properties = node.get("properties", {})
        required = node.get("required", [])
        others = node.get("additionalProperties", "properties" not in node)
        rebuilt_properties = {
            name: self.rebuild(value, f"{where}/properties/{name}")
            for name, value in properties.items()
            if value is not False or name in required
        }
        for name in required:
            if name not in properties:
                rebuilt_properties[name] = self.rebuild(others, f"{where}/required/{name}")
        rebuilt: dict[str, Json] = {"properties": rebuilt_properties, "required": list(dict.fromkeys(required))}
        plain = isinstance(others, bool)
        rebuilt["additionalProperties"] = others if plain else self.rebuild(others, f"{where}/additionalProperties")
        return rebuilt
