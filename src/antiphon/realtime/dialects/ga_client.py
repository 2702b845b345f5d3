"""What a client of the GA dialect may send."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from antiphon.realtime.configuration import AudioFormat, InputTranscription, ResponseChanges, SessionChanges
from antiphon.realtime.dialects.client_configuration import (
    SPEED,
    ClientResponseFields,
    ClientTranscription,
    ClientTurnDetection,
    check_kind,
    check_model,
    read_conversation,
    read_input_changes,
    read_max_output_tokens,
    read_metadata,
    read_voice,
)
from antiphon.realtime.dialects.client_events import SHARED_EVENTS
from antiphon.realtime.dialects.client_items import ClientItem, read_input
from antiphon.realtime.dialects.reading import ClientEvent, ClientEventReader, Surroundings
from antiphon.realtime.dialects.refusals import check_absent, check_range, invalid_value
from antiphon.realtime.inputs import ClientCommand, CreateResponse, UpdateSession

_FORMATS = {
    "audio/pcm": AudioFormat.PCM16,
    "audio/pcmu": AudioFormat.G711_ULAW,
    "audio/pcma": AudioFormat.G711_ALAW,
}


class GaAudioFormat(msgspec.Struct, forbid_unknown_fields=True):
    type: Literal["audio/pcm", "audio/pcmu", "audio/pcma"]
    rate: int | None = None

    def format(self, param: str) -> AudioFormat:
        known = _FORMATS[self.type]
        if self.rate not in (None, known.sample_rate):
            raise invalid_value(
                f"{param}.rate", f"Invalid '{param}.rate': the rate of {self.type} is {known.sample_rate}."
            )
        return known


class GaTranscription(ClientTranscription):
    keywords: Any = None
    languages: Any = None
    delay: Any = None

    def transcription(self, param: str) -> InputTranscription:
        for name in ("keywords", "languages", "delay"):
            check_absent(f"{param}.{name}", getattr(self, name))
        return super().transcription(param)


class GaInput(msgspec.Struct, forbid_unknown_fields=True):
    """Absent fields, and null where it means nothing, leave them as they are."""

    format: GaAudioFormat | None = None
    transcription: GaTranscription | UnsetType | None = UNSET
    turn_detection: ClientTurnDetection | UnsetType | None = UNSET
    noise_reduction: Any = None

    def changes(self, param: str) -> SessionChanges:
        check_absent(f"{param}.noise_reduction", self.noise_reduction)
        return read_input_changes(
            None if self.format is None else self.format.format(f"{param}.format"),
            self.transcription,
            self.turn_detection,
            transcription_param=f"{param}.transcription",
            turn_detection_param=f"{param}.turn_detection",
        )


class GaVoice(msgspec.Struct, forbid_unknown_fields=True):
    """A custom voice, by its id."""

    id: str


class GaOutput(msgspec.Struct, forbid_unknown_fields=True):
    format: GaAudioFormat | None = None
    voice: str | GaVoice | None = None

    def changes(self, param: str, around: Surroundings) -> ResponseChanges:
        changes = ResponseChanges()
        if self.format is not None:
            changes["output_format"] = self.format.format(f"{param}.format")
        if isinstance(self.voice, GaVoice):
            changes["voice"] = read_voice(self.voice.id, f"{param}.voice.id", around.voices)
        elif self.voice is not None:
            changes["voice"] = read_voice(self.voice, f"{param}.voice", around.voices)
        return changes


class GaSessionOutput(GaOutput):
    speed: float | None = None

    def session_changes(self, param: str, around: Surroundings) -> SessionChanges:
        changes: SessionChanges = {**self.changes(param, around)}
        if self.speed is not None:
            check_range(f"{param}.speed", self.speed, *SPEED)
            changes["speed"] = self.speed
        return changes


class GaSessionAudio(msgspec.Struct, forbid_unknown_fields=True):
    input: GaInput | None = None
    output: GaSessionOutput | None = None


class GaTranscriptionAudio(msgspec.Struct, forbid_unknown_fields=True):
    input: GaInput | None = None


class GaResponseAudio(msgspec.Struct, forbid_unknown_fields=True):
    output: GaOutput | None = None


class GaResponseFields(ClientResponseFields, kw_only=True):
    """What a session and a response may set. Null leaves a field as it is."""

    output_modalities: list[Literal["text", "audio"]] | None = None
    max_output_tokens: int | Literal["inf"] | None = None
    parallel_tool_calls: bool | None = None
    prompt: Any = None
    reasoning: Any = None

    def changes(self, param: str) -> ResponseChanges:
        check_absent(f"{param}.parallel_tool_calls", None if self.parallel_tool_calls else self.parallel_tool_calls)
        check_absent(f"{param}.prompt", self.prompt)
        check_absent(f"{param}.reasoning", self.reasoning)
        changes = self.shared_changes(param)
        if self.output_modalities is not None:
            changes["speaks"] = _read_modalities(self.output_modalities, f"{param}.output_modalities")
        if self.max_output_tokens is not None:
            changes["max_output_tokens"] = read_max_output_tokens(self.max_output_tokens, f"{param}.max_output_tokens")
        return changes


class GaSession(GaResponseFields, tag_field="type", tag="realtime", kw_only=True):
    model: str | None = None
    audio: GaSessionAudio | None = None
    include: list[str] | None = None
    tracing: Literal["auto"] | dict[str, Any] | None = None
    truncation: Literal["auto", "disabled"] | dict[str, Any] | None = None

    def session_changes(self, param: str, around: Surroundings) -> SessionChanges:
        check_kind(update=False, session=around.identity.transcribes_only, param=f"{param}.type")
        check_model(self.model, around.identity.model, f"{param}.model")
        check_absent(f"{param}.include", self.include or None)
        if self.tracing != "auto":
            check_absent(f"{param}.tracing", self.tracing)
        if isinstance(self.truncation, dict):
            check_absent(f"{param}.truncation", self.truncation)
        changes: SessionChanges = {**self.changes(param)}
        if self.truncation is not None:
            changes["drops_oldest"] = self.truncation == "auto"
        if self.audio is not None and self.audio.input is not None:
            changes |= self.audio.input.changes(f"{param}.audio.input")
        if self.audio is not None and self.audio.output is not None:
            changes |= self.audio.output.session_changes(f"{param}.audio.output", around)
        return changes


class GaTranscriptionSession(
    msgspec.Struct, tag_field="type", tag="transcription", forbid_unknown_fields=True, kw_only=True
):
    audio: GaTranscriptionAudio | None = None
    include: list[str] | None = None

    def session_changes(self, param: str, around: Surroundings) -> SessionChanges:
        check_kind(update=True, session=around.identity.transcribes_only, param=f"{param}.type")
        check_absent(f"{param}.include", self.include or None)
        if self.audio is None or self.audio.input is None:
            return SessionChanges()
        return self.audio.input.changes(f"{param}.audio.input")


class GaResponse(GaResponseFields, kw_only=True):
    audio: GaResponseAudio | None = None
    conversation: str | None = None
    metadata: dict[str, str] | None = None
    input: list[ClientItem] | None = None

    def response_changes(self, param: str, around: Surroundings) -> ResponseChanges:
        changes = self.changes(param)
        if self.audio is not None and self.audio.output is not None:
            changes |= self.audio.output.changes(f"{param}.audio.output", around)
        if self.metadata is not None:
            changes["metadata"] = read_metadata(self.metadata, f"{param}.metadata")
        return changes


class UpdateGaSession(ClientEvent, tag="session.update"):
    session: GaSession | GaTranscriptionSession

    def command(self, around: Surroundings) -> ClientCommand:
        return UpdateSession(event_id=self.event_id, changes=self.session.session_changes("session", around))


class CreateGaResponse(ClientEvent, tag="response.create"):
    response: GaResponse | None = None

    def command(self, around: Surroundings) -> ClientCommand:
        sent = self.response or GaResponse()
        return CreateResponse(
            event_id=self.event_id,
            changes=sent.response_changes("response", around),
            in_conversation=read_conversation(sent.conversation, "response.conversation"),
            input=None if sent.input is None else read_input(sent.input, "response.input", around.new_id),
        )


GA_EVENTS = ClientEventReader((UpdateGaSession, CreateGaResponse, *SHARED_EVENTS))


def _read_modalities(sent: list[Literal["text", "audio"]], param: str) -> bool:
    """Whether responses are spoken."""
    if sent not in (["audio"], ["text"]):
        raise invalid_value(
            param, f"Invalid modalities: {sent[:4]}. Supported combinations are: ['text'] and ['audio']."
        )
    return sent == ["audio"]
