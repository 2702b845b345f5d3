"""What a client may ask of a response, as both dialects read it."""

from __future__ import annotations

from typing import Any

import pytest

from antiphon.realtime.dialects.dialect import Dialect
from antiphon.realtime.inputs import (
    CreateResponse,
)
from antiphon.realtime.items import ItemReference, MessageItem, Text
from antiphon.vocabulary.tools import NamedTool

from .dialects import both, message, read, refusal

NAMED = NamedTool(name="look_up")


@both
def test_a_response_may_have_input_of_its_own_with_references(dialect: Dialect) -> None:
    sent = [{"type": "item_reference", "id": "i"}, message("user", {"type": "input_text", "text": "Hi"})]
    command = read(
        dialect, type="response.create", response={"conversation": "none", "input": sent, "metadata": {"k": "v"}}
    )
    assert command == CreateResponse(
        changes={"metadata": {"k": "v"}},
        in_conversation=False,
        input=(ItemReference(id="i"), MessageItem(id="", role="user", parts=(Text(text="Hi"),))),
    )


@both
def test_an_empty_input_of_a_response_is_not_an_absent_one(dialect: Dialect) -> None:
    command = read(dialect, type="response.create", response={"input": []})
    assert command == CreateResponse(input=())


@both
@pytest.mark.parametrize(
    "choice",
    [
        {"type": "function", "name": "look_up"},
        {"type": "function", "function": {"name": "look_up"}},
        {"type": "function", "function": "look_up"},
    ],
)
def test_a_function_to_be_called_is_named_in_any_of_three_ways(dialect: Dialect, choice: dict[str, Any]) -> None:
    command = read(dialect, type="response.create", response={"tool_choice": choice})
    assert isinstance(command, CreateResponse)
    assert command.changes.get("tool_choice") == NAMED


@both
@pytest.mark.parametrize(
    ("fields", "code", "param"),
    [
        ({"conversation": "conv_1"}, "invalid_value", "response.conversation"),
        ({"tool_choice": "any"}, "invalid_value", "response.tool_choice"),
        ({"tool_choice": {"type": "function"}}, "missing_required_parameter", "response.tool_choice.name"),
        ({"tool_choice": {"type": "web_search"}}, "invalid_value", "response.tool_choice.type"),
        ({"tools": [{"type": "web_search"}]}, "invalid_value", "response.tools[0].type"),
        ({"tools": [{"name": "a b"}]}, "invalid_value", "response.tools[0].name"),
        ({"tools": [{"name": ""}]}, "invalid_value", "response.tools[0].name"),
        ({"tools": [{"name": "f"}] * 129}, "array_above_max_length", "response.tools"),
        ({"tools": [{"type": "function"}]}, "missing_required_parameter", "response.tools[0].name"),
        ({"metadata": {str(n): "" for n in range(17)}}, "invalid_value", "response.metadata"),
        ({"metadata": {"k": "v" * 513}}, "string_above_max_length", "response.metadata.k"),
        ({"metadata": {"k": 1}}, "invalid_type", "response.metadata"),
        ({"max_output_tokens": 0}, "integer_below_min_value", "response.max_output_tokens"),
        ({"max_output_tokens": 4097}, "integer_above_max_value", "response.max_output_tokens"),
        ({"max_output_tokens": "many"}, "invalid_value", "response.max_output_tokens"),
    ],
)
def test_fields_of_a_response_are_checked(dialect: Dialect, fields: dict[str, Any], code: str, param: str) -> None:
    error = refusal(dialect, type="response.create", response=fields)
    assert (error.code, error.param) == (code, param)
