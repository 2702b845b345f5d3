"""What a session takes: what its client asks, what engines found, what is left of limits, and the time.

What an interruption may still drop has a type of its own: a `ReplyResult` of a reply that was cancelled is ignored,
whatever it says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from antiphon.realtime.configuration import ResponseChanges, SessionChanges
from antiphon.realtime.events import Error, RateLimit
from antiphon.realtime.items import Item, ItemReference
from antiphon.vocabulary.speech import SpeechProbability
from antiphon.vocabulary.usage import FinishReason, Usage

# --- what a client asks ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _ClientCommand:
    event_id: str | None = None
    """The client's own id of its event; errors repeat it."""


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
    """With an id of "" where the client chose none."""
    previous_item_id: str | None = None
    """None appends; "root" goes first."""


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
    """False: out of band. It sees the conversation (or `input` alone) and leaves no trace in it."""
    input: Sequence[Item | ItemReference] | None = None
    """Instead of the conversation."""
    append: Sequence[Item] = ()
    """Items to append to the conversation first."""
    cancel_previous: bool = False
    """Cancel the active response rather than refuse a second one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelResponse(_ClientCommand):
    response_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearOutputAudio(_ClientCommand):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse(_ClientCommand):
    """What a client sent makes no sense; the dialect found out."""

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


# --- what engines found ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class EndOfTurnJudged:
    """How likely the speaker has finished, 0 to 1: the answer to `JudgeEndOfTurn`."""

    generation: int
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcribed:
    item_id: str
    transcript: str
    seconds: float
    """Of audio that was recognized."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptionFailed:
    item_id: str
    error: Error


@dataclass(frozen=True, slots=True, kw_only=True)
class _ReplyResult:
    generation: int
    """Of the `StartReply` that this answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyHeard(_ReplyResult):
    """What the user said last, as the reply understands it; "" where no words could be made out."""

    transcript: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyText(_ReplyResult):
    """A piece of a reply that is text alone."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyTranscript(_ReplyResult):
    """A piece of the transcript; the audio that says it follows."""

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
    """The arguments of the function call that is being made are complete."""


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
"""Of what its client is shown."""
ReplyResult: TypeAlias = ReplyHeard | ReplyPiece
EngineResult: TypeAlias = SpeechProbability | EndOfTurnJudged | Transcribed | TranscriptionFailed | ReplyResult


@dataclass(frozen=True, slots=True, kw_only=True)
class RatesChanged:
    """What is left of the deployment's limits: the answer to `CountUsage`."""

    limits: Sequence[RateLimit]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientLeft:
    """The connection is gone: whatever is being said breaks off here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimePassed:
    """Milliseconds since the session began; sent a few times a second."""

    now_ms: int


Input: TypeAlias = ClientCommand | EngineResult | RatesChanged | ClientLeft | TimePassed
