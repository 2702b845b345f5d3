"""Server events: those that both dialects write alike, and what a dialect adds to write the others.

Most neutral events use the wire's own field names and are written unchanged.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import pybase64

from antiphon.realtime import events
from antiphon.realtime.configuration import Configuration
from antiphon.realtime.dialects.server_items import AssistantContent, write_item, write_part
from antiphon.realtime.dialects.session_identity import SessionIdentity
from antiphon.realtime.events import ServerEvent
from antiphon.vocabulary.logprobs import logprobs_json
from antiphon.vocabulary.usage import Usage

SHARED_NAMES: Mapping[type[Any], str] = {
    events.SessionCreated: "session.created",
    events.SessionUpdated: "session.updated",
    events.ErrorReported: "error",
    events.SpeechStarted: "input_audio_buffer.speech_started",
    events.SpeechStopped: "input_audio_buffer.speech_stopped",
    events.AudioCommitted: "input_audio_buffer.committed",
    events.AudioCleared: "input_audio_buffer.cleared",
    events.ItemRetrieved: "conversation.item.retrieved",
    events.ItemTruncated: "conversation.item.truncated",
    events.ItemDeleted: "conversation.item.deleted",
    events.TranscriptionDelta: "conversation.item.input_audio_transcription.delta",
    events.TranscriptionCompleted: "conversation.item.input_audio_transcription.completed",
    events.TranscriptionRefused: "conversation.item.input_audio_transcription.failed",
    events.ResponseCreated: "response.created",
    events.ResponseDone: "response.done",
    events.OutputItemAdded: "response.output_item.added",
    events.OutputItemDone: "response.output_item.done",
    events.PartAdded: "response.content_part.added",
    events.PartDone: "response.content_part.done",
    events.ArgumentsDelta: "response.function_call_arguments.delta",
    events.ArgumentsDone: "response.function_call_arguments.done",
    events.RateLimitsUpdated: "rate_limits.updated",
    events.OutputAudioCleared: "output_audio_buffer.cleared",
    events.OutputAudioStarted: "output_audio_buffer.started",
    events.OutputAudioStopped: "output_audio_buffer.stopped",
}

Body = dict[str, Any]


class ServerEventWriter(ABC):
    """Writes the events of one connection. A dialect supplies their names and the form of its objects."""

    names: Mapping[type[Any], str]
    """The names of the events that the dialect has."""
    content: AssistantContent
    """The dialect's names for the content of an assistant's message."""

    def __init__(self, identity: SessionIdentity, new_id: Callable[[str], str]) -> None:
        self._identity = identity
        self._new_id = new_id

    def write(self, event: ServerEvent) -> bytes | None:
        """One JSON text frame in UTF-8; None where the dialect has no such event."""
        name = self.name(event)
        if name is None:
            return None
        head = {"type": name, "event_id": self._new_id("event")}
        if isinstance(event, events.AudioDelta):
            return _audio_delta(head, event)
        return msgspec.json.encode(head | self.body(event))

    def name(self, event: ServerEvent) -> str | None:
        return self.names.get(type(event))

    @abstractmethod
    def session(self, configuration: Configuration) -> Body:
        """The session object."""

    @abstractmethod
    def response_options(self, configuration: Configuration) -> Body:
        """The response object's fields on how the response is generated."""

    def body(self, event: ServerEvent) -> Body:
        """An event without its type and id."""
        match event:
            case events.SessionCreated() | events.SessionUpdated():
                return {"session": self.session(event.configuration)}
            case events.ErrorReported():
                return {"error": _error(event.error) | {"event_id": event.client_event_id}}
            case events.ItemAdded() | events.ItemDone():
                return {
                    "previous_item_id": event.previous_item_id,
                    "item": write_item(event.item, self.content),
                }
            case events.ItemRetrieved():
                return {"item": write_item(event.item, self.content, with_audio=True)}
            case events.TranscriptionDelta():
                delta = {"item_id": event.item_id, "content_index": event.content_index, "delta": event.delta}
                return delta | _logprobs(event)
            case events.TranscriptionCompleted():
                return {
                    "item_id": event.item_id,
                    "content_index": event.content_index,
                    "transcript": event.transcript,
                    **_logprobs(event),
                    "usage": {"type": "duration", "seconds": event.seconds},
                }
            case events.TranscriptionRefused():
                return {
                    "item_id": event.item_id,
                    "content_index": event.content_index,
                    "error": _error(event.error),
                }
            case events.ResponseCreated() | events.ResponseDone():
                return {"response": self._response(event.response)}
            case events.OutputItemAdded() | events.OutputItemDone():
                return {
                    "response_id": event.response_id,
                    "output_index": event.output_index,
                    "item": write_item(event.item, self.content),
                }
            case events.PartAdded() | events.PartDone():
                return _place(event) | {"part": write_part(event.part)}
            case events.RateLimitsUpdated():
                return {"rate_limits": event.limits}
            case _:
                return msgspec.to_builtins(event)

    def _response(self, response: events.Response) -> Body:
        return {
            "object": "realtime.response",
            "id": response.id,
            "status": response.status,
            "status_details": response.details and _status_details(response.details),
            "output": [write_item(item, self.content) for item in response.output],
            "conversation_id": response.conversation_id,
            **self.response_options(response.configuration),
            "max_output_tokens": max_output_tokens(response.configuration),
            "usage": response.usage and _usage(response.usage),
            "metadata": response.configuration.metadata,
        }


def max_output_tokens(configuration: Configuration) -> int | str:
    return "inf" if configuration.max_output_tokens is None else configuration.max_output_tokens


def _audio_delta(head: Body, event: events.AudioDelta) -> bytes:
    """Base64 needs no escaping, so the audio is copied into the frame without another pass over it."""
    opened = msgspec.json.encode(head | _place(event))[:-1]
    return b"".join((opened, b',"delta":"', pybase64.b64encode(event.audio), b'"}'))


def _logprobs(event: events.TranscriptionDelta | events.TranscriptionCompleted) -> Body:
    return {} if event.logprobs is None else {"logprobs": logprobs_json(event.logprobs)}


def _place(event: events.PartAdded | events.PartDone | events.AudioDelta) -> Body:
    return {
        "response_id": event.response_id,
        "item_id": event.item_id,
        "output_index": event.output_index,
        "content_index": event.content_index,
    }


def _error(error: events.Error) -> Body:
    return {"type": error.type, "code": error.code, "message": error.message, "param": error.param}


def _status_details(details: events.StatusDetails) -> Body:
    written: Body = {"type": details.type}
    if details.reason is not None:
        written["reason"] = details.reason
    if details.error is not None:
        error = details.error
        written["error"] = {"type": error.type, "code": error.code, "message": error.message}
    return written


def _usage(usage: Usage) -> Body:
    return {
        "total_tokens": usage.total_tokens,
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        "input_token_details": {
            "text_tokens": usage.input_text_tokens,
            "audio_tokens": usage.input_audio_tokens,
            "cached_tokens": usage.cached_tokens,
        },
        "output_token_details": {
            "text_tokens": usage.output_text_tokens,
            "audio_tokens": usage.output_audio_tokens,
        },
    }
