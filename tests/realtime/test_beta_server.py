"""What a client of the beta dialect is told: the openai package's beta types, and the specification's examples."""

from __future__ import annotations

import json
from typing import Any

import pytest
from openai.types.beta.realtime import (
    RealtimeServerEvent,
)

from antiphon.realtime import events
from antiphon.realtime.configuration import Configuration
from antiphon.realtime.events import ServerEvent
from antiphon.realtime.inputs import (
    AppendAudio,
)
from antiphon.vocabulary.usage import Usage

from .dialect_shapes import ASSISTANT, EVERY_EVENT, NAMED, PLAIN, differences, event_models
from .dialects import BETA, LISTENING_BETA, read, written

MODELS = event_models(RealtimeServerEvent)
DELTA = events.TranscriptionDelta(item_id="item_1", content_index=0, delta="Hi")
NOT_IN_THE_PACKAGE = {
    ".session.object: unknown",
    ".session.expires_at: unknown",
    ".session.client_secret: unknown",
    ".name: unknown",  # Of the function whose arguments are done: Azure's first client cannot do without.
}
"""What the service sends although the package's type has it not."""


@pytest.mark.parametrize("event", EVERY_EVENT, ids=lambda event: type(event).__name__)
def test_every_event_is_one_of_the_openai_package(event: ServerEvent) -> None:
    frame = BETA.write(event)
    if frame is None:
        assert isinstance(event, events.ItemDone | events.IdleTimeout | events.TranscriptionDelta)
        return
    told = json.loads(frame)
    assert told["event_id"] == "event_1"
    assert set(differences(told, MODELS[told["type"]])) <= NOT_IN_THE_PACKAGE
    MODELS[told["type"]].model_validate(told)


def test_every_event_that_the_openai_package_knows_is_written_but_few() -> None:
    types = {written(BETA, event)["type"] for event in EVERY_EVENT if BETA.write(event) is not None}
    listening = Configuration(model="whisper-1", transcribes_only=True)
    types.add(written(BETA, events.SessionUpdated(configuration=listening))["type"])
    types.add(written(LISTENING_BETA, DELTA)["type"])
    assert set(MODELS) - types == {
        "conversation.created",  # Neither Azure nor any client depends on it.
        "output_audio_buffer.started",
        "output_audio_buffer.stopped",
    }


def test_pieces_of_a_transcript_are_for_those_who_only_transcribe() -> None:
    assert BETA.write(DELTA) is None
    assert written(LISTENING_BETA, DELTA)["delta"] == "Hi"


def test_a_session_is_written_as_the_service_does() -> None:
    configuration = Configuration(model="gpt-4o-realtime-preview", instructions="Be kind.")
    assert written(BETA, events.SessionCreated(configuration=configuration)) == {
        "type": "session.created",
        "event_id": "event_1",
        "session": {
            "id": "sess_1",
            "object": "realtime.session",
            "model": "gpt-4o-realtime-preview",
            "expires_at": 1734626723,
            "modalities": ["audio", "text"],
            "instructions": "Be kind.",
            "voice": "alloy",
            "turn_detection": {
                "type": "server_vad",
                "threshold": 0.5,
                "prefix_padding_ms": 300,
                "silence_duration_ms": 200,
                "create_response": True,
                "interrupt_response": True,
            },
            "input_audio_format": "pcm16",
            "output_audio_format": "pcm16",
            "input_audio_transcription": None,
            "input_audio_noise_reduction": None,
            "tool_choice": "auto",
            "temperature": 0.8,
            "max_response_output_tokens": "inf",
            "tools": [],
            "speed": 1.0,
            "tracing": None,
            "client_secret": None,
        },
    }


def test_a_session_without_turn_detection_and_with_a_named_function_says_so() -> None:
    session = written(BETA, events.SessionUpdated(configuration=NAMED))["session"]
    assert session["turn_detection"] is None
    assert session["tool_choice"] == {"type": "function", "name": "look_up"}


@pytest.mark.parametrize(("event", "name"), [(events.SessionCreated, "created"), (events.SessionUpdated, "updated")])
def test_a_transcription_session_has_a_shape_and_names_of_its_own(event: Any, name: str) -> None:
    told = written(LISTENING_BETA, event(configuration=Configuration(model="whisper-1", transcribes_only=True)))
    assert told["type"] == f"transcription_session.{name}"
    assert told["session"]["object"] == "realtime.transcription_session"
    model = MODELS["transcription_session.updated"]
    assert set(differences(told | {"type": "transcription_session.updated"}, model)) == {
        ".session.id: unknown",
        ".session.object: unknown",
        ".session.expires_at: unknown",
        ".session.include: unknown",
        ".session.input_audio_noise_reduction: unknown",
        ".session.client_secret: Input should be a valid dictionary or instance of ClientSecret",
    }


def test_events_of_items_carry_no_audio_unless_it_was_asked_for() -> None:
    added = written(BETA, events.ItemAdded(item=ASSISTANT, previous_item_id=None))["item"]
    retrieved = written(BETA, events.ItemRetrieved(item=ASSISTANT))["item"]
    assert added["content"] == [{"type": "text", "text": "Hello"}, {"type": "audio", "transcript": "Hello"}]
    assert retrieved["content"][1] == {"type": "audio", "transcript": "Hello", "audio": "AAEC"}


def test_audio_is_base64_in_a_delta() -> None:
    delta = events.AudioDelta(response_id="r", item_id='i"', output_index=0, content_index=0, audio=bytes(range(256)))
    told = written(BETA, delta)
    assert told == {
        "type": "response.audio.delta",
        "event_id": "event_1",
        "response_id": "r",
        "item_id": 'i"',
        "output_index": 0,
        "content_index": 0,
        "delta": told["delta"],
    }
    assert read(BETA, type="input_audio_buffer.append", audio=told["delta"]) == AppendAudio(audio=bytes(range(256)))


def test_usage_adds_up() -> None:
    usage = Usage(input_text_tokens=1, input_audio_tokens=2, output_text_tokens=4, output_audio_tokens=8)
    done = events.ResponseDone(response=events.Response(id="r", configuration=PLAIN, usage=usage))
    assert written(BETA, done)["response"]["usage"] == {
        "total_tokens": 15,
        "input_tokens": 3,
        "output_tokens": 12,
        "input_token_details": {"text_tokens": 1, "audio_tokens": 2, "cached_tokens": 0},
        "output_token_details": {"text_tokens": 4, "audio_tokens": 8},
    }


def test_whoever_is_told_that_a_call_is_whole_is_told_of_which_function() -> None:
    done = events.ArgumentsDone(
        response_id="r", item_id="i", output_index=0, call_id="c", name="look_up", arguments="{}"
    )
    assert written(BETA, done)["name"] == "look_up"
