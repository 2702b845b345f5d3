"""What a client of the beta dialect may send: the openai package's beta types, and Azure's own fields."""

from __future__ import annotations

import json
from typing import Any

import pytest

from antiphon.realtime import events
from antiphon.realtime.configuration import AudioFormat, InputTranscription, SemanticVad, ServerVad
from antiphon.realtime.inputs import (
    CreateItem,
    CreateResponse,
    Refuse,
    UpdateSession,
)
from antiphon.realtime.items import Audio, MessageItem, Text
from antiphon.vocabulary.tools import NamedTool, Tool

from .dialect_shapes import ASSISTANT
from .dialects import BETA, LISTENING_BETA, changes, read, refusal, written


def response(**fields: Any) -> CreateResponse:
    command = read(BETA, type="response.create", response=fields)
    assert isinstance(command, CreateResponse), command
    return command


def test_only_what_is_sent_is_changed() -> None:
    assert changes(BETA) == {}
    assert changes(BETA, instructions="") == {"instructions": ""}
    assert changes(BETA, voice=None, temperature=None, tools=None, modalities=None) == {}


def test_every_field_of_a_session_can_be_changed() -> None:
    assert changes(
        BETA,
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
    assert changes(BETA, turn_detection=None) == {"turn_detection": None}
    assert changes(BETA, turn_detection={"type": "none"}) == {"turn_detection": None}
    assert changes(BETA, input_audio_transcription=None) == {"transcription": None}


def test_what_is_left_out_of_turn_detection_has_its_default() -> None:
    assert changes(BETA, turn_detection={"type": "server_vad", "threshold": 1, "create_response": False}) == {
        "turn_detection": ServerVad(threshold=1.0, create_response=False)
    }


def test_a_limit_of_inf_is_none() -> None:
    assert changes(BETA, max_response_output_tokens="inf") == {"max_output_tokens": None}


def test_azures_first_clients_write_formats_with_hyphens() -> None:
    assert changes(BETA, input_audio_format="g711-ulaw") == {"input_format": AudioFormat.G711_ULAW}


@pytest.mark.parametrize(
    ("modalities", "speaks"), [(["text"], False), (["audio", "text"], True), (["text", "audio"], True)]
)
def test_modalities_come_in_any_order(modalities: list[str], speaks: bool) -> None:
    assert changes(BETA, modalities=modalities) == {"speaks": speaks}


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
    error = refusal(BETA, type="session.update", session=session, event_id="e1")
    assert error.code == code
    assert param is None or error.param == param


def test_an_unknown_voice_is_refused_with_those_that_there_are() -> None:
    assert refusal(BETA, type="session.update", session={"voice": "nobody"}, event_id="e1").message == (
        "Invalid value: 'nobody'. Supported values are: 'alloy', 'echo', and 'verse'."
    )


def test_a_transcription_session_is_updated() -> None:
    session = {"input_audio_format": "g711_alaw", "input_audio_transcription": {"model": "whisper-1"}, "include": []}
    command = LISTENING_BETA.read(json.dumps({"type": "transcription_session.update", "session": session}))
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
    command = read(BETA, type="response.create", response={"max_output_tokens": 1, "max_response_output_tokens": 2})
    assert isinstance(command, Refuse)


def test_azures_own_fields_of_a_response_are_honoured() -> None:
    hello = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hi"}]}
    item = MessageItem(id="", role="user", parts=(Text(text="Hi"),))
    assert response(commit=True, cancel_previous=True) == CreateResponse(cancel_previous=True)
    assert response(commit=False) == CreateResponse(in_conversation=False)
    assert response(append_input_items=[hello]) == CreateResponse(append=(item,))
    assert response(input_items=[hello]) == CreateResponse(input=(item,))


def test_an_item_that_was_received_can_be_sent_back() -> None:
    told = written(BETA, events.ItemRetrieved(item=ASSISTANT))["item"]
    command = read(BETA, type="conversation.item.create", item=told)
    assert command == CreateItem(
        item=MessageItem(
            id="item_3", role="assistant", parts=(Text(text="Hello"), Audio(data=b"\0\1\2", transcript="Hello"))
        )
    )
