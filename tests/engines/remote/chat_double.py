"""A language model behind a URL, and what its upstream sends."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from antiphon.engines.interfaces import Generated, Message, Prompt
from antiphon.engines.remote.language_model import ChatSettings, RemoteLanguageModel
from antiphon.engines.remote.upstream import Upstream
from antiphon.vocabulary.tools import Tool

from .upstream_double import Answer, UpstreamDouble, event_stream, upstream

PROMPT = Prompt(messages=[Message(role="system", text="Be brief."), Message(role="user", text="Hello?")])
WEATHER = Tool(name="get_weather", description="The weather.", parameters={"type": "object", "properties": {}})


def text(content: str) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {"content": content}, "finish_reason": None}]}


def end(reason: str) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]}


def called(index: int, arguments: str, **head: Any) -> dict[str, Any]:
    function = {"arguments": arguments} | ({"name": head.pop("name")} if "name" in head else {})
    call = {"index": index, "function": function} | head
    return {"choices": [{"index": 0, "delta": {"tool_calls": [call]}, "finish_reason": None}]}


USAGE = {
    "choices": [],
    "usage": {"prompt_tokens": 12, "completion_tokens": 3, "prompt_tokens_details": {"cached_tokens": 8}},
}
HELLO = event_stream(text("Hel"), text("lo."), end("stop"), USAGE)


@asynccontextmanager
async def model(*answers: Answer, **settings: Any) -> AsyncGenerator[tuple[RemoteLanguageModel, UpstreamDouble]]:
    async with upstream(*answers) as double:
        chat = ChatSettings(url=double.url, model="some-model", **settings)
        reached = Upstream("writer", chat)
        try:
            yield RemoteLanguageModel(reached, chat), double
        finally:
            await reached.aclose()


async def generated(engine: RemoteLanguageModel, prompt: Prompt = PROMPT) -> list[Generated]:
    return [piece async for piece in engine.generate(prompt)]
