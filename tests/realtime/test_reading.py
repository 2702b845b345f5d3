"""What becomes of any frame that a client can send, in either dialect."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pybase64
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from antiphon.realtime.dialects.beta import Beta
from antiphon.realtime.dialects.client_audio import MAX_AUDIO_BYTES
from antiphon.realtime.dialects.dialect import Dialect
from antiphon.realtime.dialects.ga import Ga
from antiphon.realtime.dialects.identity import SessionIdentity
from antiphon.realtime.events import Error, ErrorReported, SessionUpdated
from antiphon.realtime.inputs import (
    AppendAudio,
    CancelResponse,
    ClearAudio,
    ClearOutputAudio,
    ClientCommand,
    CommitAudio,
    CreateItem,
    CreateResponse,
    DeleteItem,
    Refuse,
    RetrieveItem,
    TruncateItem,
    UpdateSession,
)
from antiphon.realtime.items import Audio, FunctionCallItem, FunctionCallOutputItem, ItemReference, MessageItem, Text
from antiphon.vocabulary.tools import NamedTool

from .dialect_shapes import IDENTITY, PLAIN, VOICES

NAMED = NamedTool(name="look_up")


def made_id(prefix: str) -> str:
    return f"{prefix}_1"


BETA = Beta(IDENTITY, made_id, VOICES)
GA = Ga(IDENTITY, made_id, VOICES)
both = pytest.mark.parametrize("dialect", [BETA, GA], ids=["beta", "ga"])


def read(dialect: Dialect, **event: Any) -> ClientCommand:
    return dialect.read(json.dumps(event))


def refusal(dialect: Dialect, **event: Any) -> Error:
    command = read(dialect, **event)
    assert isinstance(command, Refuse), command
    return command.error


def message(role: str, *content: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"type": "message", "role": role, "content": list(content), **fields}


# --- any frame -------------------------------------------------------------------------------------------------------

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


# --- what both dialects read alike -----------------------------------------------------------------------------------


@both
@pytest.mark.parametrize(
    ("event", "command"),
    [
        ({"type": "input_audio_buffer.append", "audio": "AAEC"}, AppendAudio(audio=b"\0\1\2")),
        ({"type": "input_audio_buffer.append", "audio": ""}, AppendAudio(audio=b"")),
        ({"type": "input_audio_buffer.commit"}, CommitAudio()),
        ({"type": "input_audio_buffer.clear"}, ClearAudio()),
        ({"type": "output_audio_buffer.clear"}, ClearOutputAudio()),
        ({"type": "conversation.item.retrieve", "item_id": "i"}, RetrieveItem(item_id="i")),
        ({"type": "conversation.item.delete", "item_id": "i"}, DeleteItem(item_id="i")),
        (
            {"type": "conversation.item.truncate", "item_id": "i", "content_index": 0, "audio_end_ms": 1500},
            TruncateItem(item_id="i", content_index=0, audio_end_ms=1500),
        ),
        ({"type": "response.cancel"}, CancelResponse()),
        ({"type": "response.cancel", "response_id": "r", "event_id": None}, CancelResponse(response_id="r")),
        ({"type": "response.create"}, CreateResponse()),
        ({"type": "response.create", "response": None, "event_id": "e"}, CreateResponse(event_id="e")),
        ({"type": "response.create", "response": {}}, CreateResponse()),
    ],
)
def test_events_become_commands(dialect: Dialect, event: dict[str, Any], command: ClientCommand) -> None:
    assert read(dialect, **event) == command


@both
@pytest.mark.parametrize("separator", ["\r\n", "\n", " "])
def test_audio_may_have_line_breaks(dialect: Dialect, separator: str) -> None:
    encoded = pybase64.b64encode_as_string(bytes(range(240)))
    for sent in (encoded + separator, separator.join(encoded[at : at + 76] for at in range(0, len(encoded), 76))):
        assert read(dialect, type="input_audio_buffer.append", audio=sent) == AppendAudio(audio=bytes(range(240)))


@both
def test_whole_numbers_may_have_a_point(dialect: Dialect) -> None:
    fields: dict[str, Any] = {"type": "conversation.item.truncate", "item_id": "item_1"}
    written = read(dialect, **fields, content_index=0.0, audio_end_ms=1500.0)
    assert written == read(dialect, **fields, content_index=0, audio_end_ms=1500)
    assert isinstance(written, TruncateItem)
    assert type(written.audio_end_ms) is int
    broken = refusal(dialect, **fields, content_index=0, audio_end_ms=1500.5)
    assert (broken.param, broken.code) == ("audio_end_ms", "invalid_type")


def test_limits_may_have_a_point() -> None:
    turns = {"type": "server_vad", "silence_duration_ms": 500.0, "prefix_padding_ms": 3e2, "threshold": 0.5}

    def beta(turn_detection: Any, limit: Any) -> ClientCommand:
        session = {"turn_detection": turn_detection, "max_response_output_tokens": limit}
        return read(BETA, type="session.update", session=session)

    whole = beta(turns | {"silence_duration_ms": 500, "prefix_padding_ms": 300}, 4096)
    assert isinstance(whole, UpdateSession)
    assert beta(turns, 4096.0) == whole
    session = {"type": "realtime", "max_output_tokens": 100.0, "audio": {"input": {"format": {"type": "audio/pcm"}}}}
    assert read(GA, type="session.update", session=session) == read(
        GA, type="session.update", session=session | {"max_output_tokens": 100}
    )


@both
@pytest.mark.parametrize("audio", ["A", "AAA", "AA-_", "AA A", "é===", "AAAA="])
def test_audio_that_is_not_base64_is_refused(dialect: Dialect, audio: str) -> None:
    error = refusal(dialect, type="input_audio_buffer.append", audio=audio)
    assert (error.code, error.param) == ("invalid_value", "audio")


@both
def test_as_much_audio_as_is_allowed_can_be_appended_and_no_more(dialect: Dialect) -> None:
    for size in (MAX_AUDIO_BYTES, MAX_AUDIO_BYTES + 1, MAX_AUDIO_BYTES + 3):
        command = read(dialect, type="input_audio_buffer.append", audio=pybase64.b64encode_as_string(bytes(size)))
        if size == MAX_AUDIO_BYTES:
            assert isinstance(command, AppendAudio)
            assert len(command.audio) == size
        else:
            assert isinstance(command, Refuse)
            assert (command.error.code, command.error.param) == ("invalid_value", "audio")


@both
@pytest.mark.parametrize(
    ("sent", "item"),
    [
        (
            message("user", {"type": "input_text", "text": "Hi"}),
            MessageItem(id="", role="user", parts=(Text(text="Hi"),)),
        ),
        (
            message("system", {"type": "input_text", "text": "Be brief."}, id="s", object="realtime.item"),
            MessageItem(id="s", role="system", parts=(Text(text="Be brief."),)),
        ),
        (
            message("user", {"type": "input_audio", "audio": "AAEC", "transcript": None}, status="completed"),
            MessageItem(id="", role="user", parts=(Audio(data=b"\0\1\2"),)),
        ),
        (
            message("user", {"type": "input_audio", "transcript": "Hi"}),
            MessageItem(id="", role="user", parts=(Audio(transcript="Hi"),)),
        ),
        (
            message("assistant", {"type": "text", "text": "a"}, {"type": "output_text", "text": "b"}),
            MessageItem(
                id="",
                role="assistant",
                parts=(
                    Text(text="a"),
                    Text(text="b"),
                ),
            ),
        ),
        (
            message("assistant", {"type": "audio", "transcript": "a"}, {"type": "output_audio", "transcript": "b"}),
            MessageItem(
                id="",
                role="assistant",
                parts=(
                    Audio(transcript="a"),
                    Audio(transcript="b"),
                ),
            ),
        ),
        (
            {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"},
            FunctionCallItem(id="", call_id="c", name="f", arguments="{}"),
        ),
        (
            {"type": "function_call", "name": "f", "arguments": "{}"},
            FunctionCallItem(id="", call_id="call_1", name="f", arguments="{}"),
        ),
        (
            {"type": "function_call_output", "call_id": "c", "output": "", "role": None, "content": None},
            FunctionCallOutputItem(id="", call_id="c", output=""),
        ),
    ],
)
def test_items_are_read(dialect: Dialect, sent: dict[str, Any], item: MessageItem) -> None:
    command = read(dialect, type="conversation.item.create", previous_item_id="root", item=sent)
    assert command == CreateItem(item=item, previous_item_id="root")


@both
@pytest.mark.parametrize(
    ("sent", "code", "param"),
    [
        (message("system", {"type": "input_audio", "audio": ""}), "invalid_value", "item.content[0].type"),
        (message("user", {"type": "text", "text": "Hi"}), "invalid_value", "item.content[0].type"),
        (message("assistant", {"type": "input_text", "text": "Hi"}), "invalid_value", "item.content[0].type"),
        (message("user", {"type": "input_image", "image_url": "data:"}), "invalid_value", "item.content[0].type"),
        (message("tool"), "invalid_value", "item.role"),
        (message("user", {"type": "input_text"}), "missing_required_parameter", "item.content[0].text"),
        (message("user", {"type": "input_audio"}), "missing_required_parameter", "item.content[0].audio"),
        (message("user", {"type": "input_audio", "audio": "x"}), "invalid_value", "item.content[0].audio"),
        (
            message("user", {"type": "input_text", "text": "", "audio": ""}),
            "unknown_parameter",
            "item.content[0].audio",
        ),
        (message("user", output=""), "unknown_parameter", "item.output"),
        ({"type": "message", "content": []}, "missing_required_parameter", "item.role"),
        ({"type": "function_call", "arguments": ""}, "missing_required_parameter", "item.name"),
        ({"type": "function_call", "name": "f"}, "missing_required_parameter", "item.arguments"),
        ({"type": "function_call_output", "output": ""}, "missing_required_parameter", "item.call_id"),
        ({"type": "item_reference", "id": "i"}, "invalid_value", "item.type"),
        ({"role": "user"}, "missing_required_parameter", "item.type"),
    ],
)
def test_items_that_make_no_sense_are_refused(dialect: Dialect, sent: dict[str, Any], code: str, param: str) -> None:
    error = refusal(dialect, type="conversation.item.create", item=sent)
    assert (error.code, error.param) == (code, param)


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


@both
def test_positions_before_the_beginning_are_refused(dialect: Dialect) -> None:
    truncation = {"type": "conversation.item.truncate", "item_id": "i", "content_index": 0}
    assert refusal(dialect, **truncation, audio_end_ms=-1).param == "audio_end_ms"
    assert refusal(dialect, **truncation | {"content_index": -1}, audio_end_ms=1).param == "content_index"


def test_only_the_kind_of_session_that_was_created_can_be_updated() -> None:
    realtime = {"type": "session.update", "session": {"type": "realtime"}}
    transcription = {"type": "session.update", "session": {"type": "transcription"}}
    beta_transcription = {"type": "transcription_session.update", "session": {}}
    listening = SessionIdentity(id="sess_2", model="whisper-1", expires_at=0, transcribes_only=True)
    assert isinstance(read(Ga(listening, made_id, VOICES), **transcription), UpdateSession)
    assert isinstance(read(Beta(listening, made_id, VOICES), **beta_transcription), UpdateSession)
    assert refusal(Ga(listening, made_id, VOICES), **realtime).param == "session.type"
    assert refusal(GA, **transcription).param == "session.type"
    assert refusal(Beta(listening, made_id, VOICES), type="session.update", session={}).param == "type"
    assert refusal(BETA, **beta_transcription).param == "type"
