"""Chat completions as OpenAI-compatible servers send and accept them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from antiphon.engines.interfaces import AnswerOptions, AudioMessage, Json, JsonSchema, Message
from antiphon.engines.remote.documents import read_document
from antiphon.engines.remote.faults import UpstreamFault
from antiphon.vocabulary.logprobs import TokenLogprob
from antiphon.vocabulary.tools import NamedTool, Tool, ToolCall, ToolChoice


class Top(msgspec.Struct):
    token: str = ""
    logprob: float = 0.0
    bytes: list[int] | None = None


class Token(Top):
    top_logprobs: list[Top] | None = None


class Logprobs(msgspec.Struct):
    content: list[Token] | None = None


class CalledFunction(msgspec.Struct):
    name: str | None = None
    arguments: str | None = None


class CalledTool(msgspec.Struct):
    index: int = 0
    id: str | None = None
    function: CalledFunction = msgspec.field(default_factory=CalledFunction)


class SpokenDelta(msgspec.Struct):
    data: str | None = None
    transcript: str | None = None


class Delta(msgspec.Struct):
    content: str | None = None
    tool_calls: list[CalledTool] | None = None
    audio: SpokenDelta | None = None

    @property
    def text(self) -> str:
        """What is written, or said."""
        return self.content or (self.audio and self.audio.transcript) or ""


class Choice(msgspec.Struct):
    delta: Delta = msgspec.field(default_factory=Delta)
    finish_reason: str | None = None
    logprobs: Logprobs | None = None


class PromptDetails(msgspec.Struct):
    cached_tokens: int | None = None
    audio_tokens: int | None = None


class CompletionDetails(msgspec.Struct):
    audio_tokens: int | None = None


class UsageOnWire(msgspec.Struct):
    prompt_tokens: int = 0
    completion_tokens: int = 0
    prompt_tokens_details: PromptDetails | None = None
    completion_tokens_details: CompletionDetails | None = None


class Chunk(msgspec.Struct):
    choices: list[Choice] = []
    usage: UsageOnWire | None = None
    modality: str | None = None
    """vLLM-Omni's: with "audio", `content` holds base64."""
    error: Any = None


_decoder = msgspec.json.Decoder(Chunk)


def chunk(data: bytes) -> Chunk:
    """One event of a stream. Raises `UpstreamFault` if it is not one, and for an error in the middle of the stream."""
    decoded = read_document(data, _decoder, what="an event")
    if decoded.error is not None:
        raise UpstreamFault(f"it broke off with an error: {str(decoded.error)[:300]}")
    return decoded


def token_logprobs(logprobs: Logprobs | None) -> Sequence[TokenLogprob]:
    if logprobs is None or not logprobs.content:
        return ()
    return [_token_logprob(token) for token in logprobs.content]


def _token_logprob(token: Top) -> TokenLogprob:
    top = (token.top_logprobs or ()) if isinstance(token, Token) else ()
    written = list(token.token.encode()) if token.bytes is None else token.bytes
    return TokenLogprob(
        token=token.token, bytes=written, logprob=token.logprob, top=[_token_logprob(other) for other in top]
    )


def options_json(options: AnswerOptions, *, max_tokens_field: str) -> dict[str, Json]:
    """The request fields that say how to answer, without those at their defaults: not all servers know them all."""
    sampling = options.sampling
    body: dict[str, Json] = {
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        max_tokens_field: sampling.max_tokens,
        "seed": sampling.seed,
        "stop": list(sampling.stop) or None,
        "frequency_penalty": sampling.frequency_penalty or None,
        "presence_penalty": sampling.presence_penalty or None,
        "logit_bias": None if sampling.logit_bias is None else {str(k): v for k, v in sampling.logit_bias.items()},
    }
    if sampling.top_logprobs is not None:
        body |= {"logprobs": True, "top_logprobs": sampling.top_logprobs or None}
    if options.tools and options.tool_choice != "none":
        body["tools"] = [tool_json(tool) for tool in options.tools]
        body["tool_choice"] = None if options.tool_choice == "auto" else _tool_choice_json(options.tool_choice)
        body["parallel_tool_calls"] = None if options.parallel_tool_calls else False
    if options.response_format != "text":
        body["response_format"] = _format_json(options.response_format)
    return {name: value for name, value in body.items() if value is not None}


def tool_json(tool: Tool) -> Json:
    parameters = tool.parameters if tool.parameters is not None else {"type": "object", "properties": {}}
    return {
        "type": "function",
        "function": {"name": tool.name, "description": tool.description, "parameters": parameters},
    }


def calls_json(calls: Sequence[ToolCall]) -> list[Json]:
    return [
        {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
        for call in calls
    ]


def message_json(message: Message | AudioMessage, content: Json) -> Json:
    body: dict[str, Json] = {"role": message.role, "content": content}
    if message.tool_calls:
        body |= {"content": content or None, "tool_calls": calls_json(message.tool_calls)}
    if message.tool_call_id is not None:
        body["tool_call_id"] = message.tool_call_id
    return body


def _tool_choice_json(choice: ToolChoice) -> Json:
    return {"type": "function", "function": {"name": choice.name}} if isinstance(choice, NamedTool) else choice


def _format_json(response_format: str | JsonSchema) -> Json:
    if isinstance(response_format, JsonSchema):
        return {"type": "json_schema", "json_schema": {"name": "answer", "schema": response_format.schema}}
    return {"type": response_format}
