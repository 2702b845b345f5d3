"""How many tokens a reply may take, told before anything was heard or read: by this, requests are admitted."""

from __future__ import annotations

import json

from antiphon.dialogue.reply import INPUT_TOKENS_A_SECOND, ReplyRequest, Speech, Turn

_BYTES_A_TOKEN = 4
_TOKENS_A_TURN = 4
"""What marks its beginning and its end."""
_DEFAULT_REPLY_TOKENS = 256
"""Of a request that sets no limit: more than most replies have."""


def estimate_tokens(request: ReplyRequest, *, choices: int = 1) -> int:
    """The prompt, by its length in bytes and seconds, and as much as the replies may have at most."""
    prompt = sum(_turn_tokens(turn) for turn in request.conversation)
    tools = sum(_text_tokens(f"{tool.name}{tool.description}{json.dumps(tool.parameters)}") for tool in request.tools)
    return prompt + tools + choices * (request.sampling.max_tokens or _DEFAULT_REPLY_TOKENS)


def _turn_tokens(turn: Turn) -> int:
    calls = sum(_text_tokens(call.name + call.arguments) for call in turn.tool_calls)
    return _TOKENS_A_TURN + calls + sum(_part_tokens(part) for part in turn.parts)


def _part_tokens(part: str | Speech) -> int:
    return _text_tokens(part) if isinstance(part, str) else round(part.audio.seconds * INPUT_TOKENS_A_SECOND)


def _text_tokens(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass")) // _BYTES_A_TOKEN
