"""The beta dialect, as spoken by OpenAI's and Azure's preview versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from antiphon.realtime import events
from antiphon.realtime.configuration import Configuration
from antiphon.realtime.dialects.beta_client import BETA_EVENTS
from antiphon.realtime.dialects.dialect import JsonDialect
from antiphon.realtime.dialects.server_configuration import (
    write_tool_choice,
    write_tools,
    write_transcription,
    write_turn_detection,
)
from antiphon.realtime.dialects.server_events import SHARED_NAMES, Body, max_output_tokens
from antiphon.realtime.dialects.server_items import AssistantContent
from antiphon.realtime.events import ServerEvent


class Beta(JsonDialect):
    reader = BETA_EVENTS
    names: Mapping[type[Any], str] = {
        **SHARED_NAMES,
        events.ItemAdded: "conversation.item.created",
        events.TextDelta: "response.text.delta",
        events.TextDone: "response.text.done",
        events.TranscriptDelta: "response.audio_transcript.delta",
        events.TranscriptDone: "response.audio_transcript.done",
        events.AudioDelta: "response.audio.delta",
        events.AudioDone: "response.audio.done",
    }
    content = AssistantContent("text", "audio")

    def name(self, event: ServerEvent) -> str | None:
        if isinstance(event, events.TranscriptionDelta) and not self._identity.transcribes_only:
            return None  # A late addition: Azure's rt-client hangs up on unknown events.
        name = super().name(event)
        is_session = isinstance(event, events.SessionCreated | events.SessionUpdated)
        return f"transcription_{name}" if is_session and event.configuration.transcribes_only else name

    def session(self, configuration: Configuration) -> Body:
        input_fields: Body = {
            "modalities": _modalities(configuration),
            "input_audio_format": configuration.input_format,
            "input_audio_transcription": write_transcription(configuration.transcription),
            "input_audio_noise_reduction": configuration.noise_reduction,
            "turn_detection": write_turn_detection(configuration),
            "client_secret": None,
        }
        if configuration.transcribes_only:
            return (
                self._identified("realtime.transcription_session") | input_fields | {"include": configuration.include}
            )
        return {
            **self._identified("realtime.session"),
            "model": self._identity.model,
            **input_fields,
            "instructions": configuration.instructions,
            "voice": configuration.voice,
            "speed": configuration.speed,
            "output_audio_format": configuration.output_format,
            "tools": write_tools(configuration.tools),
            "tool_choice": write_tool_choice(configuration.tool_choice),
            "temperature": configuration.temperature,
            "max_response_output_tokens": max_output_tokens(configuration),
            "tracing": configuration.tracing,
        }

    def response_options(self, configuration: Configuration) -> Body:
        return {
            "modalities": _modalities(configuration),
            "voice": configuration.voice,
            "output_audio_format": configuration.output_format,
            "temperature": configuration.temperature,
        }

    def _identified(self, kind: str) -> Body:
        return {"id": self._identity.id, "object": kind, "expires_at": self._identity.expires_at}


def _modalities(configuration: Configuration) -> list[str]:
    return ["audio", "text"] if configuration.speaks else ["text"]
