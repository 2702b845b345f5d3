"""The inputs of a session: client commands, engine results, remaining rate limits, and the time.

Whatever an interruption may still discard has a type of its own: any `ReplyResult` of a cancelled reply is ignored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from antiphon.realtime.configuration import ResponseChanges, SessionChanges
from antiphon.realtime.events import Error, RateLimit
from antiphon.realtime.items import Item, ItemReference
from antiphon.vocabulary.logprobs import TokenLogprob
from antiphon.vocabulary.speech import SpeechProbability
from antiphon.vocabulary.usage import FinishReason, Usage

# --- client commands -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _ClientCommand:
    event_id: str | None = None
    """The client's own id for its event; errors repeat it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateSession(_ClientCommand):
    changes: SessionChanges


@dataclass(frozen=True, slots=True, kw_only=True)
class AppendAudio(_ClientCommand):
    audio: bytes
    """In the session's input format."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitAudio(_ClientCommand):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearAudio(_ClientCommand):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateItem(_ClientCommand):
    item: Item
    """Its id is "" if the client chose none."""
    previous_item_id: str | None = None
    """None appends; "root" inserts at the beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrieveItem(_ClientCommand):
    item_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TruncateItem(_ClientCommand):
    item_id: str
    content_index: int
    audio_end_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteItem(_ClientCommand):
    item_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateResponse(_ClientCommand):
    changes: ResponseChanges = field(default_factory=ResponseChanges)
    in_conversation: bool = True
    """False means out of band: it sees the conversation (or only `input`) and leaves no trace in it."""
    input: Sequence[Item | ItemReference] | None = None
    """Replaces the conversation."""
    append: Sequence[Item] = ()
    """Items to append to the conversation first."""
    cancel_previous: bool = False
    """Cancel the active response rather than refuse a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelResponse(_ClientCommand):
    response_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearOutputAudio(_ClientCommand):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse(_ClientCommand):
    """The dialect found that what a client sent makes no sense."""

    error: Error


ClientCommand: TypeAlias = (
    UpdateSession
    | AppendAudio
    | CommitAudio
    | ClearAudio
    | CreateItem
    | RetrieveItem
    | TruncateItem
    | DeleteItem
    | CreateResponse
    | CancelResponse
    | ClearOutputAudio
    | Refuse
)


# --- engine results --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsHeard:
    """The answer to `HearWords`: "" if there are no words, None if that could not be told."""

    generation: int
    transcript: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndOfTurnJudged:
    """How likely the speaker is to have finished, 0 to 1: the answer to `JudgeEndOfTurn`."""

    generation: int
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcribed:
    item_id: str
    transcript: str
    seconds: float
    """The length of the recognized audio."""
    logprobs: Sequence[TokenLogprob] = ()
    """If they were asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptionFailed:
    item_id: str
    error: Error


@dataclass(frozen=True, slots=True, kw_only=True)
class _ReplyResult:
    generation: int
    """The generation of the `StartReply` that this answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyHeard(_ReplyResult):
    """What the user said last, as the reply understood it; "" if no words could be made out."""

    transcript: str
    logprobs: Sequence[TokenLogprob] = ()
    """If they were asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyText(_ReplyResult):
    """A piece of a text-only reply."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyTranscript(_ReplyResult):
    """A piece of the transcript; its audio follows."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyAudio(_ReplyResult):
    """A stretch of audio, in the reply's output format."""

    audio: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyToolCall(_ReplyResult):
    """A piece of a function call. The first of each `index` carries the name."""

    index: int
    name: str | None = None
    arguments: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyToolCallEnded(_ReplyResult):
    """The arguments of the function call in progress are complete."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyFinished(_ReplyResult):
    reason: FinishReason
    usage: Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyFailed(_ReplyResult):
    error: Error


ReplyPiece: TypeAlias = (
    ReplyText | ReplyTranscript | ReplyAudio | ReplyToolCall | ReplyToolCallEnded | ReplyFinished | ReplyFailed
)
"""Results that the client is shown."""
ReplyResult: TypeAlias = ReplyHeard | ReplyPiece


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextFilled:
    """The conversation did not fit the model, with so many tokens after the instructions."""

    tokens: int


EngineResult: TypeAlias = (
    SpeechProbability | EndOfTurnJudged | WordsHeard | Transcribed | TranscriptionFailed | ReplyResult | ContextFilled
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RatesChanged:
    """The remaining rate limits of the deployment: the answer to `CountUsage`."""

    limits: Sequence[RateLimit]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientLeft:
    """The connection is gone: anything being said breaks off here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimePassed:
    """Milliseconds since the session began; sent a few times a second."""

    now_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerStops:
    """The session has so many milliseconds left to come to an end."""

    within_ms: int


Input: TypeAlias = ClientCommand | EngineResult | RatesChanged | ClientLeft | TimePassed | ServerStops
