"""What a client of the beta dialect may send."""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from antiphon.parameters.complaints import check_range, invalid_value, unknown
from antiphon.realtime.configuration import AudioFormat, ResponseChanges, SessionChanges
from antiphon.realtime.dialects.client_configuration import (
    SPEED,
    ClientTranscription,
    ClientVoice,
    check_kind,
    read_conversation,
    read_input_changes,
    read_max_output_tokens,
    read_metadata,
    read_response_changes,
    read_voice,
)
from antiphon.realtime.dialects.client_echoes import (
    ClientSecret,
    ClientTracing,
    Include,
    NoiseReduction,
    echo_tracing,
)
from antiphon.realtime.dialects.client_events import SHARED_EVENTS
from antiphon.realtime.dialects.client_items import ClientItem, read_input, read_items
from antiphon.realtime.dialects.client_tools import ClientTool, ClientToolChoice
from antiphon.realtime.dialects.client_turns import ClientServerVad, ClientTurnDetection
from antiphon.realtime.dialects.reading import ClientEvent, ClientEventReader, EventContext
from antiphon.realtime.inputs import ClientCommand, CreateResponse, UpdateSession

TEMPERATURE = (0.6, 1.2)

BetaAudioFormat = Literal["pcm16", "g711_ulaw", "g711_alaw", "g711-ulaw", "g711-alaw"]
"""Azure's first clients use hyphens."""
MaxTokens = int | Literal["inf"]
Modality = Literal["text", "audio"]


class BetaResponseFields(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The fields that both a session and a response may set. Null leaves a field unchanged."""

    instructions: str | None = None
    tools: list[ClientTool] | None = None
    tool_choice: str | ClientToolChoice | None = None
    modalities: list[Modality] | None = None
    voice: str | ClientVoice | None = None
    output_audio_format: BetaAudioFormat | None = None
    temperature: float | None = None
    max_response_output_tokens: MaxTokens | None = None

    def changes(self, param: str, context: EventContext) -> ResponseChanges:
        changes = read_response_changes(self.instructions, self.tools, self.tool_choice, param)
        if self.modalities is not None:
            changes["speaks"] = _read_modalities(self.modalities, f"{param}.modalities")
        if self.voice is not None:
            changes["voice"] = read_voice(self.voice, f"{param}.voice", context.voices)
        if self.output_audio_format is not None:
            changes["output_format"] = _read_format(self.output_audio_format)
        if self.temperature is not None:
            check_range(f"{param}.temperature", self.temperature, *TEMPERATURE)
            changes["temperature"] = self.temperature
        if self.max_response_output_tokens is not None:
            changes["max_output_tokens"] = read_max_output_tokens(
                self.max_response_output_tokens, f"{param}.max_response_output_tokens"
            )
        return changes


class BetaSession(BetaResponseFields, kw_only=True):
    input_audio_format: BetaAudioFormat | None = None
    input_audio_transcription: ClientTranscription | UnsetType | None = UNSET
    turn_detection: ClientTurnDetection | UnsetType | None = UNSET
    input_audio_noise_reduction: NoiseReduction | UnsetType | None = UNSET
    client_secret: ClientSecret | None = None
    model: str | None = None
    """Ignored: the model was chosen when connecting."""
    speed: float | None = None
    tracing: ClientTracing | UnsetType | None = UNSET

    def session_changes(self, param: str, context: EventContext) -> SessionChanges:
        changes: SessionChanges = {**_input_changes(self, param), **self.changes(param, context)}
        if self.tracing is not UNSET:
            changes["tracing"] = echo_tracing(self.tracing, f"{param}.tracing")
        if self.speed is not None:
            check_range(f"{param}.speed", self.speed, *SPEED)
            changes["speed"] = self.speed
        return changes


class BetaTranscriptionSession(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    input_audio_format: BetaAudioFormat | None = None
    input_audio_transcription: ClientTranscription | UnsetType | None = UNSET
    turn_detection: ClientTurnDetection | UnsetType | None = UNSET
    input_audio_noise_reduction: NoiseReduction | UnsetType | None = UNSET
    client_secret: ClientSecret | None = None
    modalities: list[Modality] | None = None
    include: Include | UnsetType | None = UNSET

    def session_changes(self, param: str) -> SessionChanges:
        changes = _input_changes(self, param)
        if self.include is not UNSET:
            changes["include"] = self.include
        if self.modalities is not None:
            changes["speaks"] = _read_modalities(self.modalities, f"{param}.modalities")
        return changes


class BetaResponse(BetaResponseFields, kw_only=True):
    """Includes the fields of Azure's first version: `commit`, `cancel_previous`, `append_input_items`,
    `input_items`."""

    max_output_tokens: MaxTokens | None = None
    conversation: str | None = None
    metadata: dict[str, str] | None = None
    input: list[ClientItem] | None = None
    commit: bool | None = None
    cancel_previous: bool | None = None
    append_input_items: list[ClientItem] | None = None
    input_items: list[ClientItem] | None = None

    def response_changes(self, param: str, context: EventContext) -> ResponseChanges:
        changes = self.changes(param, context)
        if self.max_output_tokens is not None:
            _check_one(param, "max_output_tokens", "max_response_output_tokens", self.max_response_output_tokens)
            changes["max_output_tokens"] = read_max_output_tokens(self.max_output_tokens, f"{param}.max_output_tokens")
        if self.metadata is not None:
            changes["metadata"] = read_metadata(self.metadata, f"{param}.metadata")
        return changes


class UpdateBetaSession(ClientEvent, tag="session.update"):
    session: BetaSession

    def command(self, context: EventContext) -> ClientCommand:
        check_kind(update=False, session=context.identity.transcribes_only, param="type")
        return UpdateSession(event_id=self.event_id, changes=self.session.session_changes("session", context))


class UpdateTranscriptionSession(ClientEvent, tag="transcription_session.update"):
    session: BetaTranscriptionSession

    def command(self, context: EventContext) -> ClientCommand:
        check_kind(update=True, session=context.identity.transcribes_only, param="type")
        return UpdateSession(event_id=self.event_id, changes=self.session.session_changes("session"))


class CreateBetaResponse(ClientEvent, tag="response.create"):
    response: BetaResponse | None = None

    def command(self, context: EventContext) -> ClientCommand:
        sent = self.response or BetaResponse()
        if sent.input_items is not None:
            _check_one("response", "input_items", "input", sent.input)
        name, given = ("input", sent.input) if sent.input_items is None else ("input_items", sent.input_items)
        return CreateResponse(
            event_id=self.event_id,
            changes=sent.response_changes("response", context),
            in_conversation=read_conversation(sent.conversation, "response.conversation") and sent.commit is not False,
            input=None if given is None else read_input(given, f"response.{name}", context.new_id),
            append=read_items(sent.append_input_items or (), "response.append_input_items", context.new_id),
            cancel_previous=sent.cancel_previous or False,
        )


BETA_EVENTS = ClientEventReader((UpdateBetaSession, UpdateTranscriptionSession, CreateBetaResponse, *SHARED_EVENTS))


def _read_modalities(sent: list[Modality], param: str) -> bool:
    """Whether responses are spoken."""
    modalities = set(sent)
    if "text" not in modalities:
        raise invalid_value(
            param, f"Invalid modalities: {sent[:4]}. Supported combinations are: ['text'] and ['audio', 'text']."
        )
    return "audio" in modalities


def _read_format(sent: str) -> AudioFormat:
    return AudioFormat(sent.replace("-", "_"))


def _input_changes(sent: BetaSession | BetaTranscriptionSession, param: str) -> SessionChanges:
    """The changes that both kinds of session may make."""
    if sent.client_secret is not None:
        sent.client_secret.check(f"{param}.client_secret")
    if isinstance(sent.turn_detection, ClientServerVad) and sent.turn_detection.idle_timeout_ms is not None:
        raise unknown(f"{param}.turn_detection.idle_timeout_ms")
    return read_input_changes(
        None if sent.input_audio_format is None else _read_format(sent.input_audio_format),
        sent.input_audio_transcription,
        sent.turn_detection,
        sent.input_audio_noise_reduction,
        params=(
            f"{param}.input_audio_transcription",
            f"{param}.turn_detection",
            f"{param}.input_audio_noise_reduction",
        ),
    )


def _check_one(param: str, name: str, other: str, value_of_other: object) -> None:
    if value_of_other is not None:
        raise invalid_value(f"{param}.{name}", f"'{name}' and '{other}' are two names of one parameter: send one.")
