"""What a client of the GA dialect may send."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from antiphon.parameters.complaints import check_range, invalid_value
from antiphon.realtime.configuration import AudioFormat, ResponseChanges, RetentionRatio, SessionChanges
from antiphon.realtime.dialects.client_configuration import (
    SPEED,
    ClientTranscription,
    ClientVoice,
    check_kind,
    check_language,
    read_conversation,
    read_input_changes,
    read_max_output_tokens,
    read_metadata,
    read_response_changes,
    read_voice,
)
from antiphon.realtime.dialects.client_echoes import (
    ClientTracing,
    GaNoiseReduction,
    Include,
    PromptTemplate,
    Reasoning,
    echo_tracing,
)
from antiphon.realtime.dialects.client_events import SHARED_EVENTS
from antiphon.realtime.dialects.client_items import ClientItem, read_input
from antiphon.realtime.dialects.client_tools import GaTool, GaToolChoice
from antiphon.realtime.dialects.client_turns import ClientTurnDetection
from antiphon.realtime.dialects.reading import ClientEvent, ClientEventReader, EventContext
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
    """Includes what only OpenAI's own models do, which has no effect here: the delay."""

    keywords: list[str] | None = None
    languages: list[str] | None = None
    delay: Literal["minimal", "low", "medium", "high", "xhigh"] | None = None

    def hints(self, param: str) -> dict[str, Any]:
        languages = [language for language in self.languages or () if language]
        for index, language in enumerate(languages):
            check_language(language, f"{param}.languages[{index}]")
        return {"languages": tuple(languages), "keywords": tuple(self.keywords or ())}

    def more(self, param: str) -> dict[str, Any]:  # noqa: ARG002
        given = {"keywords": self.keywords, "languages": self.languages, "delay": self.delay}
        return {name: each for name, each in given.items() if each is not None}


class GaInput(msgspec.Struct, forbid_unknown_fields=True):
    """Absent fields change nothing, nor does null where it has no meaning of its own."""

    format: GaAudioFormat | None = None
    transcription: GaTranscription | UnsetType | None = UNSET
    turn_detection: ClientTurnDetection | UnsetType | None = UNSET
    noise_reduction: GaNoiseReduction | UnsetType | None = UNSET

    def changes(self, param: str) -> SessionChanges:
        return read_input_changes(
            None if self.format is None else self.format.format(f"{param}.format"),
            self.transcription,
            self.turn_detection,
            self.noise_reduction,
            params=(f"{param}.transcription", f"{param}.turn_detection", f"{param}.noise_reduction"),
        )


class GaOutput(msgspec.Struct, forbid_unknown_fields=True):
    format: GaAudioFormat | None = None
    voice: str | ClientVoice | None = None

    def changes(self, param: str, context: EventContext) -> ResponseChanges:
        changes = ResponseChanges()
        if self.format is not None:
            changes["output_format"] = self.format.format(f"{param}.format")
        if self.voice is not None:
            changes["voice"] = read_voice(self.voice, f"{param}.voice", context.voices)
        return changes


class GaSessionOutput(GaOutput):
    speed: float | None = None

    def session_changes(self, param: str, context: EventContext) -> SessionChanges:
        changes: SessionChanges = {**self.changes(param, context)}
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


class GaResponseFields(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The fields that both a session and a response may set. Null changes nothing, unless it is the default."""

    instructions: str | None = None
    tools: list[GaTool] | None = None
    tool_choice: str | GaToolChoice | None = None
    output_modalities: list[Literal["text", "audio"]] | None = None
    max_output_tokens: int | Literal["inf"] | None = None
    parallel_tool_calls: bool | None = None
    prompt: PromptTemplate | UnsetType | None = UNSET
    reasoning: Reasoning | UnsetType | None = UNSET

    def changes(self, param: str) -> ResponseChanges:
        changes = read_response_changes(self.instructions, self.tools, self.tool_choice, param)
        if self.output_modalities is not None:
            changes["speaks"] = _read_modalities(self.output_modalities, f"{param}.output_modalities")
        if self.max_output_tokens is not None:
            changes["max_output_tokens"] = read_max_output_tokens(self.max_output_tokens, f"{param}.max_output_tokens")
        if self.parallel_tool_calls is not None:
            changes["parallel_tool_calls"] = self.parallel_tool_calls
        if self.prompt is not UNSET:
            changes["prompt"] = self.prompt and self.prompt.echo(f"{param}.prompt")
        if self.reasoning is not UNSET:
            changes["reasoning"] = self.reasoning and self.reasoning.echo()
        return changes


class GaTokenLimits(msgspec.Struct, forbid_unknown_fields=True):
    post_instructions: int | None = None


class GaRetentionRatio(msgspec.Struct, forbid_unknown_fields=True):
    type: Literal["retention_ratio"]
    retention_ratio: float
    token_limits: GaTokenLimits | None = None

    def truncation(self, param: str) -> RetentionRatio:
        limit = None if self.token_limits is None else self.token_limits.post_instructions
        check_range(f"{param}.retention_ratio", self.retention_ratio, 0, 1)
        check_range(f"{param}.token_limits.post_instructions", limit, 0, float("inf"))
        return RetentionRatio(retention_ratio=self.retention_ratio, post_instructions=limit)


class GaSession(GaResponseFields, tag_field="type", tag="realtime", kw_only=True):
    model: str | None = None
    """Ignored: the model was chosen when connecting."""
    audio: GaSessionAudio | None = None
    include: Include | UnsetType | None = UNSET
    tracing: ClientTracing | UnsetType | None = UNSET
    truncation: Literal["auto", "disabled"] | GaRetentionRatio | None = None

    def session_changes(self, param: str, context: EventContext) -> SessionChanges:
        check_kind(update=False, session=context.identity.transcribes_only, param=f"{param}.type")
        changes: SessionChanges = {**self.changes(param)}
        if self.include is not UNSET:
            changes["include"] = self.include
        if self.tracing is not UNSET:
            changes["tracing"] = echo_tracing(self.tracing, f"{param}.tracing")
        if isinstance(self.truncation, GaRetentionRatio):
            changes["truncation"] = self.truncation.truncation(f"{param}.truncation")
        elif self.truncation is not None:
            changes["truncation"] = self.truncation
        if self.audio is not None and self.audio.input is not None:
            changes |= self.audio.input.changes(f"{param}.audio.input")
        if self.audio is not None and self.audio.output is not None:
            changes |= self.audio.output.session_changes(f"{param}.audio.output", context)
        return changes


class GaTranscriptionSession(
    msgspec.Struct, tag_field="type", tag="transcription", forbid_unknown_fields=True, kw_only=True
):
    audio: GaTranscriptionAudio | None = None
    include: Include | UnsetType | None = UNSET

    def session_changes(self, param: str, context: EventContext) -> SessionChanges:
        check_kind(update=True, session=context.identity.transcribes_only, param=f"{param}.type")
        changes = SessionChanges()
        if self.audio is not None and self.audio.input is not None:
            changes = self.audio.input.changes(f"{param}.audio.input")
        if self.include is not UNSET:
            changes["include"] = self.include
        return changes


class GaResponse(GaResponseFields, kw_only=True):
    audio: GaResponseAudio | None = None
    conversation: str | None = None
    metadata: dict[str, str] | None = None
    input: list[ClientItem] | None = None

    def response_changes(self, param: str, context: EventContext) -> ResponseChanges:
        changes = self.changes(param)
        if self.audio is not None and self.audio.output is not None:
            changes |= self.audio.output.changes(f"{param}.audio.output", context)
        if self.metadata is not None:
            changes["metadata"] = read_metadata(self.metadata, f"{param}.metadata")
        return changes


class UpdateGaSession(ClientEvent, tag="session.update"):
    session: GaSession | GaTranscriptionSession

    def command(self, context: EventContext) -> ClientCommand:
        return UpdateSession(event_id=self.event_id, changes=self.session.session_changes("session", context))


class CreateGaResponse(ClientEvent, tag="response.create"):
    response: GaResponse | None = None

    def command(self, context: EventContext) -> ClientCommand:
        sent = self.response or GaResponse()
        return CreateResponse(
            event_id=self.event_id,
            changes=sent.response_changes("response", context),
            in_conversation=read_conversation(sent.conversation, "response.conversation"),
            input=None if sent.input is None else read_input(sent.input, "response.input", context.new_id),
        )


GA_EVENTS = ClientEventReader((UpdateGaSession, CreateGaResponse, *SHARED_EVENTS))


def _read_modalities(sent: list[Literal["text", "audio"]], param: str) -> bool:
    """Whether responses are spoken."""
    if sent not in (["audio"], ["text"]):
        raise invalid_value(
            param, f"Invalid modalities: {sent[:4]}. Supported combinations are: ['text'] and ['audio']."
        )
    return sent == ["audio"]
