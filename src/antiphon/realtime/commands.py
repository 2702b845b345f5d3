"""What a session wants done by the shell around it, which runs the engines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from antiphon.realtime.configuration import AudioFormat, Configuration, InputTranscription
from antiphon.realtime.events import ServerEvent
from antiphon.realtime.items import Item
from antiphon.vocabulary.usage import Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectSpeech:
    """Look for speech in what follows on the audio before; answered by `SpeechProbability`s."""

    audio: bytes
    format: AudioFormat


@dataclass(frozen=True, slots=True, kw_only=True)
class RestartDetection:
    """Forget the audio before: what `DetectSpeech` sends next begins `at_ms` after the session's first sample."""

    at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeEndOfTurn:
    """Tell whether the speaker has finished."""

    generation: int
    audio: bytes
    format: AudioFormat


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcribe:
    """Answered by `Transcribed` or `TranscriptionFailed`."""

    item_id: str
    audio: bytes
    format: AudioFormat
    transcription: InputTranscription


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefill:
    """The user listens, or speaks: use the time to prefill the language model with what the reply will rest on."""

    configuration: Configuration
    conversation: Sequence[Item]


@dataclass(frozen=True, slots=True, kw_only=True)
class StartReply:
    """Begin a reply; answered by `ReplyResult`s of this generation."""

    generation: int
    configuration: Configuration
    conversation: Sequence[Item]
    is_speculative: bool = False
    """It may well be thrown away: nothing of it counts yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelReply:
    """Stop every engine that works on it, at once."""

    generation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseAudio:
    """Let go of what these items hold of audio: it is not needed any more."""

    item_ids: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountUsage:
    """Count a response that is done against the deployment's limits; answered by `RatesChanged`."""

    generation: int
    usage: Usage | None
    """None where its reply did not come to its end: what it has used until then counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """End the connection once everything before has been sent."""

    reason: str


Command: TypeAlias = (
    DetectSpeech
    | RestartDetection
    | JudgeEndOfTurn
    | Transcribe
    | Prefill
    | StartReply
    | CancelReply
    | ReleaseAudio
    | CountUsage
    | Close
)

Output: TypeAlias = ServerEvent | Command
"""Whatever comes out of a session, in order."""
