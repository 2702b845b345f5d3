"""What a client of the beta dialect may send: the openai package's beta types, and Azure's own fields."""

from __future__ import annotations

import json
from typing import Any, get_args, get_type_hints

import pytest
from openai.types.beta.realtime import (
    RealtimeClientEventParam,
    conversation_item_content_param,
    conversation_item_with_reference_param,
    response_create_event_param,
    session_update_event_param,
    transcription_session_update_param,
)
from pydantic import TypeAdapter

from antiphon.realtime import events
from antiphon.realtime.configuration import AudioFormat, InputTranscription, SemanticVad, ServerVad
from antiphon.realtime.dialects.beta import Beta
from antiphon.realtime.dialects.beta_client import BetaResponse, BetaSession, BetaTranscriptionSession
from antiphon.realtime.dialects.client_items import ClientItem, ClientPart
from antiphon.realtime.dialects.identity import SessionIdentity
from antiphon.realtime.events import Error, ServerEvent
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
from antiphon.realtime.items import Audio, MessageItem, Text
from antiphon.vocabulary.tools import NamedTool, Tool

from .dialect_shapes import ASSISTANT, IDENTITY, VOICES

BETA = Beta(IDENTITY, lambda prefix: f"{prefix}_1", VOICES)
LISTENING = Beta(
    SessionIdentity(id="sess_1", model="whisper-1", expires_at=1, transcribes_only=True),
    lambda prefix: f"{prefix}_1",
    VOICES,
)


def written(event: ServerEvent, dialect: Beta = BETA) -> dict[str, Any]:
    frame = dialect.write(event)
    assert frame is not None
    return json.loads(frame)


def read(**event: Any) -> ClientCommand:
    return BETA.read(json.dumps(event))


def changes(**session: Any) -> dict[str, Any]:
    command = read(type="session.update", session=session)
    assert isinstance(command, UpdateSession), command
    return dict(command.changes)


def refusal(**session: Any) -> Error:
    command = read(type="session.update", session=session, event_id="e1")
    assert isinstance(command, Refuse), command
    assert command.event_id == "e1"
    return command.error


def response(**fields: Any) -> CreateResponse:
    command = read(type="response.create", response=fields)
    assert isinstance(command, CreateResponse), command
    return command


CLIENT_EVENTS: list[tuple[dict[str, Any], type[Any]]] = [
    ({"type": "conversation.item.create", "item": {"type": "message", "role": "user", "content": []}}, CreateItem),
    ({"type": "conversation.item.delete", "item_id": "i"}, DeleteItem),
    ({"type": "conversation.item.retrieve", "item_id": "i"}, RetrieveItem),
    ({"type": "conversation.item.truncate", "item_id": "i", "content_index": 0, "audio_end_ms": 0}, TruncateItem),
    ({"type": "input_audio_buffer.append", "audio": ""}, AppendAudio),
    ({"type": "input_audio_buffer.clear"}, ClearAudio),
    ({"type": "output_audio_buffer.clear"}, ClearOutputAudio),
    ({"type": "input_audio_buffer.commit"}, CommitAudio),
    ({"type": "response.cancel"}, CancelResponse),
    ({"type": "response.create"}, CreateResponse),
    ({"type": "session.update", "session": {}}, UpdateSession),
    ({"type": "transcription_session.update", "session": {}}, UpdateSession),
]


@pytest.mark.parametrize(("event", "command"), CLIENT_EVENTS, ids=lambda value: getattr(value, "__name__", ""))
def test_every_client_event_of_the_openai_package_is_a_command(event: dict[str, Any], command: type[Any]) -> None:
    TypeAdapter(RealtimeClientEventParam).validate_python(event)
    dialect = LISTENING if event["type"].startswith("transcription") else BETA
    asked = dialect.read(json.dumps(event | {"event_id": "e1"}))
    assert isinstance(asked, command)
    assert asked.event_id == "e1"


def test_no_client_event_of_the_openai_package_is_forgotten() -> None:
    known = {get_args(get_type_hints(member)["type"])[0] for member in get_args(RealtimeClientEventParam)}
    assert known == {event["type"] for event, _ in CLIENT_EVENTS}


@pytest.mark.parametrize(
    ("param", "struct"),
    [
        (session_update_event_param.Session, BetaSession),
        (transcription_session_update_param.Session, BetaTranscriptionSession),
        (response_create_event_param.Response, BetaResponse),
        (conversation_item_with_reference_param.ConversationItemWithReferenceParam, ClientItem),
        (conversation_item_content_param.ConversationItemContentParam, ClientPart),
    ],
)
def test_every_field_of_the_openai_package_is_known(param: type[Any], struct: type[Any]) -> None:
    assert set(get_type_hints(param)) <= set(struct.__struct_fields__)


def test_only_what_is_sent_is_changed() -> None:
    assert changes() == {}
    assert changes(instructions="") == {"instructions": ""}
    assert changes(voice=None, temperature=None, tools=None, modalities=None) == {}


def test_every_field_of_a_session_can_be_changed() -> None:
    assert changes(
        model="gpt-4o-realtime-preview",
        modalities=["text", "audio"],
        instructions="Be brief.",
        voice="echo",
        speed=1.5,
        input_audio_format="g711_ulaw",
        output_audio_format="g711_alaw",
        input_audio_transcription={"model": "whisper-1", "language": "de", "prompt": "Namen"},
        input_audio_noise_reduction={"type": "near_field"},
        turn_detection={"type": "semantic_vad", "eagerness": "high", "interrupt_response": False},
        tools=[{"type": "function", "name": "f", "description": "F.", "parameters": {"type": "object"}}],
        tool_choice={"type": "function", "name": "f"},
        temperature=0.6,
        max_response_output_tokens=4096,
        tracing="auto",
        client_secret=None,
    ) == {
        "speaks": True,
        "instructions": "Be brief.",
        "voice": "echo",
        "speed": 1.5,
        "input_format": AudioFormat.G711_ULAW,
        "output_format": AudioFormat.G711_ALAW,
        "transcription": InputTranscription(model="whisper-1", language="de", prompt="Namen"),
        "turn_detection": SemanticVad(eagerness="high", interrupt_response=False),
        "noise_reduction": {"type": "near_field"},
        "tracing": "auto",
        "tools": (Tool(name="f", description="F.", parameters={"type": "object"}),),
        "tool_choice": NamedTool(name="f"),
        "temperature": 0.6,
        "max_output_tokens": 4096,
    }


def test_turn_detection_is_switched_off_by_null_and_by_a_type_of_none() -> None:
    assert changes(turn_detection=None) == {"turn_detection": None}
    assert changes(turn_detection={"type": "none"}) == {"turn_detection": None}
    assert changes(input_audio_transcription=None) == {"transcription": None}


def test_what_is_left_out_of_turn_detection_has_its_default() -> None:
    assert changes(turn_detection={"type": "server_vad", "threshold": 1, "create_response": False}) == {
        "turn_detection": ServerVad(threshold=1.0, create_response=False)
    }


def test_a_limit_of_inf_is_none() -> None:
    assert changes(max_response_output_tokens="inf") == {"max_output_tokens": None}


def test_azures_first_clients_write_formats_with_hyphens() -> None:
    assert changes(input_audio_format="g711-ulaw") == {"input_format": AudioFormat.G711_ULAW}


@pytest.mark.parametrize(
    ("modalities", "speaks"), [(["text"], False), (["audio", "text"], True), (["text", "audio"], True)]
)
def test_modalities_come_in_any_order(modalities: list[str], speaks: bool) -> None:
    assert changes(modalities=modalities) == {"speaks": speaks}


@pytest.mark.parametrize(
    ("session", "code", "param"),
    [
        ({"modalities": ["audio"]}, "invalid_value", "session.modalities"),
        ({"modalities": []}, "invalid_value", "session.modalities"),
        ({"modalities": ["video"]}, "invalid_value", "session.modalities[0]"),
        ({"voice": "nobody"}, "invalid_value", "session.voice"),
        ({"temperature": 0.59}, "decimal_below_min_value", "session.temperature"),
        ({"temperature": 1.21}, "decimal_above_max_value", "session.temperature"),
        ({"speed": 0.2}, "decimal_below_min_value", "session.speed"),
        ({"speed": 2}, "decimal_above_max_value", "session.speed"),
        ({"max_response_output_tokens": 0}, "integer_below_min_value", "session.max_response_output_tokens"),
        ({"max_output_tokens": 5}, "unknown_parameter", "session.max_output_tokens"),
        ({"input_audio_format": "mp3"}, "invalid_value", "session.input_audio_format"),
        ({"parallel_tool_calls": True}, "unknown_parameter", "session.parallel_tool_calls"),
        ({"type": "realtime"}, "unknown_parameter", "session.type"),
        ({"foo": 1}, "unknown_parameter", "session.foo"),
        ({"turn_detection": {"type": "magic"}}, "invalid_value", "session.turn_detection.type"),
        ({"turn_detection": {}}, "missing_required_parameter", "session.turn_detection.type"),
        ({"turn_detection": {"type": "server_vad", "threshold": 1.1}}, "decimal_above_max_value", None),
        ({"turn_detection": {"type": "server_vad", "prefix_padding_ms": -1}}, "integer_below_min_value", None),
        ({"turn_detection": {"type": "server_vad", "silence_duration_ms": 10**9}}, "integer_above_max_value", None),
        ({"turn_detection": {"type": "server_vad", "idle_timeout_ms": 6000}}, "unknown_parameter", None),
        ({"turn_detection": {"type": "semantic_vad", "threshold": 0.5}}, "unknown_parameter", None),
        ({"turn_detection": {"type": "semantic_vad", "eagerness": "max"}}, "invalid_value", None),
        ({"input_audio_transcription": {"language": "english"}}, "invalid_value", None),
    ],
)
def test_what_a_session_cannot_be_is_refused(session: dict[str, Any], code: str, param: str | None) -> None:
    error = refusal(**session)
    assert error.code == code
    assert param is None or error.param == param


def test_an_unknown_voice_is_refused_with_those_that_there_are() -> None:
    assert refusal(voice="nobody").message == (
        "Invalid value: 'nobody'. Supported values are: 'alloy', 'echo', and 'verse'."
    )


def test_a_transcription_session_is_updated() -> None:
    session = {"input_audio_format": "g711_alaw", "input_audio_transcription": {"model": "whisper-1"}, "include": []}
    command = LISTENING.read(json.dumps({"type": "transcription_session.update", "session": session}))
    assert command == UpdateSession(
        changes={
            "input_format": AudioFormat.G711_ALAW,
            "transcription": InputTranscription(model="whisper-1"),
            "include": [],
        }
    )


def test_a_response_may_be_otherwise_than_its_session() -> None:
    asked = response(modalities=["text"], voice="echo", temperature=1.2, max_output_tokens=7, instructions="Sing.")
    assert asked.changes == {
        "speaks": False,
        "voice": "echo",
        "temperature": 1.2,
        "max_output_tokens": 7,
        "instructions": "Sing.",
    }


def test_a_response_has_two_names_for_its_limit() -> None:
    assert response(max_response_output_tokens="inf").changes == {"max_output_tokens": None}
    assert response(max_output_tokens="inf").changes == {"max_output_tokens": None}
    command = read(type="response.create", response={"max_output_tokens": 1, "max_response_output_tokens": 2})
    assert isinstance(command, Refuse)


def test_azures_own_fields_of_a_response_are_honoured() -> None:
    hello = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hi"}]}
    item = MessageItem(id="", role="user", parts=(Text(text="Hi"),))
    assert response(commit=True, cancel_previous=True) == CreateResponse(cancel_previous=True)
    assert response(commit=False) == CreateResponse(in_conversation=False)
    assert response(append_input_items=[hello]) == CreateResponse(append=(item,))
    assert response(input_items=[hello]) == CreateResponse(input=(item,))


def test_an_item_that_was_received_can_be_sent_back() -> None:
    told = written(events.ItemRetrieved(item=ASSISTANT))["item"]
    command = read(type="conversation.item.create", item=told)
    assert command == CreateItem(
        item=MessageItem(
            id="item_3", role="assistant", parts=(Text(text="Hello"), Audio(data=b"\0\1\2", transcript="Hello"))
        )
    )
