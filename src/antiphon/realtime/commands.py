"""What a session asks of the shell around it, which runs the engines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from antiphon.realtime.configuration import AudioFormat, Configuration, InputTranscription
from antiphon.realtime.events import ServerEvent
from antiphon.realtime.items import Item, MessageItem
from antiphon.vocabulary.usage import Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectSpeech:
    """Look for speech in audio that continues what came before; answered by `SpeechProbability`s."""

    audio: bytes
    format: AudioFormat
    noise_reduction: float = 0.0
    """How much of the noise is to be taken out first, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RestartDetection:
    """Forget earlier audio: what `DetectSpeech` sends next begins `at_ms` after the session's first sample."""

    at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeEndOfTurn:
    """Judge whether the speaker has finished."""

    generation: int
    audio: bytes
    format: AudioFormat


@dataclass(frozen=True, slots=True, kw_only=True)
class HearWords:
    """Recognize what is being said during a reply; answered by `WordsHeard`. A later one makes this needless."""

    generation: int
    item: MessageItem
    transcription: InputTranscription | None
    """What the client has told of the user's speech."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcribe:
    """Answered by `Transcribed` or `TranscriptionFailed`."""

    item_id: str
    audio: bytes
    format: AudioFormat
    transcription: InputTranscription
    logprobs: bool = False
    """Whether to tell how likely each token was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefill:
    """While the user listens or speaks, prefill the language model with what the reply will be based on."""

    configuration: Configuration
    conversation: Sequence[Item]


@dataclass(frozen=True, slots=True, kw_only=True)
class StartReply:
    """Begin a reply; answered by `ReplyResult`s of this generation."""

    generation: int
    configuration: Configuration
    conversation: Sequence[Item]
    is_speculative: bool = False
    """The reply may well be discarded, so nothing counts towards usage yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelReply:
    """Stop every engine working on the reply at once."""

    generation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseAudio:
    """Release the audio of these items: it is no longer needed."""

    item_ids: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountUsage:
    """Count a finished response against the deployment's limits; answered by `RatesChanged`."""

    generation: int
    usage: Usage | None
    """None if its reply was cut short: what it had used by then counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """Close the connection once everything before this has been sent."""

    reason: str
    is_resumable: bool = False
    """Whether another session may go on with what this one keeps."""


Command: TypeAlias = (
    DetectSpeech
    | RestartDetection
    | JudgeEndOfTurn
    | HearWords
    | Transcribe
    | Prefill
    | StartReply
    | CancelReply
    | ReleaseAudio
    | CountUsage
    | Close
)

Output: TypeAlias = ServerEvent | Command
"""The outputs of a session, in order."""
