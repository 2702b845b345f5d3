"""A conversation and its sampling in the format of llama.cpp's chat completions."""

from __future__ import annotations

from collections.abc import Sequence

from antiphon.engines.interfaces import Json, Message, Sampling
from antiphon.vocabulary.tools import ToolCall

ChatMessage = dict[str, str]

DEFAULT_TEMPERATURE = 0.6
DEFAULT_TOP_P = 0.9
"""OpenAI's own defaults, 1 and 1, make models of a few billion parameters ramble."""


def chat_messages(messages: Sequence[Message], *, instructions: str = "") -> list[ChatMessage]:
    """The conversation with `instructions` at the end of its system message. Earlier text stays a prefix as it grows.

    Any chat template can render the result: roles are system, user and assistant, and no role follows itself. A tool's
    arguments and its result appear in a user turn, where small models heed them best. No call appears in an assistant
    turn: a model repeats what it reads as its own words.
    """
    calls = {call.id: call for message in messages for call in message.tool_calls}
    answered_ids = {message.tool_call_id for message in messages if message.role == "tool"}
    chat: list[ChatMessage] = []
    for message in messages:
        if message.role == "tool":
            _append(chat, "user", _result_text(calls.get(message.tool_call_id or ""), message.text))
            continue
        if message.text or not message.tool_calls:
            _append(chat, message.role, message.text)
        for call in message.tool_calls:
            if call.id not in answered_ids:
                _append(chat, "user", _result_text(call, "no answer yet"))
    if instructions:
        if chat and chat[0]["role"] == "system":
            chat[0] = {"role": "system", "content": f"{chat[0]['content']}\n\n{instructions}"}
        else:
            chat.insert(0, {"role": "system", "content": instructions})
    return chat


def asked(chat: Sequence[ChatMessage], question: str) -> list[ChatMessage]:
    """The chat with a question to the model appended."""
    extended = [*chat]
    _append(extended, "user", question, separator="\n\n")
    return extended


def answered(chat: Sequence[ChatMessage], answer: str) -> list[ChatMessage]:
    """The chat with an answer from the model appended."""
    return [*chat, {"role": "assistant", "content": answer}]


def sampling_fields(sampling: Sampling) -> dict[str, Json]:
    """The fields that say how to draw tokens, without `stop` and `max_tokens`."""
    fields: dict[str, Json] = {
        "temperature": DEFAULT_TEMPERATURE if sampling.temperature is None else sampling.temperature,
        "top_p": DEFAULT_TOP_P if sampling.top_p is None else sampling.top_p,
        "frequency_penalty": sampling.frequency_penalty,
        "presence_penalty": sampling.presence_penalty,
    }
    if sampling.seed is not None:
        # A prompt read in different batches differs in the last digits and so, sooner or later, in the text.
        fields |= {"seed": sampling.seed % 2**32, "cache_prompt": False}
    if sampling.logit_bias:
        fields["logit_bias"] = [[token, bias] for token, bias in sampling.logit_bias.items() if 0 <= token < 2**31]
    if sampling.top_logprobs is not None:
        fields |= {"logprobs": True, "top_logprobs": max(1, sampling.top_logprobs)}
    return fields


def _append(chat: list[ChatMessage], role: str, text: str, *, separator: str = "\n") -> None:
    text = text.replace("<|", "< |")  # Text must not pass for a control token, such as the end of its own message.
    if chat and chat[-1]["role"] == role:
        chat[-1] = {"role": role, "content": f"{chat[-1]['content']}{separator}{text}"}
    else:
        chat.append({"role": role, "content": text})


def _result_text(call: ToolCall | None, result: str) -> str:
    called = f"{call.name} {call.arguments or '{}'}:\n" if call else ""
    return f"<tool_response>\n{called}{result}\n</tool_response>"
