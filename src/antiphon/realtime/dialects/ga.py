"""The GA dialect, as spoken by OpenAI's `/v1/realtime` and Azure's `/openai/v1/realtime`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from antiphon.realtime import events
from antiphon.realtime.configuration import AudioFormat, Configuration, RetentionRatio, ServerVad, Truncation
from antiphon.realtime.dialects.dialect import JsonDialect
from antiphon.realtime.dialects.ga_client import GA_EVENTS
from antiphon.realtime.dialects.server_configuration import (
    write_tool_choice,
    write_tools,
    write_transcription,
    write_turn_detection,
)
from antiphon.realtime.dialects.server_events import SHARED_NAMES, Body, max_output_tokens
from antiphon.realtime.dialects.server_items import AssistantContent

_FORMATS: Mapping[AudioFormat, Body] = {
    AudioFormat.PCM16: {"type": "audio/pcm", "rate": 24_000},
    AudioFormat.G711_ULAW: {"type": "audio/pcmu"},
    AudioFormat.G711_ALAW: {"type": "audio/pcma"},
}


class Ga(JsonDialect):
    reader = GA_EVENTS
    names: Mapping[type[Any], str] = {
        **SHARED_NAMES,
        events.IdleTimeout: "input_audio_buffer.timeout_triggered",
        events.ItemAdded: "conversation.item.added",
        events.ItemDone: "conversation.item.done",
        events.TextDelta: "response.output_text.delta",
        events.TextDone: "response.output_text.done",
        events.TranscriptDelta: "response.output_audio_transcript.delta",
        events.TranscriptDone: "response.output_audio_transcript.done",
        events.AudioDelta: "response.output_audio.delta",
        events.AudioDone: "response.output_audio.done",
    }
    content = AssistantContent("output_text", "output_audio")

    def session(self, configuration: Configuration) -> Body:
        if configuration.transcribes_only:
            return {
                **self._identified("transcription", "realtime.transcription_session"),
                "audio": {"input": _input(configuration)},
                "include": configuration.include,
            }
        return {
            **self._identified("realtime", "realtime.session"),
            "model": self._identity.model,
            "output_modalities": _modalities(configuration),
            "instructions": configuration.instructions,
            "tools": write_tools(configuration.tools),
            "tool_choice": write_tool_choice(configuration.tool_choice),
            "max_output_tokens": max_output_tokens(configuration),
            "parallel_tool_calls": configuration.parallel_tool_calls,
            "reasoning": configuration.reasoning,
            "tracing": configuration.tracing,
            "truncation": _truncation(configuration.truncation),
            "prompt": configuration.prompt,
            "audio": {
                "input": _input(configuration),
                "output": _output(configuration) | {"speed": configuration.speed},
            },
            "include": configuration.include,
        }

    def response_options(self, configuration: Configuration) -> Body:
        return {
            "output_modalities": _modalities(configuration),
            "audio": {"output": _output(configuration)},
        }

    def _identified(self, session_type: str, kind: str) -> Body:
        return {
            "type": session_type,
            "object": kind,
            "id": self._identity.id,
            "expires_at": self._identity.expires_at,
        }


def _modalities(configuration: Configuration) -> list[str]:
    return ["audio"] if configuration.speaks else ["text"]


def _truncation(truncation: Truncation) -> str | Body:
    if not isinstance(truncation, RetentionRatio):
        return truncation
    ratio: Body = {"type": "retention_ratio", "retention_ratio": truncation.retention_ratio}
    if truncation.post_instructions is not None:
        ratio["token_limits"] = {"post_instructions": truncation.post_instructions}
    return ratio


def _input(configuration: Configuration) -> Body:
    detection = write_turn_detection(configuration)
    if isinstance(configuration.turn_detection, ServerVad) and detection and not configuration.transcribes_only:
        detection["idle_timeout_ms"] = configuration.turn_detection.idle_timeout_ms
    return {
        "format": _FORMATS[configuration.input_format],
        "transcription": write_transcription(configuration.transcription),
        "noise_reduction": configuration.noise_reduction,
        "turn_detection": detection,
    }


def _output(configuration: Configuration) -> Body:
    return {"format": _FORMATS[configuration.output_format], "voice": configuration.voice}
