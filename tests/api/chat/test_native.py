"""Chat completions answered by a model that hears and speaks by itself, behind a URL."""

from __future__ import annotations

import base64
import io
import json
import wave
from typing import Any

import pytest
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from ...engines.remote.upstream_double import hang, status
from ..conftest import Backend, Server, asking, recording, spoken, tone
from ..speaking_upstream import greet, greet_and_vanish, speaking_upstream, talk_about_the_weather

pytestmark = pytest.mark.anyio

STREAMED = {"stream": True, "audio": {"voice": "alloy", "format": "pcm16"}, "stream_options": {"include_usage": True}}
LOOK = {"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}


def chunks(text: str) -> list[Any]:
    events = [json.loads(line.removeprefix("data: ")) for line in text.split("\n\n") if line and "[DONE]" not in line]
    return [ChatCompletionChunk.model_validate(event).model_dump() for event in events]


async def test_a_recording_is_answered_by_the_upstreams_own_voice(backend: Backend, server: Server):
    async with speaking_upstream(backend, greet) as upstream:
        body = asking({"type": "text", "text": "What do you hear?"}, recording()) | {"modalities": ["text", "audio"]}
        response = await server.chat(body | {"audio": {"voice": "alloy", "format": "wav"}})
    message = ChatCompletion.model_validate(response.json()).choices[0].message
    assert message.audio is not None
    assert message.audio.transcript == "Good day."
    with wave.open(io.BytesIO(base64.b64decode(message.audio.data))) as file:
        assert file.readframes(file.getnframes()) == tone(0.4).to_int16()
    usage = response.json()["usage"]
    assert (usage["prompt_tokens"], usage["prompt_tokens_details"]["audio_tokens"]) == (40, 25)
    assert (usage["completion_tokens"], usage["completion_tokens_details"]["audio_tokens"]) == (30, 22)
    asked = upstream.requests[0].json
    assert asked["audio"]["voice"] == "Cherry"
    assert [part["type"] for part in asked["messages"][0]["content"]] == ["text", "input_audio"]
    assert backend.recognizer.utterances == []


async def test_an_answer_streams_as_the_upstream_speaks(backend: Backend, server: Server):
    async with speaking_upstream(backend, greet):
        response = await server.chat(spoken(**STREAMED))
    streamed = chunks(response.text)
    audio = [
        choice["delta"]["audio"] for chunk in streamed for choice in chunk["choices"] if choice["delta"].get("audio")
    ]
    assert [piece["transcript"] for piece in audio if piece.get("transcript")] == ["Good ", "day."]
    sound = b"".join(base64.b64decode(piece["data"]) for piece in audio if piece.get("data"))
    assert sound == tone(0.4).to_int16()
    assert streamed[-1]["usage"]["completion_tokens_details"]["audio_tokens"] == 22


async def test_a_tool_is_called_and_its_output_told(backend: Backend, server: Server):
    question = {"role": "user", "content": "Hello."}
    async with speaking_upstream(backend, talk_about_the_weather) as upstream:
        body = spoken(tools=[LOOK]) | {"messages": [question, question]}
        call = (await server.chat(body)).json()["choices"][0]
        assert call["finish_reason"] == "tool_calls"
        (tool_call,) = call["message"]["tool_calls"]
        assert tool_call["function"] == {"name": "look", "arguments": '{"at":"sky"}'}
        seen = {"role": "tool", "tool_call_id": tool_call["id"], "content": "sunny"}
        history = [question, question, {"role": "assistant", "tool_calls": [tool_call]}, seen]
        told = (await server.chat(body | {"messages": history})).json()["choices"][0]["message"]
    assert told["audio"]["transcript"] == "It is sunny."
    assert upstream.requests[-1].json["messages"][-1]["tool_call_id"] == tool_call["id"]


@pytest.mark.parametrize("answer", [status(401), status(500), hang], ids=["401", "500", "hangs"])
async def test_an_upstream_that_fails_is_the_servers_fault(
    backend: Backend, server: Server, answer: Any, caplog: pytest.LogCaptureFixture
):
    async with speaking_upstream(backend, answer, retries=0, read_seconds=0.3):
        response = await server.chat(spoken(**STREAMED))
    assert response.status_code == 500
    assert "The engine voice at http://127.0.0.1" in caplog.text


async def test_an_upstream_that_vanishes_ends_the_stream_with_an_error(backend: Backend, server: Server):
    async with speaking_upstream(backend, greet_and_vanish):
        response = await server.chat(spoken(**STREAMED))
    assert response.status_code == 200
    assert '"error"' in response.text.strip().split("\n\n")[-1]


async def test_what_the_upstream_lacks_is_refused_by_name(backend: Backend, server: Server):
    async with speaking_upstream(backend, greet, lacks=["tools"]) as upstream:
        response = await server.chat(spoken(tools=[LOOK]))
        assert (response.status_code, response.json()["error"]["param"]) == (400, "tools")
        assert upstream.requests == []
