"""How likely the tokens of a text were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenLogprob:
    """A token's text, its UTF-8 bytes and natural-log probability; `top` holds the likeliest alternatives."""

    token: str
    bytes: Sequence[int]
    logprob: float
    top: Sequence[TokenLogprob] = ()


def logprobs_json(logprobs: Sequence[TokenLogprob]) -> list[dict[str, Any]]:
    """As transcripts show them, without alternatives."""
    return [{"token": each.token, "logprob": each.logprob, "bytes": list(each.bytes)} for each in logprobs]
