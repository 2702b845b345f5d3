"""The body of a chat completion: its shape as a client sends it, and what the shape alone cannot say."""

from __future__ import annotations

import re
from typing import Any, Literal, TypeAlias, TypeVar

import msgspec

from antiphon.errors import InvalidRequest

T = TypeVar("T")

MAX_MESSAGES = 2_048
MAX_TOOLS = 128
MAX_STOP_SEQUENCES = 4
MAX_CHOICES = 8
MAX_METADATA = 16
"""Pairs of a key and a value."""
MAX_METADATA_KEY = 64
MAX_METADATA_VALUE = 512


class InputAudio(msgspec.Struct):
    """An uploaded recording."""

    data: msgspec.Raw
    """A JSON string of base64, left as it came: 20 MB of it need not be copied to look at the rest."""
    format: str


class TextPart(msgspec.Struct, tag="text"):
    text: str


class InputAudioPart(msgspec.Struct, tag="input_audio"):
    input_audio: InputAudio


class RefusalPart(msgspec.Struct, tag="refusal"):
    refusal: str


class ImagePart(msgspec.Struct, tag="image_url"):
    """Known in order to be refused with a clear message."""


class FilePart(msgspec.Struct, tag="file"):
    """Known in order to be refused with a clear message."""


ContentPart: TypeAlias = TextPart | InputAudioPart | RefusalPart | ImagePart | FilePart
Content: TypeAlias = str | list[ContentPart] | None


class FunctionCall(msgspec.Struct):
    name: str
    arguments: str = "{}"


class ToolCallPart(msgspec.Struct):
    id: str
    function: FunctionCall
    type: str = "function"


class AudioReference(msgspec.Struct):
    id: str


class SystemMessage(msgspec.Struct, tag_field="role", tag="system", omit_defaults=True):
    content: Content = None
    name: str | None = None


class DeveloperMessage(SystemMessage, tag_field="role", tag="developer"):
    pass


class UserMessage(msgspec.Struct, tag_field="role", tag="user", omit_defaults=True):
    content: Content = None
    name: str | None = None


class AssistantMessage(msgspec.Struct, tag_field="role", tag="assistant", omit_defaults=True):
    content: Content = None
    name: str | None = None
    audio: AudioReference | None = None
    tool_calls: list[ToolCallPart] | None = None
    refusal: str | None = None


class ToolMessage(msgspec.Struct, tag_field="role", tag="tool", omit_defaults=True):
    tool_call_id: str
    content: Content = None


ChatMessage: TypeAlias = SystemMessage | DeveloperMessage | UserMessage | AssistantMessage | ToolMessage


class AudioOptions(msgspec.Struct):
    voice: str
    format: str


class FunctionDefinition(msgspec.Struct):
    name: str
    description: str | None = None
    parameters: dict[str, Any] | None = None
    strict: bool | None = None


class ToolDefinition(msgspec.Struct):
    type: str
    function: FunctionDefinition


class FunctionName(msgspec.Struct):
    name: str


class NamedToolChoice(msgspec.Struct):
    type: Literal["function"]
    function: FunctionName


class JsonSchemaFormat(msgspec.Struct):
    name: str
    schema: dict[str, Any] | None = None
    description: str | None = None
    strict: bool | None = None


class ResponseFormat(msgspec.Struct):
    type: Literal["text", "json_object", "json_schema"]
    json_schema: JsonSchemaFormat | None = None


class StreamOptions(msgspec.Struct):
    include_usage: bool | None = None
    include_obfuscation: bool | None = None


class ChatRequest(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Every parameter that OpenAI's clients may send; those of no use to a model in this process are read and left."""

    messages: list[ChatMessage]
    model: str | None = None
    modalities: list[str] | None = None
    audio: AudioOptions | None = None
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    n: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    max_completion_tokens: int | None = None
    stop: str | list[str] | None = None
    seed: int | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    logit_bias: dict[str, float] | None = None
    logprobs: bool | None = None
    top_logprobs: int | None = None
    response_format: ResponseFormat | None = None
    tools: list[ToolDefinition] | None = None
    tool_choice: Literal["none", "auto", "required"] | NamedToolChoice | None = None
    parallel_tool_calls: bool | None = None
    store: bool | None = None
    metadata: dict[str, str] | None = None
    user: str | None = None
    prediction: Any = None
    reasoning_effort: Any = None
    verbosity: Any = None
    service_tier: str | None = None
    safety_identifier: str | None = None
    prompt_cache_key: str | None = None
    prompt_cache_retention: str | None = None

    @property
    def is_spoken(self) -> bool:
        return self.modalities is not None and "audio" in self.modalities


_DECODER = msgspec.json.Decoder(ChatRequest)


def parse(body: bytes | bytearray) -> ChatRequest:
    """The request in `body`.

    Raises `InvalidRequest` for what is not JSON, not of this shape, or out of the bounds that concern one field alone.
    """
    request = decode(_DECODER, body)
    _check_bounds(request)
    return request


def decode(decoder: msgspec.json.Decoder[T], body: bytes | bytearray) -> T:
    """What is in `body`. Raises `InvalidRequest` for what is not JSON, or not of the decoder's shape."""
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise _shape_error(str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise InvalidRequest(
            "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP "
            "library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON.)"
        ) from None


def _shape_error(found: str) -> InvalidRequest:
    """msgspec says "Expected `str`, got `int` - at `$.messages[0].role`"; OpenAI names the parameter."""
    message, _, path = found.partition(" - at `$")
    param = path.rstrip("`").removeprefix(".") or None
    if message.startswith("Object contains unknown field"):
        name = message.removeprefix("Object contains unknown field ").strip("`")
        return InvalidRequest(f"Unrecognized request argument supplied: {name}")
    if message.startswith("Object missing required field"):
        name = message.removeprefix("Object missing required field ").strip("`")
        missing = f"{param}.{name}" if param else name
        return InvalidRequest(
            f"Missing required parameter: '{missing}'.", param=missing, code="missing_required_parameter"
        )
    if param is None:
        return InvalidRequest(f"Invalid type for the request body: {_plain(message)}.", code="invalid_type")
    if message.startswith("Invalid "):
        return InvalidRequest(f"{_plain(message)} for '{param}'.", param=param, code="invalid_value")
    return InvalidRequest(f"Invalid type for '{param}': {_plain(message)}.", param=param, code="invalid_type")


_JSON_TYPES = {
    "str": "a string",
    "int": "an integer",
    "float": "a number",
    "bool": "a boolean",
    "array": "an array",
    "object": "an object",
    "null": "null",
}


def _plain(message: str) -> str:
    """ "Expected `str | null`, got `int`" as OpenAI says it: "expected a string or null, but got an integer"."""
    names = re.sub(r"`([a-z |]+)`", lambda types: " or ".join(map(_json_type, types[1].split(" | "))), message)
    return names.replace("Expected", "expected").replace(", got", ", but got").replace("`", "")


def _json_type(name: str) -> str:
    return _JSON_TYPES.get(name, name)


def _check_bounds(request: ChatRequest) -> None:
    if not request.messages:
        raise InvalidRequest(
            "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.",
            param="messages",
            code="empty_array",
        )
    if len(request.messages) > MAX_MESSAGES:
        raise _too_many("messages", len(request.messages), MAX_MESSAGES)
    if request.tools is not None and len(request.tools) > MAX_TOOLS:
        raise _too_many("tools", len(request.tools), MAX_TOOLS)
    if isinstance(request.stop, list) and len(request.stop) > MAX_STOP_SEQUENCES:
        raise _too_many("stop", len(request.stop), MAX_STOP_SEQUENCES)
    _check_range("temperature", request.temperature, 0, 2)
    _check_range("top_p", request.top_p, 0, 1)
    _check_range("frequency_penalty", request.frequency_penalty, -2, 2)
    _check_range("presence_penalty", request.presence_penalty, -2, 2)
    _check_range("n", request.n, 1, MAX_CHOICES)
    _check_range("top_logprobs", request.top_logprobs, 0, 20)
    _check_range("max_tokens", request.max_tokens, 1, 1_000_000)
    _check_range("max_completion_tokens", request.max_completion_tokens, 1, 1_000_000)
    _check_range("seed", request.seed, -(2**63), 2**63 - 1)
    check_metadata(request.metadata)


def check_metadata(metadata: dict[str, str] | None) -> None:
    """Raise `InvalidRequest` for more, or longer, keys and values than OpenAI takes."""
    if metadata is None:
        return
    if len(metadata) > MAX_METADATA:
        raise InvalidRequest(
            f"Invalid 'metadata': too many properties. Expected an object with at most {MAX_METADATA} properties, but "
            f"got an object with {len(metadata)} properties instead.",
            param="metadata",
            code="object_above_max_properties",
        )
    for key, value in metadata.items():
        _check_length(f"metadata.{key[:MAX_METADATA_KEY]}", key, MAX_METADATA_KEY)
        _check_length(f"metadata.{key}", value, MAX_METADATA_VALUE)


def _check_length(param: str, text: str, most: int) -> None:
    if len(text) > most:
        raise InvalidRequest(
            f"Invalid '{param}': string too long. Expected a string with maximum length {most}, but got a string with "
            f"length {len(text)} instead.",
            param=param,
            code="string_above_max_length",
        )


def _too_many(param: str, count: int, most: int) -> InvalidRequest:
    return InvalidRequest(
        f"Invalid '{param}': array too long. Expected an array with maximum length {most}, but got an array with "
        f"length {count} instead.",
        param=param,
        code="array_above_max_length",
    )


def _check_range(param: str, value: float | None, least: int, most: int) -> None:
    if value is None or least <= value <= most:
        return
    kind = "integer" if isinstance(value, int) else "decimal"
    side, bound, relation = ("below minimum", least, ">=") if value < least else ("above maximum", most, "<=")
    raise InvalidRequest(
        f"Invalid '{param}': {kind} {side} value. Expected a value {relation} {bound}, but got {value} instead.",
        param=param,
        code=f"{kind}_{side.replace(' ', '_')}_value",
    )
