"""Chat completions as JSON: what whole and streamed replies have in common."""

from __future__ import annotations

import secrets
import string
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, TypeAlias

from antiphon.vocabulary.logprobs import TokenLogprob
from antiphon.vocabulary.usage import Usage

JsonObject: TypeAlias = dict[str, Any]

_ID_LETTERS = string.ascii_letters + string.digits


def _new_completion_id() -> str:
    return "chatcmpl-" + "".join(secrets.choice(_ID_LETTERS) for _ in range(29))


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """One answer to one request: the fields that begin the completion and each of its chunks."""

    model: str
    """Name and version, such as gpt-4o-audio-preview-2024-12-17."""
    system_fingerprint: str
    id: str = field(default_factory=_new_completion_id)
    created: int = field(default_factory=lambda: int(time.time()))

    def whole(self, choices: Sequence[JsonObject], usage: Usage | None) -> JsonObject:
        """`usage` is None for a completion that was cut short."""
        return self._head("chat.completion") | {"choices": choices, "usage": usage and usage_json(usage)}

    def chunk(self, choices: Sequence[JsonObject], **more: Any) -> JsonObject:
        return self._head("chat.completion.chunk") | {"choices": choices} | more

    def _head(self, kind: str) -> JsonObject:
        return {
            "id": self.id,
            "object": kind,
            "created": self.created,
            "model": self.model,
            "system_fingerprint": self.system_fingerprint,
        }


def usage_json(usage: Usage) -> JsonObject:
    return {
        "prompt_tokens": usage.input_tokens,
        "completion_tokens": usage.output_tokens,
        "total_tokens": usage.total_tokens,
        "prompt_tokens_details": {
            "audio_tokens": usage.input_audio_tokens,
            "cached_tokens": usage.cached_tokens,
            "text_tokens": usage.input_text_tokens,
            "image_tokens": 0,
        },
        "completion_tokens_details": {
            "audio_tokens": usage.output_audio_tokens,
            "reasoning_tokens": 0,
            "text_tokens": usage.output_text_tokens,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


def usage_of_choices(usages: Sequence[Usage]) -> Usage:
    """The usage of a request: its prompt counts once, however many choices were made from it."""

    def add(total: Usage, choice: Usage) -> Usage:
        return Usage(
            input_text_tokens=total.input_text_tokens,
            input_audio_tokens=total.input_audio_tokens,
            cached_tokens=total.cached_tokens,
            output_text_tokens=total.output_text_tokens + choice.output_text_tokens,
            output_audio_tokens=total.output_audio_tokens + choice.output_audio_tokens,
        )

    return reduce(add, usages)


def logprobs_json(logprobs: Sequence[TokenLogprob]) -> JsonObject:
    return {
        "content": [_token_json(each) | {"top_logprobs": [_token_json(top) for top in each.top]} for each in logprobs],
        "refusal": None,
    }


def _token_json(token: TokenLogprob) -> JsonObject:
    return {"token": token.token, "logprob": token.logprob, "bytes": list(token.bytes)}
