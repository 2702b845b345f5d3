"""Streamed chat completions."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any

import pytest
from openai.types.chat import ChatCompletionChunk

from antiphon.dialogue.reply import LastHeard, ReplyEvent, ReplyFinished, Stage, StageReached, TextWritten
from antiphon.engines.interfaces import ToolCallDelta, ToolCallEnded
from antiphon.vocabulary.usage import Usage

from ..conftest import CHAT, Server, asking, recording, spoken

pytestmark = pytest.mark.anyio

STREAMED = {"stream": True, "audio": {"voice": "alloy", "format": "pcm16"}}


def chunks(text: str) -> list[Any]:
    events = [event.removeprefix("data: ") for event in text.split("\n\n") if event]
    assert events[-1] == "[DONE]"
    parsed = [json.loads(event) for event in events[:-1]]
    for chunk in parsed:
        ChatCompletionChunk.model_validate(chunk)
    return parsed


def deltas(text: str, index: int = 0) -> list[dict[str, Any]]:
    return [choice["delta"] for chunk in chunks(text) for choice in chunk["choices"] if choice["index"] == index]


async def test_transcript_and_audio_come_interleaved_as_they_are_made(server: Server):
    response = await server.chat(spoken(**STREAMED))
    assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
    sent = deltas(response.text)
    assert sent[0] == {"role": "assistant", "content": None, "refusal": None}
    kinds = [next(iter(delta["audio"].keys() - {"id"})) for delta in sent if "audio" in delta]
    assert kinds == ["transcript", *["data"] * 3, "transcript", *["data"] * 2, "expires_at"]
    assert "".join(d["audio"].get("transcript", "") for d in sent if "audio" in d) == "Good day, to you."


async def test_the_audios_id_comes_once_for_clients_that_join_what_all_deltas_have(server: Server):
    text = (await server.chat(spoken(**STREAMED, n=2))).text
    for index in (0, 1):
        audio = [delta["audio"] for delta in deltas(text, index) if "audio" in delta]
        assert [("id" in each) for each in audio] == [True] + [False] * (len(audio) - 1)
        assert audio[-1].keys() == {"expires_at"}


async def test_a_call_of_a_function_streams_as_one(server: Server):
    server.responder.script = [
        ToolCallDelta(index=0, id="call_1", name="weather"),
        ToolCallDelta(index=0, arguments='{"city":"Rome"}'),
        ReplyFinished(finish_reason="tool_calls", usage=Usage()),
    ]
    sent = chunks((await server.chat(spoken(**STREAMED, functions=[{"name": "weather"}]))).text)
    choices = [chunk["choices"][0] for chunk in sent]
    assert choices[1]["delta"] == {"function_call": {"name": "weather", "arguments": ""}}
    assert choices[2]["delta"] == {"function_call": {"arguments": '{"city":"Rome"}'}}
    assert choices[-1]["finish_reason"] == "function_call"


async def test_each_piece_of_audio_is_whole_samples_and_together_they_are_the_reply(server: Server):
    sent = deltas((await server.chat(spoken(**STREAMED))).text)
    pieces = [
        base64.b64decode(delta["audio"]["data"], validate=True) for delta in sent if "data" in delta.get("audio", {})
    ]
    assert all(len(piece) % 2 == 0 for piece in pieces)
    assert sum(map(len, pieces)) == 48_000


async def test_the_stream_ends_with_the_reason_then_the_usage(server: Server):
    sent = chunks((await server.chat(spoken(**STREAMED, stream_options={"include_usage": True}))).text)
    assert sent[-2]["choices"][0] == {"index": 0, "delta": {}, "finish_reason": "stop", "logprobs": None}
    assert sent[-1]["choices"] == []
    assert sent[-1]["usage"]["prompt_tokens"] == 19
    assert all(chunk["usage"] is None for chunk in sent[:-1])


async def test_usage_is_not_sent_unless_asked_for(server: Server):
    assert all("usage" not in chunk for chunk in chunks((await server.chat(spoken(**STREAMED))).text))


async def test_a_streamed_answer_can_be_referred_to(server: Server):
    sent = deltas((await server.chat(spoken(**STREAMED))).text)
    audio_id = sent[1]["audio"]["id"]
    assert await server.audio_outputs.transcript(server.account_id, audio_id) == "Good day, to you."


async def test_text_streams_too(server: Server):
    sent = deltas((await server.chat(asking(recording(), stream=True))).text)
    assert "".join(delta.get("content") or "" for delta in sent) == "Good day."


async def test_several_choices_share_the_stream(server: Server):
    text = (await server.chat(spoken(**STREAMED, n=2))).text
    for index in (0, 1):
        transcript = "".join(d["audio"].get("transcript", "") for d in deltas(text, index) if "audio" in d)
        assert transcript == "Good day, to you."


async def test_arguments_of_tools_stream(server: Server):
    server.responder.script = [
        ToolCallDelta(index=0, id="call_1", name="weather"),
        ToolCallDelta(index=0, arguments='{"city":"Rome"}'),
        ToolCallEnded(index=0),
        ReplyFinished(finish_reason="tool_calls", usage=Usage()),
    ]
    sent = deltas((await server.chat(spoken(**STREAMED))).text)
    assert sent[1]["tool_calls"][0]["function"] == {"name": "weather", "arguments": ""}
    assert sent[1]["tool_calls"][0]["id"] == "call_1"
    assert sent[2]["tool_calls"] == [{"index": 0, "function": {"arguments": '{"city":"Rome"}'}}]
    assert not any(sent[3:])


@pytest.mark.parametrize("progress", [[], [StageReached(stage=Stage.HEARD), LastHeard(text="Hello.", language="en")]])
async def test_an_error_before_anything_is_said_has_its_own_status(server: Server, progress: list[ReplyEvent]):
    server.responder.script = [*progress, RuntimeError("engine on fire")]
    response = await server.chat(spoken(**STREAMED))
    assert response.status_code == 500
    assert "fire" not in response.text


async def test_an_error_in_the_midst_is_the_last_event_and_tells_nothing_of_the_server(server: Server):
    server.responder.script = [TextWritten(text="Go"), RuntimeError("engine on fire")]
    response = await server.chat(asking(recording(), stream=True))
    last = json.loads(response.text.strip().split("\n\n")[-1].removeprefix("data: "))
    assert last["error"]["code"] == "InternalServerError"
    assert "fire" not in response.text


@pytest.mark.parametrize("stream", [True, False])
async def test_a_client_that_goes_away_stops_the_work_and_leaves_nothing_kept(server: Server, stream: bool):
    server.responder.silent_after = 1
    body = json.dumps(spoken(**(STREAMED if stream else {}))).encode()
    sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    gone = asyncio.Event()
    received = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        if received:
            return received.pop()
        await gone.wait()
        return {"type": "http.disconnect"}

    path, _, query = CHAT.partition("?")
    scope = {"type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": "POST",
             "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "", "scheme": "http",
             "headers": [(b"api-key", server.key.encode())], "client": None, "server": None, "state": {}}  # fmt: skip
    serving = asyncio.create_task(server.api(scope, receive, sent.put))
    await server.responder.asked.wait()
    gone.set()
    await asyncio.wait_for(server.responder.cancelled.wait(), 60)
    await asyncio.wait_for(serving, 60)
