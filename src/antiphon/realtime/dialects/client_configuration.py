"""Settings of a session or a response that the dialects share: tokens, transcription, voice, metadata and the like."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from antiphon.parameters.complaints import check_length, check_range, invalid_value, unsupported_value
from antiphon.realtime.configuration import (
    MAX_OUTPUT_TOKENS,
    AudioFormat,
    InputTranscription,
    ResponseChanges,
    SessionChanges,
)
from antiphon.realtime.dialects.client_echoes import NoiseReduction
from antiphon.realtime.dialects.client_tools import (
    ClientTool,
    ClientToolChoice,
    GaTool,
    GaToolChoice,
    read_tool_choice,
    read_tools,
)
from antiphon.realtime.dialects.client_turns import ClientTurnDetection

SPEED = (0.25, 1.5)
MAX_METADATA = 16
MAX_METADATA_KEY = 64
MAX_METADATA_VALUE = 512

_LANGUAGE = re.compile(r"[a-z]{2,3}")


class ClientVoice(msgspec.Struct, forbid_unknown_fields=True):
    """A voice by its id. There are no custom voices, so the id is one of the voice names."""

    id: str


class ClientTranscription(msgspec.Struct, forbid_unknown_fields=True):
    """An empty string comes from a form field left empty, so it is treated as null."""

    model: str | None = None
    language: str | None = None
    prompt: str | None = None

    def transcription(self, param: str) -> InputTranscription:
        if self.language:
            check_language(self.language, f"{param}.language")
        return InputTranscription(
            model=self.model or None,
            language=self.language or None,
            prompt=self.prompt or "",
            more=self.more(param),
            **self.hints(param),
        )

    def hints(self, param: str) -> dict[str, Any]:  # noqa: ARG002
        """The dialect's fields beyond these that have an effect."""
        return {}

    def more(self, param: str) -> dict[str, Any]:  # noqa: ARG002
        """The dialect's fields beyond these that have none."""
        return {}


def read_response_changes(
    instructions: str | None,
    tools: Sequence[ClientTool | GaTool] | None,
    tool_choice: str | ClientToolChoice | GaToolChoice | None,
    param: str,
) -> ResponseChanges:
    """Changes to a session or a response that have the same names in both dialects. Null leaves a field unchanged."""
    changes = ResponseChanges()
    if instructions is not None:
        changes["instructions"] = instructions
    if tools is not None:
        changes["tools"] = read_tools(tools, f"{param}.tools")
    if tool_choice is not None:
        changes["tool_choice"] = read_tool_choice(tool_choice, f"{param}.tool_choice")
    return changes


def read_input_changes(
    input_format: AudioFormat | None,
    transcription: ClientTranscription | UnsetType | None,
    turn_detection: ClientTurnDetection | UnsetType | None,
    noise_reduction: NoiseReduction | UnsetType | None,
    *,
    params: tuple[str, str, str],
) -> SessionChanges:
    """Changes to the user's side of a session. A format of None leaves it unchanged; null turns the others off.

    `params` are the dialect's names for the three of them.
    """
    changes = SessionChanges()
    if input_format is not None:
        changes["input_format"] = input_format
    if transcription is not UNSET:
        changes["transcription"] = transcription and transcription.transcription(params[0])
    if turn_detection is not UNSET:
        changes["turn_detection"] = turn_detection and turn_detection.detection(params[1])
    if noise_reduction is not UNSET:
        changes["noise_reduction"] = noise_reduction and noise_reduction.echo(params[2])
    return changes


def read_max_output_tokens(sent: int | Literal["inf"], param: str) -> int | None:
    if sent == "inf":
        return None
    check_range(param, sent, 1, MAX_OUTPUT_TOKENS)
    return sent


def check_language(sent: str, param: str) -> None:
    if not _LANGUAGE.fullmatch(sent):
        raise invalid_value(param, f"Invalid '{param}'. Expected an ISO 639-1 code such as 'en'.")


def read_voice(sent: str | ClientVoice, param: str, voices: frozenset[str]) -> str:
    if isinstance(sent, ClientVoice):
        return read_voice(sent.id, f"{param}.id", voices)
    if sent not in voices:
        raise unsupported_value(param, sent, sorted(voices))
    return sent


def read_metadata(sent: Mapping[str, str], param: str) -> Mapping[str, str]:
    if len(sent) > MAX_METADATA:
        raise invalid_value(param, f"Invalid '{param}': more than {MAX_METADATA} pairs of a key and a value.")
    for key, value in sent.items():
        check_length(f"{param}.{key[:MAX_METADATA_KEY]}", key, MAX_METADATA_KEY)
        check_length(f"{param}.{key}", value, MAX_METADATA_VALUE)
    return sent


def read_conversation(sent: str | None, param: str) -> bool:
    """Whether a response is part of the conversation. An empty string counts as absent."""
    if sent not in (None, "", "auto", "none"):
        raise unsupported_value(param, sent, ("auto", "none"))
    return sent != "none"


def check_kind(*, update: bool, session: bool, param: str) -> None:
    """Refuse to update one kind of session as if it were the other; True means a transcription session."""
    if update != session:
        kinds = {True: "transcription", False: "realtime"}
        raise invalid_value(
            param, f"A {kinds[update]} session update cannot be applied to this {kinds[session]} session."
        )
