"""What becomes of any frame that a client can send, in either dialect."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from antiphon.realtime.dialects.dialect import Dialect
from antiphon.realtime.events import ErrorReported, SessionUpdated
from antiphon.realtime.inputs import (
    Refuse,
    UpdateSession,
)

from .dialect_shapes import PLAIN
from .dialects import BETA, GA, both, read, refusal

TYPES = [
    "session.update",
    "transcription_session.update",
    "input_audio_buffer.append",
    "input_audio_buffer.commit",
    "conversation.item.create",
    "conversation.item.truncate",
    "response.create",
    "response.cancel",
    "nonsense",
]
NAMES = st.sampled_from(["type", "event_id", "session", "response", "item", "audio", "content", "role", "id"]) | (
    st.sampled_from(
        ["turn_detection", "tools", "tool_choice", "name", "function", "input", "output", "format", "voice"]
    )
    | st.sampled_from(["transcription", "modalities", "output_modalities", "temperature", "max_output_tokens"])
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["message", "user", "input_text", "server_vad", "function", "realtime", "auto", "inf"])
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | st.text(max_size=5), inner, max_size=5),
    max_leaves=20,
)
EVENTS = st.builds(
    lambda type_, fields: {**fields, "type": type_},
    st.sampled_from(TYPES),
    st.dictionaries(NAMES, VALUES, max_size=5),
)


@given(st.binary() | st.text(alphabet=st.characters(exclude_categories=())) | VALUES.map(json.dumps))
@example(b"[" * 100_000)
@example('{"type":"\ud800"}')
@example('{"type":"\\ud800"}')
@example(b'{"type":"\xff"}')
def test_no_frame_makes_reading_fail(frame: str | bytes) -> None:
    for dialect in (BETA, GA):
        command = dialect.read(frame)
        if isinstance(command, Refuse):
            assert command.error.message


@given(EVENTS, st.text(max_size=20))
def test_whatever_is_refused_keeps_the_id_that_the_client_gave_it(event: dict[str, Any], event_id: str) -> None:
    frame = json.dumps({**event, "event_id": event_id})
    try:
        json.loads(frame, parse_constant=lambda name: (_ for _ in ()).throw(ValueError(name)))
        event_id.encode()
    except ValueError:
        return
    for dialect in (BETA, GA):
        command = dialect.read(frame)
        assert command.event_id == event_id
        if isinstance(command, Refuse):
            told = dialect.write(ErrorReported(error=command.error, client_event_id=event_id))
            assert told is not None
            assert json.loads(told)["error"]["event_id"] == event_id


@given(VALUES)
def test_whatever_tools_a_session_is_given_can_be_told_to_the_client(parameters: Any) -> None:
    tools = [{"type": "function", "name": "f", "parameters": {"x": parameters}}]
    for dialect in (BETA, GA):
        command = read(
            dialect, type="session.update", session={"tools": tools} | ({"type": "realtime"} if dialect is GA else {})
        )
        if isinstance(command, UpdateSession):
            configuration = replace(PLAIN, **command.changes)
            told = dialect.write(SessionUpdated(configuration=configuration))
            assert told is not None
            assert json.loads(told)["session"]["tools"][0]["parameters"] == {"x": parameters}


@both
def test_a_schema_that_is_nested_too_deep_is_refused(dialect: Dialect) -> None:
    schema: dict[str, Any] = {}
    for _ in range(200):
        schema = {"properties": schema}
    error = refusal(dialect, type="response.create", response={"tools": [{"name": "f", "parameters": schema}]})
    assert (error.code, error.param) == ("invalid_value", "response.tools[0].parameters")


@both
@pytest.mark.parametrize("frame", ["", "hello", "{", b"\xff\xfe", '{"type": NaN}', "[]", "3", '"text"', "null"])
def test_what_is_no_json_object_is_refused_as_invalid_json(dialect: Dialect, frame: str | bytes) -> None:
    command = dialect.read(frame)
    assert isinstance(command, Refuse)
    assert (command.error.type, command.error.code) == ("invalid_request_error", "invalid_json")


@both
def test_an_unknown_type_of_event_is_refused_with_those_that_there_are(dialect: Dialect) -> None:
    error = refusal(dialect, type="x", event_id="e1")
    assert (error.code, error.param) == ("invalid_value", "type")
    assert error.message.startswith("Invalid value: 'x'. Supported values are: 'session.update', ")
    assert error.message.endswith(", and 'response.cancel'.")


@both
@pytest.mark.parametrize(
    ("event", "code", "param", "text"),
    [
        ({}, "missing_required_parameter", "type", "Missing required parameter: 'type'."),
        (
            {"type": "conversation.item.create"},
            "missing_required_parameter",
            "item",
            "Missing required parameter: 'item'.",
        ),
        (
            {"type": "conversation.item.create", "item": {"type": "message", "role": "user"}},
            "missing_required_parameter",
            "item.content",
            "Missing required parameter: 'item.content'.",
        ),
        (
            {"type": "response.create", "response": {"foo": 1}},
            "unknown_parameter",
            "response.foo",
            "Unknown parameter: 'response.foo'.",
        ),
        (
            {"type": "response.create", "response": {"tools": [{"name": "f"}, {"name": "g", "strict": True}]}},
            "unknown_parameter",
            "response.tools[1].strict",
            "Unknown parameter: 'response.tools[1].strict'.",
        ),
        (
            {"type": "response.create", "response": {"instructions": 3}},
            "invalid_type",
            "response.instructions",
            "Invalid type for 'response.instructions': expected a string or null, but got an integer instead.",
        ),
        (
            {"type": "response.create", "event_id": 3},
            "invalid_type",
            "event_id",
            "Invalid type for 'event_id': expected a string or null, but got an integer instead.",
        ),
        (
            {"type": "response.create", "response": {"tool_choice": {"name": "f"}}},
            "missing_required_parameter",
            "response.tool_choice.type",
            "Missing required parameter: 'response.tool_choice.type'.",
        ),
        (
            {"type": "conversation.item.create", "item": {"type": "mcp_call"}},
            "invalid_value",
            "item.type",
            "Invalid value: 'mcp_call'. Supported values are: 'function_call', 'function_call_output', "
            "'item_reference', and 'message'.",
        ),
    ],
)
def test_an_error_names_the_parameter_and_what_is_wrong_with_it(
    dialect: Dialect, event: dict[str, Any], code: str, param: str, text: str
) -> None:
    error = refusal(dialect, **event)
    assert (error.code, error.param, error.message) == (code, param, text)


@both
def test_an_error_quotes_only_a_little_of_what_was_sent(dialect: Dialect) -> None:
    assert len(refusal(dialect, type="x" * 100_000).message) < 1000
    assert len(refusal(dialect, type="response.create", **{"x" * 100_000: 1}).message) < 1000
