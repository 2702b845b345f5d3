"""Which JSON schemas the language model is held to, and which are refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.engines.embedded.llama.pattern import bounded_pattern
from antiphon.engines.embedded.llama.schema import bounded_schema
from antiphon.engines.embedded.llama.schema_types import UnusableSchema


def nested(levels: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(levels):
        schema = {"type": "array", "items": schema}
    return schema


def referring(definitions: dict[str, Any], to: str = "a") -> dict[str, Any]:
    return {"$defs": definitions, "$ref": f"#/$defs/{to}"}


REFUSED = {
    "a type that does not exist": {"type": "boolen"},
    "a type that is no name": {"type": 5},
    "no type at all": {"type": []},
    "a schema that is a list": [1],
    "properties that are a list": {"type": "object", "properties": [1]},
    "required that is a name": {"type": "object", "required": "a"},
    "items that are a number": {"type": "array", "items": 5},
    "a count below zero": {"type": "array", "minItems": -3},
    "a count that is text": {"type": "array", "minItems": "x"},
    "a million items": {"type": "array", "minItems": 1_000_000},
    "a very long string": {"type": "string", "minLength": 100_000},
    "fewer at most than at least": {"type": "string", "minLength": 5, "maxLength": 2},
    "items of which none is allowed": {"type": "array", "minItems": 1, "items": False},
    "an empty range": {"type": "integer", "minimum": 5, "maximum": 2},
    "an open range of one number": {"type": "number", "exclusiveMinimum": 1, "maximum": 1},
    "an empty enum": {"enum": []},
    "an enum of another type": {"type": "string", "enum": [1, 2]},
    "a property that may not be": {"type": "object", "properties": {"a": False}, "required": ["a"]},
    "a required property that is not allowed": {"properties": {}, "required": ["x"], "additionalProperties": False},
    "a reference to another host": {"$ref": "https://example.com/schema.json"},
    "a reference to nothing": {"$ref": "#/$defs/no"},
    "a reference to itself": referring({"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}),
    "an object that needs itself": referring({"a": {"properties": {"a": {"$ref": "#/$defs/a"}}, "required": ["a"]}}),
    "a thousand levels": nested(1000),
    "too many properties": {"properties": {f"p{i}": {"type": "string"} for i in range(3000)}},
    "too much text": {"enum": ["x" * 200_000]},
}

REFUSED_WHERE_STRICT = {
    "an intersection": {"allOf": [{"type": "string"}, {"type": "integer"}]},
    "a negation": {"not": {"type": "string"}},
    "unique items": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
    "a choice beside properties": {"properties": {"a": {"type": "string"}}, "anyOf": [{"required": ["a"]}]},
    "a pattern with look-ahead": {"type": "string", "pattern": "^(?=a)b$"},
    "a pattern that explodes": {"type": "string", "pattern": "^(((a{1,99}){1,99}){1,99}){1,99}$"},
    "an enormous number": {"type": "integer", "minimum": 10**30},
}


@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize("schema", REFUSED.values(), ids=REFUSED.keys())
def test_a_schema_that_is_wrong_or_cannot_be_met_is_refused(schema: object, strict: bool) -> None:
    with pytest.raises(UnusableSchema):
        bounded_schema(schema, strict=strict)


@pytest.mark.parametrize("schema", REFUSED_WHERE_STRICT.values(), ids=REFUSED_WHERE_STRICT.keys())
def test_what_cannot_be_enforced_is_refused_where_strict(schema: object) -> None:
    with pytest.raises(UnusableSchema):
        bounded_schema(schema, strict=True)


@pytest.mark.parametrize("schema", REFUSED_WHERE_STRICT.values(), ids=REFUSED_WHERE_STRICT.keys())
def test_what_cannot_be_enforced_is_dropped_where_not_strict(schema: object) -> None:
    assert isinstance(bounded_schema(schema, strict=False), dict)


def test_large_upper_bounds_are_left_to_the_model() -> None:
    schema = {"type": "array", "maxItems": 100_000_000, "items": {"type": "string", "maxLength": 10_000_000}}

    assert bounded_schema(schema, strict=True) == {"type": ["array"], "items": {"type": ["string"]}}


def test_a_recursive_schema_that_can_end_is_kept() -> None:
    tree = {"$defs": {"n": {"properties": {"c": {"items": {"$ref": "#/$defs/n"}}}}}, "$ref": "#/$defs/n"}

    rebuilt = bounded_schema(tree, strict=True)

    assert rebuilt["$ref"] == "#/$defs/d0"
    assert rebuilt["$defs"]["d0"]["properties"]["c"]["items"] == {"$ref": "#/$defs/d0"}


def test_annotations_are_left_out() -> None:
    schema = {"type": "string", "title": "T", "description": "D", "examples": ["x"], "x-own": 1, "format": "color"}

    assert bounded_schema(schema, strict=True) == {"type": ["string"]}


def test_an_object_that_names_its_properties_allows_no_others() -> None:
    rebuilt = bounded_schema({"type": "object", "properties": {"a": {"type": "string"}}}, strict=True)

    assert rebuilt["additionalProperties"] is False


SHAPES = ["type", "enum", "const", "$ref", "$defs", "properties", "required", "items", "prefixItems", "anyOf", "allOf"]
COUNTS = ["minItems", "maxItems", "minLength", "maxLength", "minimum", "maximum", "multipleOf"]
KEYWORDS = [*SHAPES, *COUNTS, "pattern", "format", "additionalProperties", "not", "a"]
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(["string", "object", "array", "integer", "#", "#/$defs/a", "date", "^a+$"]),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.sampled_from(KEYWORDS), children, max_size=5),
    max_leaves=30,
)


@given(JSON, st.booleans())
def test_any_json_is_rebuilt_or_refused(schema: object, strict: bool) -> None:
    try:
        rebuilt = bounded_schema(schema, strict=strict)
    except UnusableSchema:
        return
    assert bounded_schema(rebuilt, strict=True) == rebuilt


@pytest.mark.parametrize("pattern", ["^[A-Z]{3}-[0-9]{4}$", "abc", r"^\d+(\.\d{2})?$", "^(a|b)$", r"^[\w.+-]+@\w+$"])
def test_a_plain_pattern_is_kept(pattern: str) -> None:
    assert bounded_pattern(pattern) == pattern


@pytest.mark.parametrize(
    "pattern",
    ["(", "^a|b$", "a^b", r"(a)\1", "(?i)a", "(?<!a)b", "a{1,100000}", "(a{100}){100}", "a++", "[[a]]", "x" * 500, 5],
)
def test_other_patterns_are_not(pattern: object) -> None:
    assert bounded_pattern(pattern) is None
