"""Realtime sessions over a socket: what the shell around the state machine does."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
import weakref
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from websockets.exceptions import ConnectionClosed

from antiphon.api.realtime.connection import Connection
from antiphon.audio.pcm import Pcm
from antiphon.dialogue.reply import (
    AudioSpoken,
    LastHeard,
    ReplyEvent,
    ReplyFinished,
    ReplyRequest,
    Speech,
    TextWritten,
    TranscriptSpoken,
)
from antiphon.engines.errors import ContextLengthExceeded
from antiphon.engines.interfaces import ToolCallDelta, ToolCallEnded
from antiphon.hardening.errors import ServerBusy
from antiphon.vocabulary.usage import Usage

from ...waiting import eventually
from ..conftest import Backend, tone
from .realtime_server import GA, Client, RealtimeServer, running

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("no_garbage_collection")]

FINISHED = ReplyFinished(finish_reason="stop", usage=Usage(input_text_tokens=3, output_text_tokens=2))
MANUAL = {"turn_detection": None}
SILENCE = Pcm.silence(0.8, 24_000).to_int16()


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, Any]]:
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> weakref.WeakSet[Connection]:
    """Those that are still in memory."""
    kept: weakref.WeakSet[Connection] = weakref.WeakSet()

    class Watched(Connection):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            kept.add(self)

    monkeypatch.setattr("antiphon.api.realtime.endpoint.Connection", Watched)
    return kept


@pytest.fixture
async def realtime(backend: Backend, connections: weakref.WeakSet[Connection]) -> AsyncGenerator[RealtimeServer]:
    async with running(backend) as server:
        yield server


def said(seconds: float = 0.6) -> bytes:
    """Speech as a client sends it."""
    return tone(seconds).to_int16()


async def ask(client: Client, text: str = "Hello.", **response: Any) -> None:
    content = [{"type": "input_text", "text": text}]
    await client.send("conversation.item.create", item={"type": "message", "role": "user", "content": content})
    await client.send("response.create", response=response)


async def until_gone(server: RealtimeServer, connections: weakref.WeakSet[Connection]) -> None:
    """Return once nothing is left of any connection, without a search for circles."""
    await eventually(lambda: not server.uvicorn.server_state.connections and not connections)


# --- replies ---------------------------------------------------------------------------------------------------------


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
        request.on_heard(LastHeard(text=utterance.text, language=utterance.language))
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
        (lambda: ContextLengthExceeded("Too long."), "invalid_request_error", "context_length_exceeded"),
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
    realtime.backend.responder.pause_seconds = 60
    async with realtime.open() as client:
        await ask(client)
        await client.until("response.audio_transcript.delta")
        await client.send("response.cancel")
        assert (await client.last("response.done"))["response"]["status"] == "cancelled"
        await asyncio.wait_for(realtime.backend.responder.cancelled.wait(), 1)


async def test_a_cancelled_response_tells_what_it_has_used(realtime: RealtimeServer):
    realtime.backend.responder.pause_seconds = 60
    async with realtime.open() as client:
        await ask(client)
        await client.until("response.audio_transcript.delta")
        await client.send("response.cancel")
        used = (await client.last("response.done"))["response"]["usage"]
    assert used["input_tokens"] > 0
    assert used["output_token_details"]["text_tokens"] > 0
    assert used["total_tokens"] == used["input_tokens"] + used["output_tokens"]


# --- mistakes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("frame", ["x", '{"type":"no.such.event"}', '{"type":"response.cancel"}'])
async def test_a_client_that_makes_mistakes_all_the_time_is_hung_up_on(realtime: RealtimeServer, frame: str):
    realtime.limit(mistakes=20, mistakes_per_second=0.01)
    errors = 0
    async with realtime.open() as client:
        with pytest.raises(ConnectionClosed) as closed:
            for _ in range(100):
                await client.socket.send(frame)
            while True:
                errors += (await client.event())["type"] == "error"
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1008
    assert "Too many events" in closed.value.rcvd.reason
    assert errors == 21


async def test_a_client_that_makes_some_mistakes_goes_on(realtime: RealtimeServer):
    realtime.limit(mistakes=20, mistakes_per_second=0.01)
    async with realtime.open() as client:
        for _ in range(20):
            await client.send("no.such.event")
            await client.last("error")
        await ask(client)
        assert (await client.last("response.done"))["response"]["status"] == "completed"


async def test_a_large_event_is_carried_out_before_those_that_follow_it(realtime: RealtimeServer):
    content = [{"type": "input_text", "text": "a" * 1_000_000}]
    async with realtime.open() as client:
        for role in ("user", "assistant"):
            part = content if role == "user" else [{"type": "text", "text": "Well."}]
            await client.send("conversation.item.create", item={"type": "message", "role": role, "content": part})
        created = [(await client.last("conversation.item.created"))["item"]["role"] for _ in range(2)]
    assert created == ["user", "assistant"]


# --- turns -----------------------------------------------------------------------------------------------------------


async def test_a_spoken_turn_is_found_transcribed_and_answered(realtime: RealtimeServer):
    async with realtime.open() as client:
        await client.send("session.update", session={"input_audio_transcription": {"model": "whisper-1"}})
        audio = SILENCE + said(1.0) + SILENCE
        for start in range(0, len(audio), 4801):  # Samples are cut in two.
            await client.append(audio[start : start + 4801])
        events = await client.until("response.done")
        while not any(event["type"].endswith("transcription.completed") for event in events):
            events.append(await client.event())
    by_type = {event["type"]: event for event in events}
    assert by_type["input_audio_buffer.speech_started"]["audio_start_ms"] == pytest.approx(500, abs=64)
    assert by_type["input_audio_buffer.speech_stopped"]["audio_end_ms"] == pytest.approx(2000, abs=64)
    item_id = by_type["input_audio_buffer.speech_started"]["item_id"]
    transcription = by_type["conversation.item.input_audio_transcription.completed"]
    assert (transcription["item_id"], transcription["transcript"]) == (item_id, "What is the time?")


async def test_the_conversation_so_far_is_read_while_the_user_speaks(realtime: RealtimeServer):
    async with realtime.open() as client:
        await client.send("session.update", session={"instructions": "Be kind."})
        await client.append(said())
        await client.until("input_audio_buffer.speech_started")
        await eventually(lambda: realtime.backend.responder.read)
    (request,) = realtime.backend.responder.read
    assert [turn.parts for turn in request.conversation] == [("Be kind.",)]


async def test_the_audio_format_may_change_in_mid_stream(realtime: RealtimeServer):
    async with realtime.open() as client:
        await client.append(SILENCE)
        await client.send("session.update", session={"input_audio_format": "g711_ulaw"})
        for _ in range(20):
            await client.append(b"\xff" * 800)
        await client.append(b"\x10\x90" * 2400)
        started = await client.last("input_audio_buffer.speech_started")
        assert started["audio_start_ms"] == pytest.approx(2500, abs=64)


async def test_an_utterance_is_recognized_once_for_its_transcript_and_its_replies(realtime: RealtimeServer):
    hearing = realtime.backend.services.realtime.profiles["default"].hearing

    async def respond(request: ReplyRequest) -> AsyncGenerator[ReplyEvent]:
        for turn in request.conversation:
            for part in turn.parts:
                if isinstance(part, Speech):
                    yield TextWritten(text=(await hearing.hear(part)).text)
        yield FINISHED

    realtime.backend.responder.instead = respond
    async with realtime.open() as client:
        transcription = {"model": "whisper-1", "language": "en", "prompt": "Rhododendron"}
        await client.send("session.update", session={"input_audio_transcription": transcription} | MANUAL)
        await client.append(said())
        await client.send("input_audio_buffer.commit")
        for _ in range(2):
            await client.send("response.create", response={"modalities": ["text"]})
            await client.until("response.done")
    assert len(realtime.backend.recognizer.utterances) == 1
    assert realtime.backend.recognizer.hints == [("en", "Rhododendron")]


async def test_a_recording_in_which_nobody_speaks_has_an_empty_transcript(realtime: RealtimeServer):
    async with realtime.open() as client:
        await client.send("session.update", session={"input_audio_transcription": {"model": "whisper-1"}} | MANUAL)
        await client.append(SILENCE)
        await client.send("input_audio_buffer.commit")
        completed = await client.last("conversation.item.input_audio_transcription.completed")
        assert completed["transcript"] == ""


async def test_speaking_interrupts_a_reply(realtime: RealtimeServer):
    realtime.backend.responder.pause_seconds = 60
    async with realtime.open() as client:
        await ask(client)
        await client.until("response.audio_transcript.delta")
        await client.append(said())
        response = (await client.last("response.done"))["response"]
        assert response["status_details"]["reason"] == "turn_detected"
        await asyncio.wait_for(realtime.backend.responder.cancelled.wait(), 1)


# --- clients that misbehave, and ends --------------------------------------------------------------------------------


async def test_malformed_frames_are_answered_and_the_session_goes_on(realtime: RealtimeServer):
    async with realtime.open() as client:
        await client.until("session.created")
        for frame in ("", "nonsense", "[]", "{}", '{"type":"no.such.event"}', b"\xff\xfe\x00", "[" * 100_000):
            await client.socket.send(frame)
            assert (await client.event())["type"] == "error"
        await ask(client)
        assert (await client.last("response.done"))["response"]["status"] == "completed"


async def test_the_largest_append_is_taken_and_a_larger_frame_closes_the_connection(realtime: RealtimeServer):
    async with realtime.open() as client:
        await client.send("session.update", session=MANUAL)
        await client.append(bytes(15 * 1024 * 1024))
        await client.send("input_audio_buffer.commit")
        await client.until("input_audio_buffer.committed")
        with pytest.raises(ConnectionClosed) as closed:
            await client.append(bytes(17 * 1024 * 1024))
            await client.until("never")
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009


async def test_going_away_stops_everything(realtime: RealtimeServer, connections: weakref.WeakSet[Connection]):
    realtime.backend.responder.pause_seconds = 60
    async with realtime.open() as client:
        await ask(client)
        await client.until("response.audio_transcript.delta")
        client.socket.transport.abort()
    await asyncio.wait_for(realtime.backend.responder.cancelled.wait(), 2)
    del client
    await until_gone(realtime, connections)


@dataclass(slots=True)
class EndlessResponder:
    """Speaks for ever."""

    seconds: float = 0.0

    async def respond(self, request: ReplyRequest) -> AsyncGenerator[ReplyEvent]:
        while True:
            self.seconds += 10
            yield TranscriptSpoken(text="And on. ")
            yield AudioSpoken(audio=Pcm(np.zeros(240_000, np.float32), 24_000))
            await asyncio.sleep(0)


def narrow(port: int) -> socket.socket:
    """A connection in which little is under way."""
    connected = socket.socket()
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
    connected.connect(("127.0.0.1", port))
    connected.setblocking(False)
    return connected


async def test_a_client_that_reads_nothing_stops_replies_and_is_let_go(
    realtime: RealtimeServer, connections: weakref.WeakSet[Connection]
):
    endless = EndlessResponder()
    realtime.backend.responder.instead = endless.respond
    realtime.limit(stalled_seconds=1.5, outgoing_bytes=500_000)
    async with realtime.open(GA, sock=narrow(realtime.port), max_queue=1) as client:
        await ask(client)
        client.socket.transport.pause_reading()
        await asyncio.sleep(0.7)
        produced = endless.seconds
        await asyncio.sleep(0.3)
        assert 0 < endless.seconds == produced < 300
        await until_gone(realtime, connections)
        client.socket.transport.abort()


async def test_a_client_that_reads_as_slowly_as_it_plays_is_kept(realtime: RealtimeServer):
    realtime.backend.responder.instead = EndlessResponder().respond
    realtime.limit(stalled_seconds=0.6)
    async with realtime.open(GA, max_queue=1) as client:
        await ask(client)
        for _ in range(100):
            await client.event()
            await asyncio.sleep(0.03)
        client.socket.transport.abort()


async def test_a_client_that_floods_without_reading_is_not_read_either(
    realtime: RealtimeServer, connections: weakref.WeakSet[Connection]
):
    realtime.limit(stalled_seconds=0.5, outgoing_bytes=100_000)
    async with realtime.open(sock=narrow(realtime.port), max_queue=1) as client:
        client.socket.transport.pause_reading()
        with pytest.raises((ConnectionClosed, TimeoutError)):
            async with asyncio.timeout(20):
                while True:
                    await client.socket.send('{"type":"no.such.event"}' + " " * 1000)
        await until_gone(realtime, connections)
        client.socket.transport.abort()


async def test_a_session_ends_when_its_time_is_up(realtime: RealtimeServer, connections: weakref.WeakSet[Connection]):
    realtime.limit(session_seconds=0.1, tick_seconds=0.02)
    async with realtime.open() as client:
        error = await client.last("error")
        assert error["error"]["code"] == "session_expired"
        with pytest.raises(ConnectionClosed) as closed:
            await client.event()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1001
    del client, closed
    await until_gone(realtime, connections)


async def test_a_server_that_shuts_down_says_that_it_goes_away(realtime: RealtimeServer):
    async with realtime.open() as client:
        await client.event()
        realtime.uvicorn.should_exit = True
        with pytest.raises(ConnectionClosed) as closed:
            await client.event()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1001


async def test_a_client_that_reads_nothing_does_not_hold_a_shutdown_up(realtime: RealtimeServer):
    realtime.backend.responder.instead = EndlessResponder().respond
    async with realtime.open(sock=narrow(realtime.port), max_queue=1) as client:
        await ask(client)
        client.socket.transport.pause_reading()
        await asyncio.sleep(0.3)
        realtime.uvicorn.should_exit = True
        await eventually(lambda: not realtime.uvicorn.server_state.tasks, seconds=3)
        client.socket.transport.abort()


async def test_a_fault_in_the_session_closes_it_and_no_other(
    realtime: RealtimeServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    async with realtime.open() as other, realtime.open() as client:
        await client.event()
        await other.event()
        with monkeypatch.context() as patched:
            patched.setattr("antiphon.realtime.session.Session._update", lambda *_: 1 / 0)
            await client.send("session.update", session={})
            with pytest.raises(ConnectionClosed) as closed:
                await client.event()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1011
        assert "ZeroDivisionError" in caplog.text
        await other.send("session.update", session={})
        assert (await other.event())["type"] == "session.updated"
