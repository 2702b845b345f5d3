"""The shape of a chat completion's body, as clients send it."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import msgspec

from antiphon.api.json_body import Whole, decode, json_decoder


class InputAudio(msgspec.Struct):
    """An uploaded recording."""

    data: msgspec.Raw
    """A JSON string of base64, left undecoded: the rest can be read without copying its 20 MB."""
    format: str


class TextPart(msgspec.Struct, tag="text"):
    text: str


class InputAudioPart(msgspec.Struct, tag="input_audio"):
    input_audio: InputAudio


class RefusalPart(msgspec.Struct, tag="refusal"):
    refusal: str


class ImagePart(msgspec.Struct, tag="image_url"):
    """Recognised so that it can be refused with a clear message."""


class FilePart(msgspec.Struct, tag="file"):
    """Recognised so that it can be refused with a clear message."""


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
    function_call: FunctionCall | None = None
    refusal: str | None = None


class ToolMessage(msgspec.Struct, tag_field="role", tag="tool", omit_defaults=True):
    tool_call_id: str
    content: Content = None


class FunctionMessage(msgspec.Struct, tag_field="role", tag="function", omit_defaults=True):
    """A function's result, in the form that preceded tools."""

    content: Content = None
    name: str | None = None


ChatMessage: TypeAlias = (
    SystemMessage | DeveloperMessage | UserMessage | AssistantMessage | ToolMessage | FunctionMessage
)


class _Options(msgspec.Struct, forbid_unknown_fields=True):
    """Unknown fields of options are refused: what they ask for would not be done.

    Those of messages are not, since clients send back messages from all sorts of models.
    """


class VoiceId(_Options):
    """How newer clients name a voice that is not one of OpenAI's own."""

    id: str


class AudioOptions(_Options):
    voice: str | VoiceId
    format: str

    @property
    def voice_name(self) -> str:
        return self.voice if isinstance(self.voice, str) else self.voice.id


class FunctionDefinition(_Options):
    name: str
    description: str | None = None
    parameters: dict[str, Any] | None = None
    strict: bool | None = None


class ToolDefinition(_Options):
    type: str
    function: FunctionDefinition | None = None
    custom: Any = None
    """Recognised so that it can be refused with a clear message."""


class FunctionName(_Options):
    name: str


class NamedToolChoice(_Options, tag_field="type", tag="function"):
    function: FunctionName


class AllowedTools(_Options):
    mode: Literal["auto", "required"]
    tools: list[NamedToolChoice]


class AllowedToolChoice(_Options, tag_field="type", tag="allowed_tools"):
    allowed_tools: AllowedTools


class JsonSchemaFormat(_Options):
    name: str
    schema: dict[str, Any] | None = None
    description: str | None = None
    strict: bool | None = None


class ResponseFormat(_Options):
    type: Literal["text", "json_object", "json_schema"]
    json_schema: JsonSchemaFormat | None = None


class StreamOptions(_Options):
    include_usage: bool | None = None
    include_obfuscation: bool | None = None


class ChatRequest(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Every parameter that clients of OpenAI or Azure may send; docs/chat.md says which have no effect."""

    messages: list[ChatMessage]
    model: str | None = None
    modalities: list[str] | None = None
    audio: AudioOptions | None = None
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    n: Whole | None = None
    temperature: float | None = None
    top_p: float | None = None
    max_tokens: Whole | None = None
    max_completion_tokens: Whole | None = None
    stop: str | list[str] | None = None
    seed: Whole | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    logit_bias: dict[str, float] | None = None
    logprobs: bool | None = None
    top_logprobs: Whole | None = None
    response_format: ResponseFormat | None = None
    tools: list[ToolDefinition] | None = None
    tool_choice: Literal["none", "auto", "required"] | NamedToolChoice | AllowedToolChoice | None = None
    parallel_tool_calls: bool | None = None
    functions: list[FunctionDefinition] | None = None
    function_call: Literal["none", "auto"] | FunctionName | None = None
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
    prompt_cache_options: Any = None
    user_security_context: Any = None
    web_search_options: Any = None
    data_sources: Any = None
    moderation: Any = None
    enhancements: Any = None

    @property
    def is_spoken(self) -> bool:
        return self.modalities is not None and "audio" in self.modalities


WITHOUT_EFFECT = (
    "user",
    "prediction",
    "reasoning_effort",
    "verbosity",
    "service_tier",
    "safety_identifier",
    "prompt_cache_key",
    "prompt_cache_retention",
    "prompt_cache_options",
    "user_security_context",
    "web_search_options",
    "data_sources",
    "moderation",
    "enhancements",
)
"""Parameters of any size that do not affect the reply."""

_DECODER = json_decoder(ChatRequest)


def parse(body: bytes | bytearray) -> ChatRequest:
    """Parse a request. Raises `InvalidRequest` for anything that is not JSON, or not of this shape."""
    return decode(_DECODER, body)
