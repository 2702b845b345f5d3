"""What `dialogue` asks of an engine: eight protocols and the frozen structs that travel through them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeAlias, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from antiphon.audio.pcm import Pcm
from antiphon.vocabulary.logprobs import TokenLogprob
from antiphon.vocabulary.speech import SpeechProbability
from antiphon.vocabulary.tools import Tool, ToolCall, ToolChoice
from antiphon.vocabulary.usage import FinishReason

Json: TypeAlias = Any
"""A JSON value: what `msgspec.json.decode` returns."""


# --- recognition -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognitionOptions:
    """How to recognize, and what to tell of it. What an engine cannot tell, it leaves out."""

    task: Literal["transcribe", "translate"] = "transcribe"
    """A translation is into English, whatever is spoken."""
    temperature: float | None = None
    """None, or 0, lets the engine choose."""
    words: bool = False
    """Whether to tell when each word was said."""
    logprobs: bool = False
    """Whether to tell how likely each token was."""
    languages: tuple[str, ...] = ()
    """ISO 639-1. If there are any, the language is one of these, as far as the engine can be told so."""


PLAIN_RECOGNITION = RecognitionOptions()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognizedWord:
    """A word with the marks around it, and when it was said; words without the space before them belong together."""

    text: str
    start_ms: int
    end_ms: int
    probability: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognitionDetails:
    """How a stretch of speech was recognized, by which its text can be judged."""

    token_ids: Sequence[int] = ()
    """In the engine's own vocabulary."""
    mean_logprob: float
    """Of the tokens; natural logarithm."""
    compression_ratio: float
    """By how much the text can be compressed: text that repeats itself has more than 2.4."""
    temperature: float
    """At which it was sampled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognizedSpeech:
    """A stretch of speech as text, yielded in order of time."""

    text: str
    language: str
    """ISO 639-1, as recognized (or as asked for)."""
    language_is_certain: bool = True
    """Whether the language will stay the same if the utterance goes on."""
    start_ms: int
    end_ms: int
    no_speech_probability: float
    words: Sequence[RecognizedWord] = ()
    """If they were asked for."""
    logprobs: Sequence[TokenLogprob] = ()
    """If they were asked for."""
    details: RecognitionDetails | None = None


class Recognizer(Protocol):
    def recognize(
        self,
        utterance: Pcm,
        *,
        language: str | None = None,
        expected_language: str | None = None,
        prompt: str = "",
        options: RecognitionOptions = PLAIN_RECOGNITION,
    ) -> AsyncGenerator[RecognizedSpeech]:
        """Yield the utterance's text.

        `language` (ISO 639-1) skips detection; if the language is hard to tell, `expected_language` is assumed.
        `prompt` names words to expect.
        """
        ...


@runtime_checkable
class WordAligner(Protocol):
    """What a recognizer may be as well."""

    async def align(self, audio: Pcm, text: str, *, language: str) -> Sequence[RecognizedWord]:
        """When each word of `text` is said in `audio`, which says nothing else; none for over half a minute."""
        ...


# --- the language model ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of a conversation as the language model reads it."""

    role: Literal["system", "user", "assistant", "tool"]
    text: str
    tool_calls: Sequence[ToolCall] = ()
    """Only with role "assistant"."""
    tool_call_id: str | None = None
    """Only with role "tool": the call that this message answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonSchema:
    """The answer must be JSON that fits `schema`."""

    schema: Mapping[str, Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """How to draw tokens; the fields are OpenAI's. None leaves the engine's default."""

    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    stop: Sequence[str] = ()
    seed: int | None = None
    frequency_penalty: float = 0.0
    presence_penalty: float = 0.0
    logit_bias: Mapping[int, float] | None = None
    top_logprobs: int | None = None
    """How many alternatives to report for each token; 0 reports the chosen token alone, None reports nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerOptions:
    """How to answer, whatever the conversation."""

    sampling: Sampling = field(default_factory=Sampling)
    tools: Sequence[Tool] = ()
    tool_choice: ToolChoice = "auto"
    parallel_tool_calls: bool = True
    response_format: Literal["text", "json_object"] | JsonSchema = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt(AnswerOptions):
    """Everything that one generation depends on."""

    messages: Sequence[Message]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextDelta:
    text: str
    logprobs: Sequence[TokenLogprob] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCallDelta:
    """A piece of a tool call. The first piece of each `index` carries `id` and `name`; arguments follow in order."""

    index: int
    arguments: str = ""
    id: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCallEnded:
    """The arguments of the tool call `index` are complete. A call that was cut short never gets this event."""

    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationFinished:
    """The last item a generation yields, unless it was cancelled or failed."""

    finish_reason: FinishReason
    prompt_tokens: int
    cached_tokens: int
    """How many of `prompt_tokens` were reused from an earlier generation."""
    completion_tokens: int
    prompt_audio_tokens: int | None = None
    """How many of `prompt_tokens` are audio; None if the engine does not tell them apart."""
    completion_audio_tokens: int | None = None
    """How many of `completion_tokens` are audio; None likewise."""


Generated: TypeAlias = TextDelta | ToolCallDelta | ToolCallEnded | GenerationFinished


class LanguageModel(Protocol):
    def generate(self, prompt: Prompt) -> AsyncGenerator[Generated]:
        """Yield the answer piece by piece, then `GenerationFinished`.

        Raises `ContextLengthExceeded` if the prompt does not fit, `UnusableResponseFormat` and `UnusableToolParameters`
        if a schema cannot be met, all before the first piece.
        """
        ...

    async def prefill(self, prompt: Prompt) -> None:
        """Read a prompt, so that one with the same beginning is answered sooner."""
        ...


# --- synthesis -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Sounds:
    """How a stretch of a clause is said, in the International Phonetic Alphabet."""

    start: int
    end: int
    """Of the stretch, in characters of the text."""
    ipa: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """The unit of synthesis: words to say, already in the form to be pronounced (no digits, markup or symbols)."""

    text: str
    language: str
    """ISO 639-1."""
    voice: str
    """One of OpenAI's voice names: alloy, echo, …"""
    speed: float = 1.0
    """1.0 is the voice's own pace; 0.25–4.0."""
    opens_reply: bool = False
    """True for a reply's first clause, which a faster voice of the same timbre may speak."""
    sounds: tuple[Sounds, ...] = ()
    """In order; an engine that knows no phonemes reads the text instead."""


class Synthesizer(Protocol):
    @property
    def sample_rate(self) -> int:
        """Hz of everything that `synthesize` yields."""
        ...

    @property
    def voices(self) -> frozenset[str]:
        """The voice names that can be requested."""
        ...

    @property
    def languages(self) -> frozenset[str]:
        """The languages (ISO 639-1) that can be spoken, each under every voice name."""
        ...

    def synthesize(self, clause: Clause) -> AsyncGenerator[Pcm]:
        """Yield the clause as audio. A clause with nothing to say yields nothing."""
        ...


# --- models that hear and speak --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioMessage:
    """One message of a conversation as an audio model hears it."""

    role: Literal["system", "user", "assistant", "tool"]
    parts: Sequence[str | Pcm] = ()
    """Text and recordings, in the order they were sent."""
    tool_calls: Sequence[ToolCall] = ()
    """Only with role "assistant"."""
    tool_call_id: str | None = None
    """Only with role "tool": the call that this message answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioPrompt(AnswerOptions):
    """Everything that one answer of an audio model depends on."""

    messages: Sequence[AudioMessage]
    voice: str | None = None
    """One of OpenAI's voice names; None asks for an answer in text."""
    speed: float = 1.0
    """1.0 is the voice's own pace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptDelta:
    """A piece of what is being said, in words."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioDelta:
    """A stretch of what is being said, at the model's sample rate."""

    audio: Pcm


Conversed: TypeAlias = Generated | TranscriptDelta | AudioDelta


class AudioModel(Protocol):
    """Hears, thinks and speaks by itself."""

    @property
    def sample_rate(self) -> int:
        """Hz of every `AudioDelta`."""
        ...

    @property
    def voices(self) -> frozenset[str]:
        """The voice names that can be requested."""
        ...

    def converse(self, prompt: AudioPrompt) -> AsyncGenerator[Conversed]:
        """Yield the answer piece by piece, then `GenerationFinished`. A spoken one has `TranscriptDelta`s and
        `AudioDelta`s, a written one `TextDelta`s.

        Raises `ContextLengthExceeded` and `NotSupportedByEngine`, both before the first piece.
        """
        ...


# --- turn taking -----------------------------------------------------------------------------------------------------


class VoiceActivityDetector(Protocol):
    def detect(self, audio: Pcm) -> AsyncGenerator[SpeechProbability]:
        """Yield a probability for each frame of a whole recording."""
        ...

    def listen(self) -> Listener:
        """Listen to a stream of audio that is still in progress."""
        ...


class Listener(Protocol):
    """Follows one stream of audio, with a state of its own."""

    @property
    def worthwhile_ms(self) -> int:
        """How much audio is worth passing in at a time: more than one frame if nobody has spoken for a while."""
        ...

    async def hear(self, audio: Pcm) -> Sequence[SpeechProbability]:
        """Take the next audio; return the frames that are now complete. Calls must not overlap.

        `end_ms` counts from the stream's beginning. Raises `ServerBusy`.
        """
        ...


class NoiseReducer(Protocol):
    def quiet(self, listener: Listener, *, strength: float) -> Listener:
        """A listener that hears less noise: as little as possible with a `strength` of 1, all of it with 0."""
        ...


class SpeakerEncoder(Protocol):
    """Tells voices apart, whatever they say."""

    @property
    def stretch_ms(self) -> int:
        """How much speech it hears at a time."""
        ...

    async def embed(self, audio: Pcm, starts_ms: Sequence[int]) -> NDArray[np.float32]:
        """The voice in the stretches of `audio` that begin at these moments, as vectors of length one: shape (moments,
        dimensions). The more alike two are (cosine), the likelier it is the same person who speaks."""
        ...


class EndOfTurnDetector(Protocol):
    async def judge(self, utterance: Pcm) -> float:
        """How likely the speaker is to have finished, 0 to 1, judging by the sound of the utterance's last seconds."""
        ...
