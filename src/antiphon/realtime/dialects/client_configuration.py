"""What both dialects say alike of a session or a response: its turns, tools, tokens, transcription and metadata."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias

import msgspec
from msgspec import UNSET, UnsetType

from antiphon.realtime.configuration import (
    MAX_OUTPUT_TOKENS,
    AudioFormat,
    Eagerness,
    FunctionTool,
    InputTranscription,
    NamedFunction,
    ResponseChanges,
    SemanticVad,
    ServerVad,
    SessionChanges,
    ToolChoice,
    TurnDetection,
)
from antiphon.realtime.dialects.refusals import (
    check_count,
    check_length,
    check_range,
    invalid_value,
    missing,
    unsupported_value,
)

MAX_TOOLS = 128
MAX_SCHEMA_DEPTH = 100
MAX_PADDING_MS = 10_000
MAX_SILENCE_MS = 60_000
IDLE_TIMEOUT_MS = (5_000, 30_000)
SPEED = (0.25, 1.5)
MAX_METADATA = 16
MAX_METADATA_KEY = 64
MAX_METADATA_VALUE = 512

_FUNCTION_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")


# --- turns -----------------------------------------------------------------------------------------------------------


class ClientServerVad(msgspec.Struct, tag_field="type", tag="server_vad", forbid_unknown_fields=True):
    threshold: float | None = None
    prefix_padding_ms: int | None = None
    silence_duration_ms: int | None = None
    create_response: bool | None = None
    interrupt_response: bool | None = None
    idle_timeout_ms: int | None = None

    def detection(self, param: str) -> TurnDetection:
        check_range(f"{param}.threshold", self.threshold, 0, 1)
        check_range(f"{param}.prefix_padding_ms", self.prefix_padding_ms, 0, MAX_PADDING_MS)
        check_range(f"{param}.silence_duration_ms", self.silence_duration_ms, 0, MAX_SILENCE_MS)
        check_range(f"{param}.idle_timeout_ms", self.idle_timeout_ms, *IDLE_TIMEOUT_MS)
        return ServerVad(**_given(self))


class ClientSemanticVad(msgspec.Struct, tag_field="type", tag="semantic_vad", forbid_unknown_fields=True):
    eagerness: Eagerness | None = None
    create_response: bool | None = None
    interrupt_response: bool | None = None

    def detection(self, param: str) -> TurnDetection:  # noqa: ARG002
        return SemanticVad(**_given(self))


class ClientNoTurnDetection(msgspec.Struct, tag_field="type", tag="none", forbid_unknown_fields=True):
    """What the first Azure clients send for null."""

    def detection(self, param: str) -> TurnDetection | None:  # noqa: ARG002
        return None


ClientTurnDetection: TypeAlias = ClientServerVad | ClientSemanticVad | ClientNoTurnDetection


def _given(sent: msgspec.Struct) -> dict[str, Any]:
    """What is not null; the rest has its default."""
    return {name: value for name, value in msgspec.structs.asdict(sent).items() if value is not None}


# --- tools -----------------------------------------------------------------------------------------------------------


class ClientTool(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    type: Literal["function"] = "function"
    description: str | None = None
    parameters: dict[str, Any] | None = None


class ClientFunctionName(msgspec.Struct, forbid_unknown_fields=True):
    name: str


class ClientToolChoice(msgspec.Struct, forbid_unknown_fields=True):
    """`function` is what Azure's first clients send: an object with the name, or the name."""

    type: Literal["function"]
    name: str | None = None
    function: ClientFunctionName | str | None = None


def read_tools(sent: Sequence[ClientTool], param: str) -> tuple[FunctionTool, ...]:
    check_count(param, len(sent), MAX_TOOLS)
    for index, tool in enumerate(sent):
        _check_function_name(tool.name, f"{param}[{index}].name")
        if _is_deeper(tool.parameters, MAX_SCHEMA_DEPTH):
            raise invalid_value(
                f"{param}[{index}].parameters",
                f"Invalid '{param}[{index}].parameters': a schema may be nested {MAX_SCHEMA_DEPTH} levels deep.",
            )
    return tuple(
        FunctionTool(name=tool.name, description=tool.description or "", parameters=tool.parameters) for tool in sent
    )


def read_tool_choice(sent: str | ClientToolChoice, param: str) -> ToolChoice:
    if isinstance(sent, ClientToolChoice):
        function = sent.function.name if isinstance(sent.function, ClientFunctionName) else sent.function
        name = sent.name if sent.name is not None else function
        if name is None:
            raise missing(f"{param}.name")
        _check_function_name(name, f"{param}.name")
        return NamedFunction(name=name)
    if sent in ("auto", "none", "required"):
        return sent
    raise unsupported_value(param, sent, ("auto", "none", "required"))


def _is_deeper(value: Any, levels: int) -> bool:
    """Whether JSON is nested so deep that writing it, inside of more, might fail."""
    if levels < 0:
        return True
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(_is_deeper(one, levels - 1) for one in inner)


def _check_function_name(name: str, param: str) -> None:
    if not _FUNCTION_NAME.fullmatch(name):
        raise invalid_value(
            param,
            f"Invalid '{param}': string does not match pattern. Expected a string that matches the pattern "
            f"'^{_FUNCTION_NAME.pattern}$'.",
        )


# --- the rest --------------------------------------------------------------------------------------------------------


class ClientTranscription(msgspec.Struct, forbid_unknown_fields=True):
    model: str | None = None
    language: str | None = None
    prompt: str | None = None

    def transcription(self, param: str) -> InputTranscription:
        if self.language is not None and not _LANGUAGE.fullmatch(self.language):
            raise invalid_value(
                f"{param}.language", f"Invalid '{param}.language'. Expected an ISO 639-1 code such as 'en'."
            )
        return InputTranscription(model=self.model, language=self.language, prompt=self.prompt or "")


class ClientResponseFields(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What both dialects let a session and a response set, by the same names. Null leaves a field as it is."""

    instructions: str | None = None
    tools: list[ClientTool] | None = None
    tool_choice: str | ClientToolChoice | None = None

    def shared_changes(self, param: str) -> ResponseChanges:
        changes = ResponseChanges()
        if self.instructions is not None:
            changes["instructions"] = self.instructions
        if self.tools is not None:
            changes["tools"] = read_tools(self.tools, f"{param}.tools")
        if self.tool_choice is not None:
            changes["tool_choice"] = read_tool_choice(self.tool_choice, f"{param}.tool_choice")
        return changes


def read_input_changes(
    input_format: AudioFormat | None,
    transcription: ClientTranscription | UnsetType | None,
    turn_detection: ClientTurnDetection | UnsetType | None,
    *,
    transcription_param: str,
    turn_detection_param: str,
) -> SessionChanges:
    """What a session may set of the user's side. A format of None leaves it as it is; the others are null to be off."""
    changes = SessionChanges()
    if input_format is not None:
        changes["input_format"] = input_format
    if transcription is not UNSET:
        changes["transcription"] = transcription and transcription.transcription(transcription_param)
    if turn_detection is not UNSET:
        changes["turn_detection"] = turn_detection and turn_detection.detection(turn_detection_param)
    return changes


def read_max_output_tokens(sent: int | Literal["inf"], param: str) -> int | None:
    if sent == "inf":
        return None
    check_range(param, sent, 1, MAX_OUTPUT_TOKENS)
    return sent


def read_voice(sent: str, param: str, voices: frozenset[str]) -> str:
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
    """Whether a response is part of the conversation."""
    if sent not in (None, "auto", "none"):
        raise unsupported_value(param, sent, ("auto", "none"))
    return sent != "none"


def check_model(sent: str | None, own: str, param: str) -> None:
    """A session may be told its own model again, and no other."""
    if sent is not None and sent != own:
        raise invalid_value(param, f"The model of a session cannot be changed: this one's is '{own}'.")


def check_kind(*, update: bool, session: bool, param: str) -> None:
    """Refuse to update one kind of session as if it were the other; True stands for one that only transcribes."""
    if update != session:
        kinds = {True: "transcription", False: "realtime"}
        raise invalid_value(
            param, f"A {kinds[update]} session update cannot be applied to this {kinds[session]} session."
        )
