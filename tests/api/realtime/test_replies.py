"""Replies of a Realtime session, as its client gets them."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncGenerator, Callable

import pytest

from antiphon.audio.pcm import Pcm
from antiphon.dialogue.reply import (
    AudioSpoken,
    LastHeard,
    ReplyEvent,
    ReplyFinished,
    ReplyRequest,
    Speech,
    TranscriptSpoken,
    Usage,
)
from antiphon.engines.errors import ContextLengthExceeded
from antiphon.engines.interfaces import ToolCallDelta, ToolCallEnded
from antiphon.hardening.errors import ServerBusy

from ..conftest import tone
from .realtime_server import GA, MANUAL, SECONDS, SILENCE, RealtimeServer, ask, said

pytestmark = pytest.mark.anyio

FINISHED = ReplyFinished(finish_reason="stop", usage=Usage(input_text_tokens=3, output_text_tokens=2))


async def test_a_spoken_reply_comes_in_small_pieces(realtime: RealtimeServer):
    async with realtime.open() as client:
        await ask(client)
        events = await client.until("response.done")
    audio = [base64.b64decode(event["delta"]) for event in events if event["type"] == "response.audio.delta"]
    assert max(map(len, audio)) == 200 * 48
    assert b"".join(audio) == tone(0.6).to_int16() + tone(0.4).to_int16()
    response = events[-1]["response"]
    assert response["status"] == "completed"
    assert response["output"][0]["content"][0]["transcript"] == "Good day, to you."
    assert response["usage"]["output_tokens"] == 5


@pytest.mark.parametrize("audio_format", ["g711_ulaw", "g711_alaw"])
async def test_telephony_gets_its_own_format(realtime: RealtimeServer, audio_format: str):
    async with realtime.open() as client:
        await client.send("session.update", session={"output_audio_format": audio_format})
        await ask(client)
        events = await client.until("response.done")
    audio = b"".join(base64.b64decode(event["delta"]) for event in events if event["type"] == "response.audio.delta")
    assert len(audio) == pytest.approx(8_000, abs=2)


async def test_a_reply_depends_on_all_that_was_configured_and_said(realtime: RealtimeServer):
    async with realtime.open() as client:
        tools = [{"type": "function", "name": "look", "parameters": {"type": "object"}}]
        session = {"instructions": "Be kind.", "voice": "echo", "temperature": 0.7, "tools": tools}
        await client.send("session.update", session=session | {"max_response_output_tokens": 50} | MANUAL)
        await client.append(said())
        await client.send("input_audio_buffer.commit")
        await ask(client, "And this?")
        await client.until("response.done")
    (request,) = realtime.backend.responder.requests
    instructions, recording, text = request.conversation
    assert (instructions.role, instructions.parts) == ("system", ("Be kind.",))
    (speech,) = recording.parts
    assert isinstance(speech, Speech)
    assert (speech.audio.sample_rate, speech.audio.seconds) == (16_000, 0.6)
    assert list(text.parts) == ["And this?"]
    assert request.voice is not None
    assert request.voice.name == "echo"
    assert (request.sampling.temperature, request.sampling.max_tokens) == (0.7, 50)
    assert [tool.name for tool in request.tools] == ["look"]


@pytest.mark.parametrize("allowed", [True, False])
async def test_whether_functions_are_called_side_by_side_is_for_the_session_or_the_response_to_say(
    realtime: RealtimeServer, allowed: bool
):
    tools = [{"type": "function", "name": "look"}]
    async with realtime.open(GA) as client:
        session = {"type": "realtime", "tools": tools, "parallel_tool_calls": allowed, "tracing": {"group_id": "g"}}
        await client.send("session.update", session=session | {"model": "gpt-realtime"})
        updated = (await client.last("session.updated"))["session"]
        assert (updated["parallel_tool_calls"], updated["tracing"]) == (allowed, {"group_id": "g"})
        assert updated["model"] == "gpt-4o-realtime-preview"
        await ask(client)
        await client.until("response.done")
        await ask(client, parallel_tool_calls=not allowed)
        await client.until("response.done")
    assert [request.parallel_tool_calls for request in realtime.backend.responder.requests] == [allowed, not allowed]


async def test_the_model_knows_functions_and_no_tools_of_servers(realtime: RealtimeServer):
    tools = [{"type": "mcp", "server_label": "wiki"}, {"type": "function", "name": "look"}]
    choice = {"type": "mcp", "server_label": "wiki"}
    async with realtime.open(GA) as client:
        await client.send("session.update", session={"type": "realtime", "tools": tools, "tool_choice": choice})
        await ask(client)
        await client.until("response.done")
    (request,) = realtime.backend.responder.requests
    assert [tool.name for tool in request.tools] == ["look"]
    assert request.tool_choice == "auto"


async def test_what_was_said_is_told_before_a_reply_that_was_whole_already(realtime: RealtimeServer):
    hearing = realtime.backend.services.realtime.profiles["default"].hearing
    replied = asyncio.Event()

    async def hear_and_answer(request: ReplyRequest) -> AsyncGenerator[ReplyEvent]:
        (speech,) = request.conversation[-1].parts
        assert isinstance(speech, Speech)
        utterance = await hearing.hear(speech)
        yield LastHeard(text=utterance.text, language=utterance.language)
        yield TranscriptSpoken(text="Good day.")
        yield FINISHED
        replied.set()

    realtime.backend.responder.instead = hear_and_answer
    detection = {"type": "server_vad", "silence_duration_ms": 700}
    transcription = {"model": "whisper-1", "language": ""}
    async with realtime.open() as client:
        session = {"turn_detection": detection, "input_audio_transcription": transcription}
        await client.send("session.update", session=session)
        await client.append(said() + Pcm.silence(0.4, 24_000).to_int16())
        await replied.wait()
        await client.append(SILENCE)
        types = [event["type"] for event in await client.until("response.done")]
    told = "conversation.item.input_audio_transcription.completed"
    assert types.index("conversation.item.created") < types.index(told) < types.index("response.created")
    assert types.count(told) == 1


async def test_an_interrupted_reply_is_cut_where_it_was_heard(realtime: RealtimeServer):
    going_on = asyncio.Event()

    async def answer_for_long(request: ReplyRequest) -> AsyncGenerator[ReplyEvent]:
        yield TranscriptSpoken(text="Good day to all of you.")
        yield AudioSpoken(audio=tone(1.0))
        await going_on.wait()
        yield FINISHED

    realtime.backend.responder.instead = answer_for_long
    async with realtime.open() as client:
        await client.send("session.update", session=MANUAL)
        await ask(client)
        item_id = (await client.last("response.audio.delta"))["item_id"]
        truncation = {"item_id": item_id, "content_index": 0, "audio_end_ms": 200}
        await client.send("conversation.item.truncate", **truncation)
        await client.send("response.cancel")
        types = [event["type"] for event in await client.until("response.done")]
        realtime.backend.responder.instead = None
        await client.send("response.create")
        types += [event["type"] for event in await client.until("response.done")]
    assert "error" not in types
    assert types.index("conversation.item.truncated") < types.index("response.done")
    (request,) = realtime.backend.responder.requests
    assert list(request.conversation[-1].parts) == ["Good"]


async def test_functions_are_called_and_their_results_heard(realtime: RealtimeServer):
    realtime.backend.responder.script = [
        TranscriptSpoken(text="One moment."),
        AudioSpoken(audio=tone(0.1)),
        ToolCallDelta(index=0, id="call_a", name="look"),
        ToolCallDelta(index=0, arguments="{}"),
        ReplyFinished(finish_reason="tool_calls", usage=Usage()),
    ]
    async with realtime.open() as client:
        await client.send("session.update", session={"output_audio_format": "g711_ulaw"})
        await ask(client)
        output = (await client.last("response.done"))["response"]["output"]
        assert [item["type"] for item in output] == ["message", "function_call"]
        result = {"type": "function_call_output", "call_id": output[1]["call_id"], "output": "sunny"}
        await client.send("conversation.item.create", item=result)
        await client.send("response.create")
        await client.until("response.done")
    _, said_and_called, returned = realtime.backend.responder.requests[1].conversation
    assert list(said_and_called.parts) == ["One moment."]
    assert [(call.name, call.arguments) for call in said_and_called.tool_calls] == [("look", "{}")]
    assert (returned.role, list(returned.parts)) == ("tool", ["sunny"])
    assert returned.tool_call_id == said_and_called.tool_calls[0].id


async def test_a_call_is_done_before_the_reply_ends(realtime: RealtimeServer):
    goes_on = asyncio.Event()

    async def called_twice(_: ReplyRequest) -> AsyncGenerator[ReplyEvent]:
        yield ToolCallDelta(index=0, id="call_a", name="look", arguments='{"at": "sky"}')
        yield ToolCallEnded(index=0)
        await goes_on.wait()
        yield ToolCallDelta(index=1, id="call_b", name="look", arguments='{"at": "sea"}')
        yield ToolCallEnded(index=1)
        yield ReplyFinished(finish_reason="tool_calls", usage=Usage())

    realtime.backend.responder.instead = called_twice
    async with realtime.open() as client:
        await ask(client)
        done = await client.last("response.output_item.done")
        assert done["item"]["arguments"] == '{"at": "sky"}'
        goes_on.set()
        output = (await client.last("response.done"))["response"]["output"]
    assert [item["arguments"] for item in output] == ['{"at": "sky"}', '{"at": "sea"}']


@pytest.mark.parametrize(
    ("error", "type_", "code"),
    [
        (
            lambda: ContextLengthExceeded.by(context_tokens=10, tokens="11"),
            "invalid_request_error",
            "context_length_exceeded",
        ),
        (ServerBusy, "server_error", "rate_limit_exceeded"),
        (lambda: RuntimeError("secret"), "server_error", "server_error"),
    ],
)
async def test_a_reply_that_fails_says_why_and_the_session_goes_on(
    realtime: RealtimeServer, error: Callable[[], Exception], type_: str, code: str, caplog: pytest.LogCaptureFixture
):
    realtime.backend.responder.script = [TranscriptSpoken(text="Well"), error()]
    async with realtime.open() as client:
        await ask(client)
        response = (await client.last("response.done"))["response"]
        assert response["status"] == "failed"
        assert response["status_details"]["error"]["type"] == type_
        assert response["status_details"]["error"]["code"] == code
        assert "secret" not in json.dumps(response)
        assert ("secret" in caplog.text) is (code == "server_error")
        realtime.backend.responder.script = None
        await ask(client)
        assert (await client.last("response.done"))["response"]["status"] == "completed"


async def test_cancelling_stops_the_responder_at_once(realtime: RealtimeServer):
    realtime.backend.responder.silent_after = 1
    async with realtime.open() as client:
        await ask(client)
        await client.until("response.audio_transcript.delta")
        await client.send("response.cancel")
        assert (await client.last("response.done"))["response"]["status"] == "cancelled"
        await asyncio.wait_for(realtime.backend.responder.cancelled.wait(), SECONDS)


async def test_a_cancelled_response_tells_what_it_has_used(realtime: RealtimeServer):
    realtime.backend.responder.silent_after = 1
    async with realtime.open() as client:
        await ask(client)
        await client.until("response.audio_transcript.delta")
        await client.send("response.cancel")
        used = (await client.last("response.done"))["response"]["usage"]
    assert used["input_tokens"] > 0
    assert used["output_token_details"]["text_tokens"] > 0
    assert used["total_tokens"] == used["input_tokens"] + used["output_tokens"]
