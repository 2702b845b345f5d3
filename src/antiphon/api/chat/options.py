"""The options of a chat request, apart from its messages: which can be combined, and what they ask of a responder."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from antiphon.api.chat.request import (
    AssistantMessage,
    ChatMessage,
    ChatRequest,
    InputAudioPart,
)
from antiphon.api.chat.tools import ChatTools, read_tools
from antiphon.audio.encode import Format
from antiphon.engines.interfaces import JsonSchema, Sampling
from antiphon.parameters.complaints import missing, unsupported_value
from antiphon.parameters.errors import InvalidRequest

_UNSUPPORTED = ("data_sources", "moderation", "enhancements")
_FORMATS = [each.value for each in Format]
_TOKEN_ID = re.compile(r"[0-9]{1,10}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatOptions:
    """The options of a request, validated."""

    sampling: Sampling
    tools: ChatTools
    response_format: Literal["text", "json_object"] | JsonSchema
    choices: int
    """How many replies to make: OpenAI's `n`."""
    stream: bool
    stream_usage: bool
    voice: str | None
    """None for a text-only reply."""
    audio_format: Format


def read_options(request: ChatRequest, *, voices: frozenset[str]) -> ChatOptions:
    """The request's options; `voices` are the responder's.

    Raises `InvalidRequest` for unsupported values and combinations.
    """
    _check_modalities(request, voices)
    _check_supported(request)
    tools = read_tools(request)
    spoken = request.audio if request.is_spoken else None
    return ChatOptions(
        sampling=_sampling(request),
        tools=tools,
        response_format=_response_format(request),
        choices=request.n or 1,
        stream=request.stream is True,
        stream_usage=request.stream_options is not None and request.stream_options.include_usage is True,
        voice=spoken.voice_name if spoken else None,
        audio_format=Format(spoken.format) if spoken else Format.PCM16,
    )


def _check_modalities(request: ChatRequest, voices: frozenset[str]) -> None:
    modalities = request.modalities or ["text"]
    if sorted(modalities) not in (["text"], ["audio", "text"]):
        raise InvalidRequest(
            f"Invalid modalities: {modalities}. Supported combinations are: ['text'] and ['text', 'audio'].",
            param="modalities",
            code="invalid_value",
        )
    if request.is_spoken:
        _check_spoken(request, voices)
    elif not any(_holds_audio(message) for message in request.messages):
        raise InvalidRequest(
            "This model requires that either input content or output modality contain audio.",
            param="model",
            code="invalid_value",
        )


def _check_supported(request: ChatRequest) -> None:
    """Refuse requests for sources or checks that are unavailable here: the reply would seem to have used them."""
    for param in _UNSUPPORTED:
        if getattr(request, param) not in (None, []):
            raise InvalidRequest(
                f"Unsupported parameter: '{param}' is not supported with this model.",
                param=param,
                code="unsupported_parameter",
            )
    if request.web_search_options is not None:
        raise InvalidRequest("Web search options not supported with this model.", param="web_search_options")


def _check_spoken(request: ChatRequest, voices: frozenset[str]) -> None:
    if request.audio is None:
        raise missing("audio", "It is required when the modalities contain 'audio'.")
    if request.audio.voice_name not in voices:
        raise unsupported_value("audio.voice", request.audio.voice_name, sorted(voices))
    if request.audio.format not in _FORMATS:
        raise unsupported_value("audio.format", request.audio.format, _FORMATS)
    if request.stream and request.audio.format != Format.PCM16:
        raise InvalidRequest(
            f"Unsupported value: 'audio.format' does not support '{request.audio.format}' when stream=true. Supported "
            "values are: 'pcm16'.",
            param="audio.format",
            code="unsupported_value",
        )
    if request.response_format is not None and request.response_format.type != "text":
        raise InvalidRequest(
            f"'response_format' of type '{request.response_format.type}' is not supported with this model when the "
            "modalities contain 'audio'.",
            param="response_format",
            code="unsupported_value",
        )
    if request.logprobs:
        raise InvalidRequest(
            "'logprobs' is not supported when the modalities contain 'audio'.",
            param="logprobs",
            code="unsupported_value",
        )


def _holds_audio(message: ChatMessage) -> bool:
    if isinstance(message, AssistantMessage) and message.audio is not None:
        return True
    return isinstance(message.content, list) and any(isinstance(part, InputAudioPart) for part in message.content)


def _sampling(request: ChatRequest) -> Sampling:
    if request.max_tokens is not None and request.max_completion_tokens is not None:
        raise InvalidRequest(
            "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.",
            param="max_tokens",
            code="invalid_parameter_combination",
        )
    if request.top_logprobs is not None and not request.logprobs:
        raise InvalidRequest(
            "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.",
            param="top_logprobs",
            code="invalid_parameter_combination",
        )
    if request.stream_options is not None and not request.stream:
        raise InvalidRequest(
            "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
            param="stream_options",
            code="invalid_parameter_combination",
        )
    stop = [request.stop] if isinstance(request.stop, str) else request.stop or []
    return Sampling(
        temperature=request.temperature,
        top_p=request.top_p,
        max_tokens=request.max_completion_tokens or request.max_tokens,
        stop=[sequence for sequence in stop if sequence],
        seed=request.seed,
        frequency_penalty=request.frequency_penalty or 0.0,
        presence_penalty=request.presence_penalty or 0.0,
        logit_bias=_logit_bias(request.logit_bias),
        top_logprobs=(request.top_logprobs or 0) if request.logprobs else None,
    )


def _logit_bias(biases: dict[str, float] | None) -> dict[int, float] | None:
    if not biases:
        return None
    if any(not _TOKEN_ID.fullmatch(token) or not -100 <= bias <= 100 for token, bias in biases.items()):
        raise InvalidRequest(
            "Invalid 'logit_bias': expected token ids as keys and values from -100 to 100.",
            param="logit_bias",
            code="invalid_value",
        )
    return {int(token): bias for token, bias in biases.items()}


def _response_format(request: ChatRequest) -> Literal["text", "json_object"] | JsonSchema:
    asked = request.response_format
    if asked is None or asked.type == "text":
        return "text"
    if asked.type == "json_object":
        return "json_object"
    if asked.json_schema is None:
        raise missing("response_format.json_schema")
    return JsonSchema(schema=asked.json_schema.schema or {})
