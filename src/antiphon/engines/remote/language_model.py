"""A language model behind a URL: any server with OpenAI's `/chat/completions`."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

import httpx

from antiphon.engines.conversations import conversation_key
from antiphon.engines.interfaces import Generated, Message, Prompt
from antiphon.engines.kind import Role
from antiphon.engines.remote import chat_wire, sse
from antiphon.engines.remote.chat_answer import Answer
from antiphon.engines.remote.chat_server import ChatServerSettings, explain
from antiphon.engines.remote.kind import remote_kind
from antiphon.engines.remote.upstream import Upstream


class ChatSettings(ChatServerSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The settings of the kind `openai-chat`."""

    prefills: bool = False
    """Whether to send the beginning of a conversation before its end is known, to get it into the upstream's prefix
    cache. Each such request makes the model write one token, which an upstream may charge for."""


class RemoteLanguageModel:
    """A `LanguageModel`."""

    def __init__(self, upstream: Upstream, settings: ChatSettings) -> None:
        self._upstream = upstream
        self._settings = settings

    async def generate(self, prompt: Prompt) -> AsyncGenerator[Generated]:
        """See `LanguageModel.generate`. Raises `EngineFailed`, `NotSupportedByEngine` for what the upstream lacks,
        and `RefusedByEngine`."""
        self._settings.check(prompt)
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
        messages = [chat_wire.message_json(message, message.text) for message in prompt.messages]
        return self._upstream.post(
            "chat/completions",
            self._read,
            conversation=conversation_key(prompt.messages),
            explain=explain,
            json=self._settings.request_json(messages, prompt),
        )

    async def _read(self, response: httpx.Response) -> AsyncGenerator[Generated]:
        answer = Answer()
        async with aclosing(sse.events(response, most_silent_seconds=self._settings.read_seconds)) as events:
            async for data in events:
                for piece in answer.take(chat_wire.chunk(data)):
                    yield piece
        yield answer.finished()


OPENAI_CHAT = remote_kind("openai-chat", Role.LANGUAGE_MODEL, ChatSettings, RemoteLanguageModel)
