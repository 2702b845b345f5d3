"""How likely the tokens of a text were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenLogprob:
    """A token's text, its UTF-8 bytes and natural-log probability; `top` holds the likeliest alternatives."""

    token: str
    bytes: Sequence[int]
    logprob: float
    top: Sequence[TokenLogprob] = ()
