"""A language model behind a URL: any server with OpenAI's `/chat/completions`."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

import httpx
import msgspec

from antiphon.engines.errors import ContextLengthExceeded, NotSupportedByEngine, RefusedByEngine
from antiphon.engines.interfaces import (
    Generated,
    GenerationFinished,
    Json,
    JsonSchema,
    Message,
    Prompt,
    TextDelta,
    ToolCallDelta,
    ToolCallEnded,
)
from antiphon.engines.kind import Built, Kind, Role, Site
from antiphon.engines.remote import chat_wire, sse
from antiphon.engines.remote.documents import read_document
from antiphon.engines.remote.faults import UpstreamFault
from antiphon.engines.remote.settings import UpstreamSettings
from antiphon.engines.remote.upstream import Upstream
from antiphon.vocabulary.tools import new_call_id
from antiphon.vocabulary.usage import FinishReason

Capability: TypeAlias = Literal["tools", "json_object", "json_schema", "logprobs", "logit_bias", "seed"]


class ChatSettings(UpstreamSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The settings of the kind `openai-chat`."""

    lacks: tuple[Capability, ...] = ()
    """What the upstream cannot do. Requests that ask for it are refused with a clear error."""
    max_tokens_field: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    """The upstream's name for the limit on an answer's length; OpenAI's and Azure's newer models require the second."""
    prefills: bool = False
    """Whether to send the beginning of a conversation before its end is known, to get it into the upstream's prefix
    cache. Each such request makes the model write one token, which an upstream may charge for."""
    extra: dict[str, Json] = msgspec.field(default_factory=dict[str, Json])
    """Further fields of each request, such as chat_template_kwargs = { enable_thinking = false }."""


class RemoteLanguageModel:
    """A `LanguageModel`."""

    def __init__(self, upstream: Upstream, settings: ChatSettings) -> None:
        self._upstream = upstream
        self._settings = settings

    async def generate(self, prompt: Prompt) -> AsyncGenerator[Generated]:
        """See `LanguageModel.generate`. Raises `EngineFailed`, `NotSupportedByEngine` for what the upstream lacks,
        and `RefusedByEngine`."""
        self._check(prompt)
        async with aclosing(self._ask(prompt)) as pieces:
            async for piece in pieces:
                yield piece

    async def prefill(self, prompt: Prompt) -> None:
        if not self._settings.prefills:
            return
        messages = [*prompt.messages]
        if messages[-1].role != "user":
            messages.append(Message(role="user", text=""))
        sampling = replace(prompt.sampling, max_tokens=1, top_logprobs=None)
        async with aclosing(self._ask(replace(prompt, messages=messages, sampling=sampling))) as pieces:
            async for _ in pieces:
                pass

    def _ask(self, prompt: Prompt) -> AsyncGenerator[Generated]:
        return self._upstream.post(
            "chat/completions",
            self._read,
            conversation=_conversation(prompt),
            explain=_explain,
            json=self._body(prompt),
        )

    async def _read(self, response: httpx.Response) -> AsyncGenerator[Generated]:
        answer = _Answer()
        async with aclosing(sse.events(response, most_silent_seconds=self._settings.read_seconds)) as events:
            async for data in events:
                for piece in answer.take(chat_wire.chunk(data)):
                    yield piece
        yield answer.finished()

    def _body(self, prompt: Prompt) -> dict[str, Json]:
        options = chat_wire.options_json(
            sampling=prompt.sampling,
            tools=prompt.tools,
            tool_choice=prompt.tool_choice,
            parallel_tool_calls=prompt.parallel_tool_calls,
            response_format=prompt.response_format,
            max_tokens_field=self._settings.max_tokens_field,
        )
        return {
            "model": self._settings.model,
            "messages": chat_wire.messages_json(prompt),
            "stream": True,
            "stream_options": {"include_usage": True},
            **options,
            **self._settings.extra,
        }

    def _check(self, prompt: Prompt) -> None:
        sampling, response_format = prompt.sampling, prompt.response_format
        asked: dict[Capability, tuple[bool, str]] = {
            "tools": (bool(prompt.tools) and prompt.tool_choice != "none", "tools"),
            "json_object": (response_format == "json_object", "response_format"),
            "json_schema": (isinstance(response_format, JsonSchema), "response_format"),
            "logprobs": (sampling.top_logprobs is not None, "logprobs"),
            "logit_bias": (sampling.logit_bias is not None, "logit_bias"),
            "seed": (sampling.seed is not None, "seed"),
        }
        for lacking in self._settings.lacks:
            is_asked, param = asked[lacking]
            if is_asked:
                raise NotSupportedByEngine(param)


@dataclass(frozen=True, slots=True)
class _Call:
    """A tool call, as the upstream tells it from others."""

    index: int
    id: str | None


@dataclass(slots=True)
class _Answer:
    """What has arrived of one answer so far."""

    finish_reason: FinishReason | None = None
    usage: chat_wire.UsageOnWire | None = None
    pieces: int = 0
    calls: list[_Call] = field(default_factory=list["_Call"])
    """In the order in which they began."""

    def take(self, chunk: chat_wire.Chunk) -> list[Generated]:
        self.usage = chunk.usage or self.usage
        taken: list[Generated] = []
        for choice in chunk.choices[:1]:
            if text := choice.delta.text:
                self.pieces += 1
                logprobs = chat_wire.token_logprobs(choice.logprobs)
                taken.append(TextDelta(text=text, logprobs=logprobs))
            for called in choice.delta.tool_calls or ():
                taken += self._call(called)
            if choice.finish_reason is not None and self.finish_reason is None:
                self.finish_reason = self._finish_reason(choice.finish_reason)
                if self.finish_reason != "length":
                    taken += self._end_of_call()
        return taken

    def finished(self) -> GenerationFinished:
        """Raises `UpstreamFault` if the answer is incomplete."""
        if self.finish_reason is None:
            raise UpstreamFault("it stopped in the middle of an answer")
        usage = self.usage or chat_wire.UsageOnWire(completion_tokens=self.pieces)
        details = usage.prompt_tokens_details
        return GenerationFinished(
            finish_reason=self.finish_reason,
            prompt_tokens=usage.prompt_tokens,
            cached_tokens=(details.cached_tokens or 0) if details else 0,
            completion_tokens=usage.completion_tokens,
        )

    def _call(self, called: chat_wire.CalledTool) -> list[Generated]:
        self.pieces += 1
        function = called.function
        if not self._begins(called):
            return [ToolCallDelta(index=len(self.calls) - 1, arguments=function.arguments or "")]
        if not function.name:
            raise UpstreamFault("it sent a tool call without a name")
        end = self._end_of_call()
        self.calls.append(_Call(called.index, called.id))
        first = ToolCallDelta(
            index=len(self.calls) - 1,
            arguments=function.arguments or "",
            id=called.id or new_call_id(),
            name=function.name,
        )
        return [*end, first]

    def _begins(self, called: chat_wire.CalledTool) -> bool:
        """Whether a tool call begins here. Raises `UpstreamFault` if one that has ended goes on."""
        if not self.calls:
            return True
        latest = self.calls[-1]
        if called.index == latest.index:  # Some servers give all calls the same index.
            return bool(called.function.name) and called.id not in {None, "", latest.id}
        if any(called.index == call.index for call in self.calls):
            raise UpstreamFault("it went on with a tool call that had ended")
        return True

    def _end_of_call(self) -> list[Generated]:
        return [ToolCallEnded(index=len(self.calls) - 1)] if self.calls else []

    def _finish_reason(self, reason: str) -> FinishReason:
        match reason:
            case "length":
                return "length"
            case "tool_calls" | "function_call":
                return "tool_calls"
            case "stop":
                return "tool_calls" if self.calls else "stop"  # Some servers say this for calls.
            case _:
                raise UpstreamFault(f"it ended its answer for a reason that is not known here: {reason}")


def _conversation(prompt: Prompt) -> str:
    """A key that is the same for every turn of a conversation: its instructions and the user's first words."""
    first = next((message.text for message in prompt.messages if message.role == "user"), "")
    instructions = "\0".join(message.text for message in prompt.messages if message.role == "system")
    return hashlib.sha256(f"{instructions}\0{first}".encode("utf-8", "replace")).hexdigest()


class _Complaint(msgspec.Struct):
    message: str = ""
    code: str | int | None = None
    type: str | None = None


class _Complained(msgspec.Struct):
    error: _Complaint


_complaints = msgspec.json.Decoder(_Complained)


def _explain(fault: UpstreamFault) -> Exception | None:
    """An upstream usually complains about what the client asked for."""
    if not fault.is_of_the_request:
        return None
    try:
        complaint = read_document(fault.body, _complaints, what="a complaint").error
    except UpstreamFault:
        return None
    if complaint.code == "context_length_exceeded" or complaint.type == "exceed_context_size_error":
        return ContextLengthExceeded(complaint.message)
    return RefusedByEngine(complaint.message)


async def _build(name: str, settings: ChatSettings, site: Site) -> Built:
    upstream = Upstream(name, settings)
    site.closing.push_async_callback(upstream.aclose)
    return Built(RemoteLanguageModel(upstream, settings), replicas=upstream.replicas)


OPENAI_CHAT = Kind(
    name="openai-chat",
    role=Role.LANGUAGE_MODEL,
    settings=ChatSettings,
    build=_build,
    where=lambda settings: ", ".join(settings.urls),
)
