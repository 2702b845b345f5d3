"""The vocabulary of a reply: the conversation that goes in, the events that come out, and who answers."""

from __future__ import annotations

import math
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Literal, Protocol, TypeAlias

from antiphon.audio.pcm import Pcm
from antiphon.engines.interfaces import AnswerOptions, Sampling, ToolCallDelta, ToolCallEnded
from antiphon.vocabulary.logprobs import TokenLogprob
from antiphon.vocabulary.tools import ToolCall
from antiphon.vocabulary.usage import FinishReason, Usage


def audio_tokens(seconds: float, tokens_a_second: int) -> int:
    """The tokens that so much audio counts as; any fraction counts as one."""
    return math.ceil(round(seconds * tokens_a_second, 6))


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """Something spoken, as a part of a turn."""

    audio: Pcm
    source: str | None = None
    """Its place in the request, for error messages: messages[0].content[1].input_audio."""
    language: str | None = None
    """ISO 639-1, if known beforehand; None detects it."""
    expected_language: str | None = None
    """The language to assume if it is hard to tell, such as the one spoken before."""
    languages: tuple[str, ...] = ()
    """The only languages to choose from where it is detected; any, if there are none."""
    prompt: str = ""
    """Words to expect."""
    logprobs: bool = False
    """Whether to tell how likely each token of its words was."""
    is_live: bool = False
    """Just spoken in a voice conversation: only its words matter, and it is not an error if it contains no speech."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One message of a conversation; `parts` are in the order they were sent."""

    role: Literal["system", "user", "assistant", "tool"]
    parts: Sequence[str | Speech] = ()
    tool_calls: Sequence[ToolCall] = ()
    """Only with role "assistant"."""
    tool_call_id: str | None = None
    """Only with role "tool"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """How a reply is spoken: an OpenAI voice name, and 1.0 for its own pace."""

    name: str
    speed: float = 1.0


class Stage(Enum):
    """The stages before a reply's first clause is ready."""

    HEARD = "heard"
    """What the user said is known."""
    FIRST_TOKEN = "first_token"  # noqa: S105 - a token of text.
    """The language model has read everything and begins to write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyRequest(AnswerOptions):
    """Everything that one reply depends on: data alone, which could be sent to another machine.

    A `voice` of None requests only text.
    """

    conversation: Sequence[Turn]
    voice: Voice | None = None

    @property
    def last_speech(self) -> Sequence[Speech]:
        """What was spoken in the last turn; empty if it was written."""
        return [part for turn in self.conversation[-1:] for part in turn.parts if isinstance(part, Speech)]


def limited(sampling: Sampling, max_reply_tokens: int | None) -> Sampling:
    """The same for a reply that may not be longer than `max_reply_tokens`, if given."""
    limits = [limit for limit in (max_reply_tokens, sampling.max_tokens) if limit is not None]
    return replace(sampling, max_tokens=min(limits, default=None))


@dataclass(frozen=True, slots=True, kw_only=True)
class StageReached:
    """The reply has got this far."""

    stage: Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class LastHeard:
    """What was heard in the last turn, if it was spoken."""

    text: str
    """"" if no words could be made out."""
    language: str | None
    """ISO 639-1; None if there are no words."""
    logprobs: Sequence[TokenLogprob] = ()
    """If they were asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextWritten:
    """A piece of a text-only reply."""

    text: str
    logprobs: Sequence[TokenLogprob] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptSpoken:
    """A piece of the transcript; its audio follows."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioSpoken:
    """A stretch of the reply's audio, at the responder's sample rate; it belongs to the transcript before it."""

    audio: Pcm


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyFinished:
    """The last event of a reply, unless it was cancelled or failed."""

    finish_reason: FinishReason
    usage: Usage


Progress: TypeAlias = StageReached | LastHeard
"""How a reply is getting on. Nothing of it is part of the reply, which may still fail or begin anew."""

ReplyPiece: TypeAlias = TextWritten | TranscriptSpoken | AudioSpoken | ToolCallDelta | ToolCallEnded | ReplyFinished
"""A piece of the reply itself, or its end."""

ReplyEvent: TypeAlias = Progress | ReplyPiece


class Responder(Protocol):
    """Answers a conversation. A model that hears and speaks natively can replace the whole chain here."""

    @property
    def sample_rate(self) -> int:
        """Hz of every `AudioSpoken`."""
        ...

    @property
    def voices(self) -> frozenset[str]:
        """The voice names that can be requested."""
        ...

    async def prefill(self, request: ReplyRequest) -> None:
        """Do what can be done for a reply before the last turn is complete; cancelled once it is."""
        ...

    def respond(self, request: ReplyRequest) -> AsyncGenerator[ReplyEvent]:
        """Yield the reply as it is made, then `ReplyFinished`. Closing the generator stops the work at once."""
        ...
