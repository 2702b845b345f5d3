"""A Realtime conversation with a model that hears and speaks by itself, behind a URL."""

from __future__ import annotations

import asyncio
import base64

import pytest

from ..conftest import tone
from ..speaking_upstream import greet, greet_and_vanish, speaking_upstream, talk_about_the_weather
from .realtime_server import SECONDS, SILENCE, RealtimeServer, answered, ask, said

pytestmark = pytest.mark.anyio

TRANSCRIBED = "conversation.item.input_audio_transcription.completed"
SESSION = {
    "input_audio_transcription": {"model": "whisper-1"},
    "tools": [{"type": "function", "name": "look", "parameters": {"type": "object"}}],
}


async def test_a_conversation_with_an_interruption_and_a_tool_call(realtime: RealtimeServer):
    async with speaking_upstream(realtime.backend, talk_about_the_weather) as upstream, realtime.open() as client:
        await client.send("session.update", session=SESSION)
        await client.append(said() + SILENCE)
        events = await client.until("response.audio.delta")

        await client.append(said())  # While the answer is still being spoken.
        events += await client.until("response.done")
        assert events[-1]["response"]["status_details"]["reason"] == "turn_detected"
        await asyncio.wait_for(upstream.closed.wait(), SECONDS)
        item_id = next(event["item_id"] for event in events if event["type"] == "response.audio.delta")
        await client.send("conversation.item.truncate", item_id=item_id, content_index=0, audio_end_ms=200)

        await client.append(SILENCE)
        events += await client.until("response.done")
        (call,) = events[-1]["response"]["output"]
        assert (call["type"], call["name"], call["arguments"]) == ("function_call", "look", '{"at":"sky"}')

        output = {"type": "function_call_output", "call_id": call["call_id"], "output": "sunny"}
        await client.send("conversation.item.create", item=output)
        await client.send("response.create")
        events += await client.until("response.done")
        assert events[-1]["response"]["output"][0]["content"][0]["transcript"] == "It is sunny."

    transcripts = [event["transcript"] for event in events if event["type"] == TRANSCRIBED]
    assert transcripts == ["What is the time?"] * 2
    first, answer, second, called, looked = upstream.requests[-1].json["messages"]
    assert [part["type"] for part in (*first["content"], *second["content"])] == ["input_audio"] * 2
    assert answer == {"role": "assistant", "content": "Good"}
    assert called["tool_calls"][0]["id"] == looked["tool_call_id"] == call["call_id"]


async def test_the_upstreams_audio_arrives_as_it_is(realtime: RealtimeServer):
    async with speaking_upstream(realtime.backend, greet), realtime.open() as client:
        await ask(client)
        events = await client.until("response.done")
    audio = b"".join(base64.b64decode(event["delta"]) for event in events if event["type"] == "response.audio.delta")
    assert audio == tone(0.4).to_int16()
    assert events[-1]["response"]["usage"]["output_token_details"]["audio_tokens"] == 22


async def test_an_upstream_that_vanishes_fails_the_response_and_the_session_goes_on(realtime: RealtimeServer):
    async with speaking_upstream(realtime.backend, greet_and_vanish, greet), realtime.open() as client:
        failed = await answered(client)
        assert (failed["status"], failed["status_details"]["error"]["type"]) == ("failed", "server_error")
        assert (await answered(client))["status"] == "completed"
