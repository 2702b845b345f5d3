"""No value in any field of a client's event makes a session fail: it is taken, or refused as the client's fault."""

from __future__ import annotations

import json
from typing import Any

import pytest

from antiphon.realtime.dialects.beta import Beta
from antiphon.realtime.dialects.ga import Ga
from antiphon.realtime.events import ServerEvent
from antiphon.realtime.inputs import AppendAudio, Refuse

from ..hostile_json import hostile_variants
from .dialect_shapes import IDENTITY, VOICES
from .driving import Driver

TOOLS = [{"type": "function", "name": "f", "description": "F.", "parameters": {"type": "object", "properties": {}}}]
ITEM = {"type": "message", "id": "i", "role": "user", "content": [{"type": "input_text", "text": "Hello."}]}
SPOKEN = {"type": "message", "role": "user", "content": [{"type": "input_audio", "audio": "AAAA", "transcript": "a"}]}
CALL = {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"}
SHARED: list[dict[str, Any]] = [
    {"type": "conversation.item.create", "event_id": "e", "previous_item_id": "root", "item": ITEM},
    {"type": "conversation.item.create", "item": SPOKEN},
    {"type": "conversation.item.create", "item": CALL},
    {"type": "conversation.item.create", "item": {"type": "function_call_output", "call_id": "c", "output": "x"}},
    {"type": "conversation.item.retrieve", "item_id": "kept"},
    {"type": "conversation.item.truncate", "item_id": "kept", "content_index": 0, "audio_end_ms": 5},
    {"type": "conversation.item.delete", "item_id": "i"},
    {"type": "input_audio_buffer.append", "audio": "AAAA"},
    {"type": "input_audio_buffer.commit", "event_id": "e"},
    {"type": "response.cancel", "response_id": "r"},
]
BETA: list[dict[str, Any]] = [
    {
        "type": "session.update",
        "session": {
            "modalities": ["text", "audio"],
            "instructions": "Be brief.",
            "voice": "echo",
            "speed": 1.5,
            "input_audio_format": "g711_ulaw",
            "input_audio_transcription": {"model": "whisper-1", "language": "de", "prompt": "Namen"},
            "turn_detection": {
                "type": "server_vad",
                "threshold": 0.5,
                "prefix_padding_ms": 3,
                "silence_duration_ms": 9,
            },
            "tools": TOOLS,
            "tool_choice": {"type": "function", "name": "f"},
            "temperature": 0.7,
            "max_response_output_tokens": "inf",
            "tracing": {"workflow_name": "w", "metadata": {"a": "b"}},
        },
    },
    {
        "type": "response.create",
        "response": {
            "metadata": {"a": "b"},
            "input": [{"type": "item_reference", "id": "kept"}, ITEM],
            "conversation": "none",
            "append_input_items": [ITEM],
            "max_output_tokens": 5,
        },
    },
]
GA: list[dict[str, Any]] = [
    {
        "type": "session.update",
        "session": {
            "type": "realtime",
            "output_modalities": ["audio"],
            "tools": [*TOOLS, {"type": "mcp", "server_label": "x", "allowed_tools": ["a"], "headers": {"a": "b"}}],
            "tool_choice": {"type": "mcp", "server_label": "x"},
            "max_output_tokens": 5,
            "reasoning": {"effort": "low"},
            "prompt": {"id": "p", "version": "1", "variables": {"a": "b", "c": {"type": "input_text", "text": "x"}}},
            "truncation": {"type": "retention_ratio", "retention_ratio": 0.5, "token_limits": {"post_instructions": 5}},
            "tracing": {"workflow_name": "w", "metadata": {"a": "b"}},
            "audio": {
                "input": {
                    "format": {"type": "audio/pcm", "rate": 24000},
                    "transcription": {"model": "whisper-1", "language": "fr", "keywords": ["Zoë"], "delay": "low"},
                    "noise_reduction": {"type": "far_field", "strength": 2},
                    "turn_detection": {"type": "server_vad", "idle_timeout_ms": 6000, "silence_duration_ms": 400},
                },
                "output": {"format": {"type": "audio/pcmu"}, "voice": {"id": "verse"}, "speed": 0.25},
            },
        },
    },
    {
        "type": "response.create",
        "response": {
            "metadata": {"a": "b"},
            "input": [{"type": "item_reference", "id": "kept"}, SPOKEN, CALL],
            "conversation": "none",
            "tools": TOOLS,
            "audio": {"output": {"voice": "alloy"}},
        },
    },
]


@pytest.mark.parametrize("event", [*SHARED, *BETA], ids=lambda event: event["type"])
def test_no_value_of_an_event_of_beta_makes_a_session_fail(event: dict[str, Any]) -> None:
    _try_all(Beta(IDENTITY, lambda prefix: f"{prefix}_1", VOICES), event)


@pytest.mark.parametrize("event", [*SHARED, *GA], ids=lambda event: event["type"])
def test_no_value_of_an_event_of_ga_makes_a_session_fail(event: dict[str, Any]) -> None:
    _try_all(Ga(IDENTITY, lambda prefix: f"{prefix}_1", VOICES), event)


def _try_all(dialect: Beta | Ga, event: dict[str, Any]) -> None:
    kept = {"type": "message", "id": "kept", "role": "user", "content": [{"type": "input_text", "text": "x"}]}
    for label, frame in hostile_variants(event):
        driver = Driver()
        driver.send(dialect.read(json.dumps({"type": "conversation.item.create", "item": kept})))
        try:
            for output in driver.send(dialect.read(frame)):
                if isinstance(output, ServerEvent) and (written := dialect.write(output)):
                    json.loads(written)
        except Exception as error:
            raise AssertionError(label) from error


@pytest.mark.parametrize("dialect", [Beta, Ga])
@pytest.mark.parametrize("values", ["{},", "0,", '"",', '{"a":[]},', "null,"])
def test_an_event_of_too_many_values_is_refused_unparsed(dialect: type[Beta | Ga], values: str) -> None:
    frame = '{"type":"session.update","session":{"tools":[' + values * (4 * 1024 * 1024 // len(values))
    command = dialect(IDENTITY, lambda prefix: f"{prefix}_1", VOICES).read(frame)
    assert isinstance(command, Refuse)
    assert command.error.code == "invalid_json"
    assert "too many values" in command.error.message


@pytest.mark.parametrize("dialect", [Beta, Ga])
def test_a_long_recording_is_no_such_thing(dialect: type[Beta | Ga]) -> None:
    frame = json.dumps({"type": "input_audio_buffer.append", "audio": "AAAA" * (5 * 1024 * 1024)})
    command = dialect(IDENTITY, lambda prefix: f"{prefix}_1", VOICES).read(frame)
    assert isinstance(command, AppendAudio)
    assert len(command.audio) == 15 * 1024 * 1024
