"""What all kinds that ask `/chat/completions` have in common: settings, what servers lack, what they complain of."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from antiphon.engines.errors import ContextLengthExceeded, NotSupportedByEngine, RefusedByEngine
from antiphon.engines.interfaces import AnswerOptions, Json, JsonSchema
from antiphon.engines.remote import chat_wire
from antiphon.engines.remote.documents import read_document
from antiphon.engines.remote.faults import UpstreamFault
from antiphon.engines.remote.settings import UpstreamSettings

Capability: TypeAlias = Literal["tools", "json_object", "json_schema", "logprobs", "logit_bias", "seed"]


class ChatServerSettings(UpstreamSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    lacks: tuple[Capability, ...] = ()
    """What the upstream cannot do. Requests that ask for it are refused with a clear error."""
    max_tokens_field: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    """The upstream's name for the limit on an answer's length; OpenAI's and Azure's newer models require the second."""
    extra: dict[str, Json] = msgspec.field(default_factory=dict[str, Json])
    """Further fields of each request, such as chat_template_kwargs = { enable_thinking = false }."""

    def check(self, options: AnswerOptions) -> None:
        """Raises `NotSupportedByEngine` if they need what the upstream lacks."""
        sampling, response_format = options.sampling, options.response_format
        asked: dict[Capability, tuple[bool, str]] = {
            "tools": (bool(options.tools) and options.tool_choice != "none", "tools"),
            "json_object": (response_format == "json_object", "response_format"),
            "json_schema": (isinstance(response_format, JsonSchema), "response_format"),
            "logprobs": (sampling.top_logprobs is not None, "logprobs"),
            "logit_bias": (sampling.logit_bias is not None, "logit_bias"),
            "seed": (sampling.seed is not None, "seed"),
        }
        for lacking in self.lacks:
            is_asked, param = asked[lacking]
            if is_asked:
                raise NotSupportedByEngine(param)

    def request_json(self, messages: list[Json], options: AnswerOptions) -> dict[str, Json]:
        """The body of a request for a streamed answer."""
        return {
            "model": self.model,
            "messages": messages,
            "stream": True,
            "stream_options": {"include_usage": True},
            **chat_wire.options_json(options, max_tokens_field=self.max_tokens_field),
            **self.extra,
        }


class _Complaint(msgspec.Struct):
    message: str = ""
    code: str | int | None = None
    type: str | None = None


class _Complained(msgspec.Struct):
    error: _Complaint


_complaints = msgspec.json.Decoder(_Complained)


def explain(fault: UpstreamFault) -> Exception | None:
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
