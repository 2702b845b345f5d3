"""A language model behind a URL, and what its upstream sends."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Any

from antiphon.engines.interfaces import Generated, Message, Prompt
from antiphon.engines.remote.language_model import ChatSettings, RemoteLanguageModel
from antiphon.vocabulary.tools import Tool

from .upstream_double import Answer, UpstreamDouble, engine_behind, event_stream

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


def model(*answers: Answer, **settings: Any) -> AbstractAsyncContextManager[tuple[RemoteLanguageModel, UpstreamDouble]]:
    return engine_behind(
        RemoteLanguageModel, "writer", lambda url: ChatSettings(url=url, model="some-model", **settings), *answers
    )


async def generated(engine: RemoteLanguageModel, prompt: Prompt = PROMPT) -> list[Generated]:
    return [piece async for piece in engine.generate(prompt)]
