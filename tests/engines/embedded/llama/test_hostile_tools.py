"""Whatever a client gives as a tool's parameters, or as the schema of an answer, is used or refused as its fault."""

from __future__ import annotations

import contextlib
import json
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from antiphon.engines.embedded.llama.engine import _answer_schema, _shown
from antiphon.engines.embedded.llama.grammar import json_grammar
from antiphon.engines.embedded.llama.tools import ToolCalling
from antiphon.engines.embedded.llama.writing import Writing
from antiphon.engines.errors import UnusableResponseFormat, UnusableToolParameters
from antiphon.engines.interfaces import JsonSchema, Message, Prompt
from antiphon.vocabulary.tools import Tool

KEYWORDS = [
    "type",
    "enum",
    "const",
    "$ref",
    "$defs",
    "properties",
    "required",
    "items",
    "prefixItems",
    "anyOf",
    "allOf",
    "oneOf",
    "not",
    "minItems",
    "maxItems",
    "minLength",
    "maxLength",
    "minimum",
    "exclusiveMaximum",
    "multipleOf",
    "pattern",
    "format",
    "additionalProperties",
    "description",
    "a",
    "",
    "\0",
    "ü",
    "0",
]
WORDS = [
    "string",
    "object",
    "array",
    "integer",
    "null",
    "#",
    "#/",
    "#/$defs/a",
    "#/properties/a",
    "#/enum/0",
    "date",
    "^a+$",
    "(" * 99,
    "a{999999999999}",
    "\\",
    "<|im_end|>",
    "\u202e",
]
NUMBERS = (
    st.sampled_from([0, -1, 1.0, 0.5, 1e308, -1e-300, 2**63, 10**308])
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
)  # What msgspec reads as a number.
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.sampled_from(WORDS) | st.sampled_from(KEYWORDS),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYWORDS), inner, max_size=6),
    max_leaves=30,
)
SCHEMAS = st.dictionaries(st.sampled_from(KEYWORDS), VALUES, max_size=6)
NAMED = {"a": {"type": "string"}}


unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""The machine may be busy."""


def calling(parameters: dict[str, Any]) -> ToolCalling:
    """Everything that is made of a tool's schema before the model is asked anything."""
    tools = [Tool(name="f", description="", parameters=parameters)]
    prompt = Prompt(messages=[Message(role="user", text="Hello.")], tools=tools)
    return ToolCalling(prompt, cast(Writing, None), lambda _: None, instructions="")


@unhurried
@given(SCHEMAS)
@example({"$ref": "#/$defs/a", "$defs": NAMED, "properties": [1]})
@example({"$ref": "#/$defs/a", "$defs": NAMED, "properties": {"a": {"enum": 5}}, "required": 7})
@example({"enum": [{"a": 1}], "properties": "x", "required": 5})
@example({"const": {"a": 1}, "enum": 7, "required": [[]]})
@example({"anyOf": [NAMED], "properties": {"a": 1, "b": {"$ref": "#", "enum": {}}}, "required": None})
def test_any_parameters_are_used_or_refused(parameters: dict[str, Any]) -> None:
    with contextlib.suppress(UnusableToolParameters):
        assert calling(parameters).chat[0]["content"].startswith("# Tools\n- f(")


@unhurried
@given(SCHEMAS)
@example({"$ref": "#/$defs/a", "$defs": NAMED, "required": 7})
def test_any_schema_of_an_answer_is_used_or_refused(schema: dict[str, Any]) -> None:
    prompt = Prompt(messages=[Message(role="user", text="Hello.")], response_format=JsonSchema(schema=schema))
    with contextlib.suppress(UnusableResponseFormat):
        bounded = _answer_schema(prompt)
        assert bounded is not None
        json_grammar(bounded).encode()
        assert json.loads(_shown(prompt)) == schema


@pytest.mark.parametrize("beside", [{"$ref": "#/$defs/a", "$defs": NAMED}, {"enum": [1]}, {"anyOf": [NAMED]}])
@pytest.mark.parametrize(
    "malformed",
    [{"properties": [1]}, {"properties": "a"}, {"required": 7}, {"required": [1]}, {"required": {"a": 1}}, {"enum": 5}],
    ids=str,
)
def test_malformed_keywords_are_refused_beside_any_other(beside: dict[str, Any], malformed: dict[str, Any]) -> None:
    with pytest.raises(UnusableToolParameters, match="must be") as refused:
        calling({**beside, **malformed})
    assert refused.value.index == 0
