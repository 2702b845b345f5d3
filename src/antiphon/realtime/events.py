"""Server events, independent of either dialect. An event that a session emits has already happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from antiphon.realtime.configuration import Configuration
from antiphon.realtime.items import Item, Part
from antiphon.vocabulary.logprobs import TokenLogprob
from antiphon.vocabulary.usage import Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class Error:
    type: Literal["invalid_request_error", "server_error"] = "invalid_request_error"
    code: str | None = None
    message: str = ""
    param: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusDetails:
    """Why a response is not "completed"."""

    type: Literal["cancelled", "incomplete", "failed"]
    reason: str | None = None
    error: Error | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    id: str
    configuration: Configuration
    status: Literal["in_progress", "completed", "cancelled", "incomplete", "failed"] = "in_progress"
    details: StatusDetails | None = None
    output: Sequence[Item] = ()
    usage: Usage | None = None
    conversation_id: str | None = None
    """None for a response out of band."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionCreated:
    configuration: Configuration


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionUpdated:
    configuration: Configuration


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorReported:
    error: Error
    client_event_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechStarted:
    audio_start_ms: int
    item_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechStopped:
    audio_end_ms: int
    item_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioCommitted:
    previous_item_id: str | None
    item_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioCleared:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class IdleTimeout:
    audio_start_ms: int
    audio_end_ms: int
    item_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAdded:
    """An item entered the conversation, perhaps not yet complete (`conversation.item.created` in beta)."""

    item: Item
    previous_item_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDone:
    """An item of the conversation is complete. Only GA reports it."""

    item: Item
    previous_item_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRetrieved:
    """The item includes its audio."""

    item: Item


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemTruncated:
    item_id: str
    content_index: int
    audio_end_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDeleted:
    item_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptionDelta:
    item_id: str
    content_index: int
    delta: str
    logprobs: Sequence[TokenLogprob] | None = None
    """Of its tokens, if the client asked for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptionCompleted:
    item_id: str
    content_index: int
    transcript: str
    seconds: float
    logprobs: Sequence[TokenLogprob] | None = None
    """Of its tokens, if the client asked for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptionRefused:
    item_id: str
    content_index: int
    error: Error


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseCreated:
    response: Response
    generation: int = 0
    """The generation of the reply that it shows: for measurements, not for the client."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseDone:
    response: Response
    generation: int = 0
    """The generation of its reply: for looking up that reply's usage, not for the client."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputItemAdded:
    response_id: str
    output_index: int
    item: Item


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputItemDone:
    response_id: str
    output_index: int
    item: Item


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfAPart:
    """Locates something within a response."""

    response_id: str
    item_id: str
    output_index: int
    content_index: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PartAdded(_OfAPart):
    part: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class PartDone(_OfAPart):
    part: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class TextDelta(_OfAPart):
    delta: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TextDone(_OfAPart):
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptDelta(_OfAPart):
    delta: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptDone(_OfAPart):
    transcript: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioDelta(_OfAPart):
    audio: bytes
    """In the response's output format."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioDone(_OfAPart):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ArgumentsDelta:
    response_id: str
    item_id: str
    output_index: int
    call_id: str
    delta: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArgumentsDone:
    response_id: str
    item_id: str
    output_index: int
    call_id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimit:
    name: Literal["requests", "tokens"]
    limit: int
    remaining: int
    reset_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimitsUpdated:
    limits: Sequence[RateLimit]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputAudioCleared:
    """Nothing more of the response is played: a client may drop what it has not played yet."""

    response_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputAudioStarted:
    """In a call, the first of the response's audio is being played."""

    response_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputAudioStopped:
    """In a call, all of the response's audio has been played."""

    response_id: str


ServerEvent: TypeAlias = (
    SessionCreated
    | SessionUpdated
    | ErrorReported
    | SpeechStarted
    | SpeechStopped
    | AudioCommitted
    | AudioCleared
    | IdleTimeout
    | ItemAdded
    | ItemDone
    | ItemRetrieved
    | ItemTruncated
    | ItemDeleted
    | TranscriptionDelta
    | TranscriptionCompleted
    | TranscriptionRefused
    | ResponseCreated
    | ResponseDone
    | OutputItemAdded
    | OutputItemDone
    | PartAdded
    | PartDone
    | TextDelta
    | TextDone
    | TranscriptDelta
    | TranscriptDone
    | AudioDelta
    | AudioDone
    | ArgumentsDelta
    | ArgumentsDone
    | RateLimitsUpdated
    | OutputAudioCleared
    | OutputAudioStarted
    | OutputAudioStopped
)
