from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from typing import Any

import pytest

from antiphon.engines.errors import ContextLengthExceeded, EngineFailed, NotSupportedByEngine, RefusedByEngine
from antiphon.engines.interfaces import (
    Generated,
    GenerationFinished,
    JsonSchema,
    Message,
    Prompt,
    Sampling,
    TextDelta,
    ToolCallDelta,
    ToolCallEnded,
)
from antiphon.engines.remote.language_model import ChatSettings, RemoteLanguageModel
from antiphon.engines.remote.upstream import Upstream
from antiphon.vocabulary.tools import NamedTool, Tool, ToolCall

from .upstream_double import (
    Answer,
    Connection,
    UpstreamDouble,
    document,
    event_stream,
    hang,
    status,
    upstream,
    vanish,
)

pytestmark = pytest.mark.anyio

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


async def test_text_comes_piece_by_piece_and_usage_at_its_end():
    async with model(HELLO) as (engine, double):
        assert await generated(engine) == [
            TextDelta(text="Hel"),
            TextDelta(text="lo."),
            GenerationFinished(finish_reason="stop", prompt_tokens=12, cached_tokens=8, completion_tokens=3),
        ]
    (request,) = double.requests
    assert request.path == "/v1/chat/completions"
    assert request.json == {
        "model": "some-model",
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hello?"}],
        "stream": True,
        "stream_options": {"include_usage": True},
    }


async def test_what_is_asked_for_travels_and_what_is_not_stays_out():
    prompt = Prompt(
        messages=PROMPT.messages,
        sampling=Sampling(temperature=0.5, max_tokens=9, stop=["x"], seed=7, top_logprobs=2, logit_bias={5: -100.0}),
        tools=[WEATHER],
        tool_choice=NamedTool(name="get_weather"),
        parallel_tool_calls=False,
        response_format=JsonSchema(schema={"type": "object"}),
    )
    async with model(HELLO, max_tokens_field="max_completion_tokens", extra={"top_k": 4}) as (engine, double):
        await generated(engine, prompt)
    body = double.requests[0].json
    assert body["temperature"] == 0.5
    assert (body["max_completion_tokens"], "max_tokens" in body) == (9, False)
    assert (body["stop"], body["seed"], body["logit_bias"]) == (["x"], 7, {"5": -100.0})
    assert (body["logprobs"], body["top_logprobs"], body["top_k"]) == (True, 2, 4)
    assert body["tools"][0]["function"]["name"] == "get_weather"
    assert body["tool_choice"] == {"type": "function", "function": {"name": "get_weather"}}
    assert body["parallel_tool_calls"] is False
    assert body["response_format"]["json_schema"]["schema"] == {"type": "object"}
    assert "frequency_penalty" not in body


async def test_calls_of_tools_come_with_their_ends():
    stream = event_stream(
        called(0, "", id="call_a", name="get_weather"),
        called(0, '{"city":'),
        called(0, '"Rome"}'),
        called(1, "{}", id="call_b", name="get_weather"),
        end("tool_calls"),
    )
    async with model(stream) as (engine, _):
        pieces = await generated(engine, Prompt(messages=PROMPT.messages, tools=[WEATHER]))
    assert pieces[:-1] == [
        ToolCallDelta(index=0, id="call_a", name="get_weather"),
        ToolCallDelta(index=0, arguments='{"city":'),
        ToolCallDelta(index=0, arguments='"Rome"}'),
        ToolCallEnded(index=0),
        ToolCallDelta(index=1, arguments="{}", id="call_b", name="get_weather"),
        ToolCallEnded(index=1),
    ]
    assert isinstance(pieces[-1], GenerationFinished)
    assert pieces[-1].finish_reason == "tool_calls"


async def test_the_history_of_calls_is_told_in_the_wires_words():
    call = ToolCall(id="call_a", name="get_weather", arguments="{}")
    messages = [
        Message(role="user", text="Weather?"),
        Message(role="assistant", text="", tool_calls=[call]),
        Message(role="tool", text="sunny", tool_call_id="call_a"),
    ]
    async with model(HELLO) as (engine, double):
        await generated(engine, Prompt(messages=messages))
    assistant, tool = double.requests[0].json["messages"][1:]
    assert assistant["content"] is None
    assert assistant["tool_calls"][0]["id"] == tool["tool_call_id"] == "call_a"


async def test_log_probabilities_are_kept():
    token = {"token": "Hi", "logprob": -0.5, "bytes": [72, 105], "top_logprobs": [{"token": "Ho", "logprob": -1.5}]}
    chunk = text("Hi")
    chunk["choices"][0]["logprobs"] = {"content": [token]}
    async with model(event_stream(chunk, end("stop"))) as (engine, _):
        first = (await generated(engine))[0]
    assert isinstance(first, TextDelta)
    (logprob,) = first.logprobs
    assert (logprob.token, logprob.logprob, logprob.bytes) == ("Hi", -0.5, [72, 105])
    assert logprob.top[0].bytes == [72, 111]


async def test_the_key_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("WRITER_KEY", "secret")
    async with model(HELLO, key_variable="WRITER_KEY", query={"api-version": "2024-10-21"}) as (engine, double):
        await generated(engine)
    headers = double.requests[0].headers
    assert headers["authorization"] == "Bearer secret"
    assert headers["api-key"] == "secret"
    assert double.requests[0].path.endswith("?api-version=2024-10-21")


async def test_closing_the_generator_closes_the_connection():
    async def never_ending(connection: Connection) -> None:
        await connection.head(content_type="text/event-stream")
        await connection.events(text("Hel"), done=False)
        await connection.closed.wait()

    async with model(never_ending) as (engine, double):
        async with aclosing(engine.generate(PROMPT)) as pieces:
            assert await anext(pieces) == TextDelta(text="Hel")
        await asyncio.wait_for(double.closed.wait(), 5)


@pytest.mark.parametrize(
    "answer",
    [
        vanish,
        status(500, b"boom"),
        status(503, retry_after="0"),
        status(429, retry_after="0"),
        document(b"<html>Bad gateway</html>", "text/html"),
        event_stream(done=False),
        event_stream({"error": {"message": "out of memory"}}, done=False),
    ],
    ids=["vanishes", "500", "503", "429", "html", "nothing", "error event"],
)
async def test_what_fails_before_the_first_piece_is_asked_again(answer: Answer):
    async with model(answer, HELLO) as (engine, double):
        assert TextDelta(text="Hel") in await generated(engine)
        assert len(double.requests) == 2


@pytest.mark.parametrize(
    "answer",
    [status(401, b'{"error": {"message": "wrong key"}}'), status(403), status(404)],
    ids=["401", "403", "404"],
)
async def test_what_will_not_go_better_is_not_asked_again(answer: Answer, caplog: pytest.LogCaptureFixture):
    async with model(answer, HELLO) as (engine, double):
        with pytest.raises(EngineFailed):
            await generated(engine)
        assert len(double.requests) == 1
    assert "The engine writer at http://127.0.0.1" in caplog.text


async def _half_an_event(connection: Connection) -> None:
    await connection.head(content_type="text/event-stream")
    await connection.events(text("Hel"), done=False)
    await connection.send(b'data: {"choices": [{"del')


async def _vanish_in_mid_reply(connection: Connection) -> None:
    await connection.head(content_type="text/event-stream")
    await connection.events(text("Hel"), done=False)
    connection.writer.transport.abort()


@pytest.mark.parametrize(
    "answer",
    [
        event_stream(text("Hel"), done=False),
        event_stream(text("Hel"), done=True),
        event_stream(text("Hel"), end("content_filter")),
        event_stream(text("Hel"), called(0, "{}")),
        _half_an_event,
        _vanish_in_mid_reply,
    ],
    ids=["no end", "done without reason", "filtered", "nameless call", "half an event", "vanishes"],
)
async def test_what_breaks_off_in_mid_answer_fails_and_is_not_asked_again(answer: Answer):
    async with model(answer, HELLO) as (engine, double):
        pieces: list[Generated] = []
        with pytest.raises(EngineFailed):
            async for piece in engine.generate(PROMPT):
                pieces.append(piece)
        assert pieces == [TextDelta(text="Hel")]
        assert len(double.requests) == 1


async def test_one_that_hangs_is_given_up():
    async with model(hang, read_seconds=0.2, retries=0) as (engine, _):
        with pytest.raises(EngineFailed):
            await generated(engine)


@pytest.mark.parametrize(
    ("lacking", "prompt"),
    [
        ("tools", Prompt(messages=PROMPT.messages, tools=[WEATHER])),
        ("json_schema", Prompt(messages=PROMPT.messages, response_format=JsonSchema(schema={}))),
        ("logprobs", Prompt(messages=PROMPT.messages, sampling=Sampling(top_logprobs=0))),
        ("seed", Prompt(messages=PROMPT.messages, sampling=Sampling(seed=1))),
    ],
)
async def test_what_the_upstream_lacks_is_refused_by_name(lacking: str, prompt: Prompt):
    async with model(HELLO, lacks=(lacking,)) as (engine, double):
        with pytest.raises(NotSupportedByEngine):
            await generated(engine, prompt)
        assert double.requests == []


def complaint(**error: Any) -> bytes:
    return json.dumps({"error": error}).encode()


async def test_a_conversation_that_is_too_long_is_told_as_such():
    body = complaint(message="This model's maximum context length is 4096 tokens.", code="context_length_exceeded")
    async with model(status(400, body)) as (engine, double):
        with pytest.raises(ContextLengthExceeded, match="4096"):
            await generated(engine)
        assert len(double.requests) == 1


async def test_what_the_upstream_complains_of_is_told():
    async with model(status(400, complaint(message="top_p must be under 1."))) as (engine, _):
        with pytest.raises(RefusedByEngine, match="top_p must be under 1"):
            await generated(engine)


async def test_reading_ahead_asks_for_one_token_where_it_is_wanted():
    async with model(HELLO) as (engine, double):
        await engine.prefill(Prompt(messages=PROMPT.messages[:1]))
        assert double.requests == []
    async with model(HELLO, prefills=True) as (engine, double):
        await engine.prefill(Prompt(messages=PROMPT.messages[:1]))
        assert double.requests[0].json["max_tokens"] == 1
        assert double.requests[0].json["messages"][-1] == {"role": "user", "content": ""}
