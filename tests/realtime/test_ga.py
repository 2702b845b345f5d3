"""The GA dialect: the openai package's types, and the specification's examples."""

from __future__ import annotations

import json
from typing import Any

import pytest
from openai.types.realtime import (
    RealtimeServerEvent,
    ResponseCreateEventWithReferencesParam,
)
from openai.types.realtime.realtime_session_create_response import RealtimeSessionCreateResponse
from openai.types.realtime.realtime_transcription_session_create_response import (
    RealtimeTranscriptionSessionCreateResponse,
)
from pydantic import TypeAdapter

from antiphon.realtime import events
from antiphon.realtime.configuration import AudioFormat, Configuration, InputTranscription, ServerVad
from antiphon.realtime.events import ServerEvent
from antiphon.realtime.inputs import (
    CreateResponse,
    Refuse,
    UpdateSession,
)
from antiphon.realtime.items import ItemReference
from antiphon.vocabulary.tools import NamedTool, Tool

from .dialect_shapes import ASSISTANT, EVERY_EVENT, NAMED, PLAIN, differences, event_models
from .dialects import GA, LISTENING_GA, changes, read, refusal, written

MODELS = event_models(RealtimeServerEvent)
# --- what the client is told -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("event", EVERY_EVENT, ids=lambda event: type(event).__name__)
def test_every_event_is_one_of_the_openai_package(event: ServerEvent) -> None:
    told = written(GA, event)
    assert told["event_id"] == "event_1"
    MODELS[told["type"]].model_validate(told)
    if isinstance(event, events.SessionCreated | events.SessionUpdated):
        # The package's type of the event's session is that of a request, which has less than a session.
        assert differences(told["session"], RealtimeSessionCreateResponse) == [".parallel_tool_calls: unknown"]
        del told["session"]
        assert differences(told, MODELS[told["type"]]) == [".session: missing"]
    else:
        assert differences(told, MODELS[told["type"]]) == []


def test_every_event_that_the_openai_package_knows_is_written_but_few() -> None:
    types = {written(GA, event)["type"] for event in EVERY_EVENT}
    missing = {name for name in set(MODELS) - types if "mcp" not in name}
    assert missing == {
        "conversation.created",
        "conversation.item.created",
        "conversation.item.input_audio_transcription.segment",
        "input_audio_buffer.dtmf_event_received",
        "output_audio_buffer.started",
        "output_audio_buffer.stopped",
    }


def test_a_session_is_written_as_the_service_does() -> None:
    configuration = Configuration(model="gpt-4o-realtime-preview", instructions="Be kind.")
    assert written(GA, events.SessionCreated(configuration=configuration)) == {
        "type": "session.created",
        "event_id": "event_1",
        "session": {
            "type": "realtime",
            "object": "realtime.session",
            "id": "sess_1",
            "model": "gpt-4o-realtime-preview",
            "output_modalities": ["audio"],
            "instructions": "Be kind.",
            "tools": [],
            "tool_choice": "auto",
            "max_output_tokens": "inf",
            "parallel_tool_calls": True,
            "reasoning": None,
            "tracing": None,
            "truncation": "auto",
            "prompt": None,
            "expires_at": 1734626723,
            "audio": {
                "input": {
                    "format": {"type": "audio/pcm", "rate": 24000},
                    "transcription": None,
                    "noise_reduction": None,
                    "turn_detection": {
                        "type": "server_vad",
                        "threshold": 0.5,
                        "prefix_padding_ms": 300,
                        "silence_duration_ms": 200,
                        "idle_timeout_ms": None,
                        "create_response": True,
                        "interrupt_response": True,
                    },
                },
                "output": {"format": {"type": "audio/pcm", "rate": 24000}, "voice": "alloy", "speed": 1.0},
            },
            "include": None,
        },
    }


def test_a_session_without_turn_detection_and_with_a_named_function_says_so() -> None:
    session = written(GA, events.SessionUpdated(configuration=NAMED))["session"]
    assert session["audio"]["input"]["turn_detection"] is None
    assert session["tool_choice"] == {"type": "function", "name": "look_up"}


def test_a_transcription_session_has_a_type_of_its_own() -> None:
    configuration = Configuration(
        model="whisper-1", transcribes_only=True, transcription=InputTranscription(model="whisper-1")
    )
    told = written(LISTENING_GA, events.SessionCreated(configuration=configuration))
    assert (told["type"], told["session"]["type"]) == ("session.created", "transcription")
    assert differences(told["session"], RealtimeTranscriptionSessionCreateResponse) == []


def test_a_response_is_written_as_the_service_does() -> None:
    created = events.ResponseCreated(response=events.Response(id="r", configuration=PLAIN, conversation_id="c"))
    assert written(GA, created)["response"] == {
        "object": "realtime.response",
        "id": "r",
        "status": "in_progress",
        "status_details": None,
        "output": [],
        "conversation_id": "c",
        "output_modalities": ["audio"],
        "max_output_tokens": "inf",
        "audio": {"output": {"format": {"type": "audio/pcm", "rate": 24000}, "voice": "alloy"}},
        "usage": None,
        "metadata": None,
    }


def test_content_of_an_assistant_is_output_and_parts_of_a_response_are_not() -> None:
    item = written(GA, events.ItemAdded(item=ASSISTANT, previous_item_id=None))["item"]
    assert [part["type"] for part in item["content"]] == ["output_text", "output_audio"]
    place: dict[str, Any] = {"response_id": "r", "item_id": "i", "output_index": 0}
    assert [written(GA, events.PartDone(**place, part=part))["part"] for part in ASSISTANT.parts] == [
        {"type": "text", "text": "Hello"},
        {"type": "audio", "transcript": "Hello"},
    ]


def test_an_item_that_was_asked_for_has_its_audio() -> None:
    item = written(GA, events.ItemRetrieved(item=ASSISTANT))["item"]
    assert item["content"][1] == {"type": "output_audio", "transcript": "Hello", "audio": "AAEC"}


# --- what the client may send ----------------------------------------------------------------------------------------


def test_only_what_is_sent_is_changed() -> None:
    assert changes(GA, type="realtime") == {}
    assert changes(GA, type="realtime", instructions="", audio={"input": {}, "output": {"voice": None}}) == {
        "instructions": ""
    }
    assert changes(GA, type="realtime", audio={}) == {}


def test_every_field_of_a_session_can_be_changed() -> None:
    assert changes(
        GA,
        type="realtime",
        model="gpt-4o-realtime-preview",
        output_modalities=["text"],
        instructions="Be brief.",
        tools=[{"type": "function", "name": "f", "description": "F.", "parameters": {"type": "object"}}],
        tool_choice={"type": "function", "name": "f"},
        max_output_tokens=1,
        parallel_tool_calls=False,
        reasoning={"effort": "low"},
        tracing="auto",
        truncation="disabled",
        prompt=None,
        include=["item.input_audio_transcription.logprobs"],
        audio={
            "input": {
                "format": {"type": "audio/pcmu"},
                "transcription": {"model": "whisper-1", "language": "fr", "keywords": ["Zoë"], "delay": "low"},
                "noise_reduction": {"type": "far_field", "strength": 2},
                "turn_detection": {"type": "server_vad", "idle_timeout_ms": 6000, "silence_duration_ms": 400},
            },
            "output": {"format": {"type": "audio/pcm", "rate": 24000}, "voice": "verse", "speed": 0.25},
        },
    ) == {
        "truncation": "disabled",
        "parallel_tool_calls": False,
        "reasoning": {"effort": "low"},
        "prompt": None,
        "tracing": "auto",
        "include": ["item.input_audio_transcription.logprobs"],
        "noise_reduction": {"type": "far_field", "strength": 2.0},
        "speaks": False,
        "instructions": "Be brief.",
        "tools": (Tool(name="f", description="F.", parameters={"type": "object"}),),
        "tool_choice": NamedTool(name="f"),
        "max_output_tokens": 1,
        "input_format": AudioFormat.G711_ULAW,
        "transcription": InputTranscription(
            model="whisper-1", language="fr", keywords=("Zoë",), more={"keywords": ["Zoë"], "delay": "low"}
        ),
        "turn_detection": ServerVad(idle_timeout_ms=6000, silence_duration_ms=400),
        "output_format": AudioFormat.PCM16,
        "voice": "verse",
        "speed": 0.25,
    }


def test_turn_detection_and_transcription_are_switched_off_by_null() -> None:
    off = {"turn_detection": None, "transcription": None}
    assert changes(GA, type="realtime", audio={"input": off}) == off
    assert changes(GA, type="realtime", audio={"input": {"turn_detection": {"type": "none"}}}) == {
        "turn_detection": None
    }


def test_a_session_update_must_say_its_type() -> None:
    command = read(GA, type="session.update", session={"instructions": "Hi"}, event_id="e1")
    assert isinstance(command, Refuse)
    assert (command.error.code, command.error.param) == ("missing_required_parameter", "session.type")
    assert command.event_id == "e1"


@pytest.mark.parametrize(
    ("session", "code", "param"),
    [
        ({"type": "other"}, "invalid_value", "session.type"),
        ({"output_modalities": ["text", "audio"]}, "invalid_value", "session.output_modalities"),
        ({"output_modalities": []}, "invalid_value", "session.output_modalities"),
        ({"temperature": 0.8}, "unknown_parameter", "session.temperature"),
        ({"voice": "alloy"}, "unknown_parameter", "session.voice"),
        ({"modalities": ["text"]}, "unknown_parameter", "session.modalities"),
        ({"audio": {"output": {"voice": "nobody"}}}, "invalid_value", "session.audio.output.voice"),
        ({"audio": {"output": {"voice": {"id": "voice_1"}}}}, "invalid_value", "session.audio.output.voice.id"),
        ({"audio": {"output": {"speed": 1.6}}}, "decimal_above_max_value", "session.audio.output.speed"),
        ({"audio": {"output": {"format": {"type": "audio/mp3"}}}}, "invalid_value", "session.audio.output.format.type"),
        (
            {"audio": {"input": {"format": {"type": "audio/pcm", "rate": 16000}}}},
            "invalid_value",
            "session.audio.input.format.rate",
        ),
        (
            {"audio": {"input": {"turn_detection": {"type": "server_vad", "idle_timeout_ms": 4999}}}},
            "integer_below_min_value",
            "session.audio.input.turn_detection.idle_timeout_ms",
        ),
    ],
)
def test_what_a_session_cannot_be_is_refused(session: dict[str, Any], code: str, param: str) -> None:
    error = refusal(GA, type="session.update", session={"type": "realtime"} | session, event_id="e1")
    assert (error.code, error.param) == (code, param)


def test_a_transcription_session_is_updated() -> None:
    session = {"type": "transcription", "audio": {"input": {"transcription": {"model": "whisper-1"}}}}
    command = LISTENING_GA.read(json.dumps({"type": "session.update", "session": session}))
    assert command == UpdateSession(changes={"transcription": InputTranscription(model="whisper-1")})


def test_a_response_may_be_otherwise_than_its_session() -> None:
    event = {
        "type": "response.create",
        "response": {
            "output_modalities": ["audio"],
            "audio": {"output": {"voice": "echo", "format": {"type": "audio/pcma"}}},
            "conversation": "none",
            "max_output_tokens": "inf",
            "metadata": {"topic": "x"},
            "input": [{"type": "item_reference", "id": "i"}],
        },
    }
    TypeAdapter(ResponseCreateEventWithReferencesParam).validate_python(event)
    assert read(GA, **event) == CreateResponse(
        changes={
            "speaks": True,
            "voice": "echo",
            "output_format": AudioFormat.G711_ALAW,
            "max_output_tokens": None,
            "metadata": {"topic": "x"},
        },
        in_conversation=False,
        input=(ItemReference(id="i"),),
    )


@pytest.mark.parametrize("field", ["commit", "cancel_previous", "append_input_items", "temperature", "modalities"])
def test_fields_of_the_beta_dialect_are_unknown(field: str) -> None:
    command = read(GA, type="response.create", response={field: None})
    assert isinstance(command, Refuse)
    assert (command.error.code, command.error.param) == ("unknown_parameter", f"response.{field}")
