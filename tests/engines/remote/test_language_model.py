from __future__ import annotations

import asyncio
import contextlib
import json
import math
from contextlib import aclosing
from typing import Any

import pytest

from antiphon.engines.errors import ContextLengthExceeded, EngineFailed, NotSupportedByEngine, RefusedByEngine
from antiphon.engines.interfaces import (
    Generated,
    GenerationFinished,
    JsonSchema,
    Prompt,
    Sampling,
    TextDelta,
)
from antiphon.engines.remote.language_model import ChatSettings, RemoteLanguageModel
from antiphon.engines.remote.upstream import Upstream
from antiphon.vocabulary.tools import NamedTool

from .chat_double import HELLO, PROMPT, USAGE, WEATHER, called, end, generated, model, text
from .upstream_double import (
    Answer,
    Connection,
    document,
    event_stream,
    read_request,
    status,
    vanish,
)

pytestmark = pytest.mark.anyio


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


async def test_of_a_server_that_answers_aloud_the_transcript_is_the_text():
    spoken = [{"id": "audio_1"}, {"transcript": "Of "}, {"data": "AAAA"}, {"transcript": "course."}]
    stream = event_stream(*({"choices": [{"delta": {"audio": audio}}]} for audio in spoken), end("stop"))
    async with model(stream) as (engine, _):
        assert [piece.text for piece in (await generated(engine)) if isinstance(piece, TextDelta)] == ["Of ", "course."]


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


async def _only_comments(connection: Connection) -> None:
    await connection.head(content_type="text/event-stream")
    await connection.events(text("Hel"), done=False)
    while not connection.closed.is_set():
        await connection.send(b": still here\n\n")
        await asyncio.sleep(0.01)


async def test_one_that_only_keeps_the_connection_open_is_given_up():
    async with model(_only_comments, read_seconds=0.2) as (engine, double):
        with pytest.raises(EngineFailed) as failed:
            await generated(engine)
        await asyncio.wait_for(double.closed.wait(), 5)
    assert "kept the connection open without an answer" in str(failed.value.__cause__)


@pytest.mark.parametrize(
    "event",
    [
        [1, 2],
        None,
        "Hello.",
        {"choices": {"delta": {"content": "Hello."}}},
        {"choices": [{"delta": "Hello."}]},
        {"choices": [{"delta": {"content": 5}}]},
        {"choices": [{"delta": {"tool_calls": [{"index": "first"}]}}]},
        {"choices": [{"delta": {"content": "Hi"}, "logprobs": {"content": [{"token": "Hi", "logprob": math.nan}]}}]},
        {"choices": [{"delta": {"content": "Hi"}, "finish_reason": ["stop"]}]},
    ],
    ids=["array", "null", "string", "one choice", "bare delta", "number", "index in words", "NaN", "reasons"],
)
async def test_an_event_of_another_shape_is_none(event: Any):
    async with model(event_stream(event, end("stop")), retries=0) as (engine, _):
        with pytest.raises(EngineFailed) as failed:
            await generated(engine)
    assert "it sent an event that cannot be read" in str(failed.value.__cause__)


async def test_a_stream_without_any_choice_is_no_answer():
    async with model(event_stream({"choices": []}, USAGE), retries=0) as (engine, _):
        with pytest.raises(EngineFailed) as failed:
            await generated(engine)
    assert "stopped in the middle of an answer" in str(failed.value.__cause__)


async def test_a_connection_is_used_again_after_a_whole_answer():
    connections: list[asyncio.StreamWriter] = []
    events = b"".join(f"data: {json.dumps(event)}\n\n".encode() for event in (text("Hello."), end("stop")))
    events += b"data: [DONE]\n\n"
    head = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(writer)
        with contextlib.suppress(asyncio.IncompleteReadError):
            while True:
                await read_request(reader)
                writer.write(head + f"{len(events):x}\r\n".encode() + events + b"\r\n")
                await writer.drain()
                writer.write(b"0\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        chat = ChatSettings(url=f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", model="some-model")
        reached = Upstream("writer", chat)
        for _ in range(3):
            assert (await generated(RemoteLanguageModel(reached, chat)))[0] == TextDelta(text="Hello.")
        await reached.aclose()
    assert len(connections) == 1


async def test_the_last_line_may_lack_its_end():
    async def answer(connection: Connection) -> None:
        await connection.head(content_type="text/event-stream")
        await connection.events(text("Hello."), end("stop"), done=False)
        await connection.send(b"data: [DONE]")

    async with model(answer, retries=0) as (engine, _):
        assert (await generated(engine))[0] == TextDelta(text="Hello.")


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
