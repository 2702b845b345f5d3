"""Estimates how many tokens a reply may take, before anything is heard or read, in order to admit requests."""

from __future__ import annotations

import json
from collections.abc import Iterable

from antiphon.dialogue.reply import ReplyRequest, Speech, Turn
from antiphon.vocabulary.tokens import INPUT_TOKENS_A_SECOND, TOKENS_A_TURN, estimate_text_tokens

_DEFAULT_REPLY_TOKENS = 256
"""For a request that sets no limit: more than most replies need."""


def estimate_tokens(request: ReplyRequest, *, choices: int = 1) -> int:
    """The prompt, by its length in bytes and seconds, plus the most that the replies may have."""
    return estimate_prompt_tokens(request) + choices * (request.sampling.max_tokens or _DEFAULT_REPLY_TOKENS)


def estimate_prompt_tokens(request: ReplyRequest) -> int:
    tools = sum(estimate_text_tokens(f"{t.name}{t.description}{json.dumps(t.parameters)}") for t in request.tools)
    return estimate_turn_tokens(request.conversation) + tools


def estimate_turn_tokens(turns: Iterable[Turn]) -> int:
    return sum(map(_turn_tokens, turns))


def _turn_tokens(turn: Turn) -> int:
    calls = sum(estimate_text_tokens(call.name + call.arguments) for call in turn.tool_calls)
    return TOKENS_A_TURN + calls + sum(_part_tokens(part) for part in turn.parts)


def _part_tokens(part: str | Speech) -> int:
    return estimate_text_tokens(part) if isinstance(part, str) else round(part.audio.seconds * INPUT_TOKENS_A_SECOND)
