"""The configuration of a session and each of its responses: the same fields in both dialects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Literal, TypeAlias, TypedDict

from antiphon.vocabulary.tools import Tool, ToolChoice

MAX_OUTPUT_TOKENS = 4096
TRANSCRIPT_LOGPROBS = "item.input_audio_transcription.logprobs"
VAD_SILENCE_MS = 200
"""Azure's default; OpenAI's documentation says 500."""


class AudioFormat(StrEnum):
    """The audio encoding on the wire: 24 kHz 16-bit little-endian samples, or telephony's 8 kHz with 8 bits."""

    PCM16 = "pcm16"
    G711_ULAW = "g711_ulaw"
    G711_ALAW = "g711_alaw"

    @property
    def sample_rate(self) -> int:
        return 24_000 if self is AudioFormat.PCM16 else 8_000

    @property
    def bytes_a_sample(self) -> int:
        return 2 if self is AudioFormat.PCM16 else 1

    @property
    def bytes_a_ms(self) -> int:
        return self.sample_rate * self.bytes_a_sample // 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerVad:
    """A turn ends after a silence."""

    threshold: float = 0.5
    """The probability, 0 to 1, at which speech begins."""
    prefix_padding_ms: int = 300
    """How much audio before the speech belongs to the turn."""
    silence_duration_ms: int = VAD_SILENCE_MS
    create_response: bool = True
    interrupt_response: bool = True
    idle_timeout_ms: int | None = None
    """After this long without speech, the user is asked whether they are still there; None waits for ever."""


Eagerness: TypeAlias = Literal["low", "medium", "high", "auto"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SemanticVad:
    """A turn ends when it sounds finished, or after a longer silence."""

    eagerness: Eagerness = "auto"
    create_response: bool = True
    interrupt_response: bool = True


TurnDetection: TypeAlias = ServerVad | SemanticVad


@dataclass(frozen=True, slots=True, kw_only=True)
class InputTranscription:
    """The user's speech is to be transcribed. `model` is the name the client gave."""

    model: str | None = None
    language: str | None = None
    """ISO 639-1; None detects it."""
    languages: tuple[str, ...] = ()
    """The only ones to choose from where it is detected; any, if there are none."""
    prompt: str = ""
    keywords: tuple[str, ...] = ()
    """Words to expect."""
    more: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Other settings that one dialect accepts; they have no effect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteTools:
    """The tools of an MCP server, as described by the client. Nothing connects to it: the model sees none of them."""

    server: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteTool:
    """Tool choice: a tool of an MCP server must be called. The model has none, so it chooses among its functions."""

    choice: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRatio:
    """A conversation that has become too long goes on with so much of it."""

    retention_ratio: float
    """Of the limit, 0 to 1."""
    post_instructions: int | None = None
    """A limit in tokens, instructions and tools not counted; None leaves only the model's own."""


Truncation: TypeAlias = Literal["auto", "disabled"] | RetentionRatio
"""What becomes of a conversation that is too long for its model: "auto" drops its oldest turns, and "disabled" lets its
responses fail."""
Tracing: TypeAlias = Literal["auto"] | Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """All settings of a session; a response may override those in `ResponseChanges`.

    A `Mapping` is a wire object that was checked and is kept as sent.
    """

    model: str
    transcribes_only: bool = False
    """A transcription session: speech becomes text and gets no answer."""
    instructions: str = ""
    speaks: bool = True
    """Responses are audio with a transcript; otherwise text."""
    voice: str = "alloy"
    speed: float = 1.0
    """The speed of the voice, 0.25 to 1.5."""
    input_format: AudioFormat = AudioFormat.PCM16
    output_format: AudioFormat = AudioFormat.PCM16
    transcription: InputTranscription | None = None
    turn_detection: TurnDetection | None = field(default_factory=ServerVad)
    """None means that the client commits each turn and requests each response."""
    tools: Sequence[Tool | RemoteTools] = ()
    tool_choice: ToolChoice | RemoteTool = "auto"
    parallel_tool_calls: bool = True
    """Whether a response may call several functions."""
    temperature: float = 0.8
    max_output_tokens: int | None = None
    """None means as many as the model can produce ("inf" on the wire)."""
    truncation: Truncation = "auto"
    include: Sequence[str] | None = None
    """What events tell besides the usual: `TRANSCRIPT_LOGPROBS`, or nothing."""
    metadata: Mapping[str, str] | None = None
    """Only for responses."""

    noise_reduction: Mapping[str, Any] | None = None

    # Settings without effect, echoed to the client that set them:
    tracing: Tracing | None = None
    prompt: Mapping[str, Any] | None = None
    reasoning: Mapping[str, Any] | None = None

    @property
    def noise_reduced(self) -> float:
        """How much of the noise is taken out of the user's audio before speech is looked for, 0 to 1."""
        return 0.0 if self.noise_reduction is None else min(1.0, self.noise_reduction.get("strength", 1.0))

    @property
    def tells_logprobs(self) -> bool:
        """Whether transcripts of what the user says come with the log-probabilities of their tokens."""
        return TRANSCRIPT_LOGPROBS in (self.include or ())

    @property
    def functions(self) -> Sequence[Tool]:
        return [tool for tool in self.tools if isinstance(tool, Tool)]

    def updated(self, changes: SessionChanges) -> Configuration:
        """The configuration with a client's changes. Omitted parts of noise reduction stay unchanged."""
        noise_reduction = changes.get("noise_reduction")
        if noise_reduction is not None:
            changes = {**changes, "noise_reduction": {**(self.noise_reduction or {}), **noise_reduction}}
        return replace(self, **changes)


class ResponseChanges(TypedDict, total=False):
    """The settings that one response may override."""

    instructions: str
    speaks: bool
    voice: str
    output_format: AudioFormat
    tools: Sequence[Tool | RemoteTools]
    tool_choice: ToolChoice | RemoteTool
    parallel_tool_calls: bool
    temperature: float
    max_output_tokens: int | None
    metadata: Mapping[str, str] | None
    prompt: Mapping[str, Any] | None
    reasoning: Mapping[str, Any] | None


class SessionChanges(ResponseChanges, total=False):
    """Fields of a `Configuration` that a client sets; omitted ones stay unchanged."""

    truncation: Truncation
    speed: float
    input_format: AudioFormat
    transcription: InputTranscription | None
    turn_detection: TurnDetection | None
    noise_reduction: Mapping[str, Any] | None
    tracing: Tracing | None
    include: Sequence[str] | None
