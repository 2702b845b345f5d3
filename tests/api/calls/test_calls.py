"""Calls over WebRTC, from their first word to their end."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import random
from typing import Any, cast

import httpx
import numpy as np
import pytest

from antiphon.api.calls.limits import CallLimits
from antiphon.audio.pcm import Pcm
from antiphon.dialogue.reply import AudioSpoken, ReplyEvent, ReplyFinished, TranscriptSpoken
from antiphon.engines.interfaces import ToolCallDelta
from antiphon.vocabulary.usage import Usage

from ...waiting import eventually
from ..conftest import tone
from ..realtime.realtime_server import Client, RealtimeServer
from .phone import Phone, calling

pytestmark = pytest.mark.anyio

CALLS = "/openai/v1/realtime/calls?model=gpt-realtime"
SIDEBAND = "/openai/v1/realtime?call_id="
FINISHED = ReplyFinished(finish_reason="stop", usage=Usage(input_text_tokens=3, output_text_tokens=2))
LOUD = 1_000
PATIENT = {"type": "server_vad", "silence_duration_ms": 1_000}
PAUSE = Pcm.silence(0.5, 24_000)


def limit(realtime: RealtimeServer, **limits: Any) -> None:
    """Set other limits for the calls that follow."""
    services = realtime.backend.services
    calls = dataclasses.replace(services.calls, limits=CallLimits(**limits))
    realtime.backend.api.state.services = dataclasses.replace(services, calls=calls)


def answer_at_length(realtime: RealtimeServer) -> None:
    words = [(f" word{number}", 0.4) for number in range(20)]
    script: list[ReplyEvent | Exception] = [
        event for word, seconds in words for event in (TranscriptSpoken(text=word), AudioSpoken(audio=tone(seconds)))
    ]
    realtime.backend.responder.script = [*script, FINISHED]


async def ask(client: Phone | Client, text: str = "Hello.") -> None:
    content = [{"type": "input_text", "text": text}]
    await client.send("conversation.item.create", item={"type": "message", "role": "user", "content": content})
    await client.send("response.create")


async def wait_long_for_the_end_of_turns(phone: Phone) -> None:
    """On a busy machine, silence may come in the middle of a word."""
    await phone.send("session.update", session={"type": "realtime", "audio": {"input": {"turn_detection": PATIENT}}})
    await phone.until("session.updated")


def types(events: list[dict[str, Any]]) -> list[str]:
    return [event["type"] for event in events]


async def test_a_caller_asks_and_hears_the_answer(http: httpx.AsyncClient):
    async with calling(http, CALLS) as (phone, call_id):
        assert call_id.startswith("rtc_")
        assert (await phone.event())["type"] == "session.created"
        await ask(phone)
        events = await phone.until("output_audio_buffer.stopped")
    assert "response.output_audio.delta" not in types(events)
    assert types(events).count("output_audio_buffer.started") == 1
    done = next(event for event in events if event["type"] == "response.done")["response"]
    assert done["status"] == "completed"
    assert events[-1]["response_id"] == done["id"]
    loud = [loudness for _, loudness in phone.heard if loudness > LOUD]
    assert 0.9 < len(loud) * 0.02 < 1.15, "The answer has a second."


async def test_a_caller_speaks_and_is_answered(http: httpx.AsyncClient):
    async with calling(http, CALLS) as (phone, _):
        await wait_long_for_the_end_of_turns(phone)
        phone.microphone.say(Pcm.concatenate([PAUSE, tone(0.6)], 24_000))
        events = await phone.until("response.done")
    assert "input_audio_buffer.speech_started" in types(events)
    assert "input_audio_buffer.speech_stopped" in types(events)
    assert events[-1]["response"]["status"] == "completed"


@pytest.mark.parametrize("fault", ["loss", "reordering", "suppressed silence"])
async def test_a_caller_is_understood_over_a_bad_network(http: httpx.AsyncClient, fault: str):
    rng = random.Random(5)
    late = set[asyncio.Task[None]]()
    async with calling(http, CALLS) as (phone, _):
        await wait_long_for_the_end_of_turns(phone)
        transport = cast("Any", phone.connection.getTransceivers()[0].sender.transport)
        send = transport._send_rtp

        async def send_later(data: bytes) -> None:
            await asyncio.sleep(0.03)
            with contextlib.suppress(ConnectionError):
                await send(data)

        def passes(data: bytes) -> bool:
            if fault == "loss":
                return rng.random() > 0.1
            if fault == "reordering" and rng.random() < 0.2:
                late.add(asyncio.create_task(send_later(data)))
                return False
            return fault != "suppressed silence" or phone.microphone.speaks

        phone.send_through(passes)
        phone.microphone.say(Pcm.concatenate([PAUSE, tone(0.8)], 24_000))
        events = await phone.until("response.done")
    by_type = {event["type"]: event for event in events}
    began = by_type["input_audio_buffer.speech_started"]["audio_start_ms"]
    ended = by_type["input_audio_buffer.speech_stopped"]["audio_end_ms"]
    assert ended - began > 800
    assert by_type["response.done"]["response"]["status"] == "completed"


async def test_a_caller_interrupts_and_the_answer_ends_where_it_was_heard(
    realtime: RealtimeServer, http: httpx.AsyncClient
):
    answer_at_length(realtime)
    async with calling(http, CALLS) as (phone, _):
        await ask(phone)
        await phone.until("output_audio_buffer.started")
        await asyncio.sleep(1.0)  # Heard, in part.
        phone.microphone.say(tone(0.6))
        await phone.until("input_audio_buffer.speech_started")
        interrupted_at = asyncio.get_running_loop().time()
        events = await phone.until("conversation.item.truncated")
        await asyncio.sleep(0.3)
        since = [loudness for at, loudness in phone.heard if at > interrupted_at]
        await phone.send("conversation.item.retrieve", item_id=events[-1]["item_id"])
        item = (await phone.last("conversation.item.retrieved"))["item"]
    assert "output_audio_buffer.cleared" in types(events)
    heard_ms = events[-1]["audio_end_ms"]
    loud_ms = 20 * sum(loudness > LOUD for _, loudness in phone.heard)
    assert heard_ms == pytest.approx(loud_ms, abs=150)
    assert sum(loudness > LOUD for loudness in since) <= 5, "It is silent within a tenth of a second."
    assert sum(loudness < LOUD for loudness in since) >= 5
    said = item["content"][0]["transcript"].split()
    assert said == [f"word{number}" for number in range(len(said))]
    assert heard_ms // 400 <= len(said) <= heard_ms // 400 + 1


async def test_a_client_clears_the_audio(realtime: RealtimeServer, http: httpx.AsyncClient):
    answer_at_length(realtime)
    async with calling(http, CALLS) as (phone, _):
        await ask(phone)
        started = await phone.last("output_audio_buffer.started")
        await phone.send("output_audio_buffer.clear")
        cleared = await phone.last("output_audio_buffer.cleared")
        assert cleared["response_id"] == started["response_id"]
        assert (await phone.last("conversation.item.truncated"))["audio_end_ms"] < 1_000


async def test_a_filtered_caller_sees_no_tools_while_others_call_them(
    realtime: RealtimeServer, http: httpx.AsyncClient
):
    realtime.backend.responder.script = [ToolCallDelta(index=0, name="weather", arguments="{}"), FINISHED]
    async with (
        calling(http, f"{CALLS}&webrtcfilter=on") as (phone, call_id),
        realtime.open(SIDEBAND + call_id, max_queue=None) as sideband,
        realtime.open(SIDEBAND + call_id, max_queue=None) as another,
    ):
        assert (await sideband.event())["type"] == "session.created"
        session = {"type": "realtime", "instructions": "Be secret.", "audio": {"input": {"turn_detection": PATIENT}}}
        await sideband.send("session.update", session=session)
        await another.until("session.updated")
        phone.microphone.say(Pcm.concatenate([PAUSE, tone(0.6)], 24_000))
        call = await sideband.last("response.function_call_arguments.done")
        realtime.backend.responder.script = None
        output = {"type": "function_call_output", "call_id": call["call_id"], "output": "Rain."}
        await sideband.until("response.done")
        await sideband.send("conversation.item.create", item=output)
        await sideband.send("response.create")
        seen = await phone.until("output_audio_buffer.stopped")
        assert "response.output_audio_transcript.done" in types(await sideband.until("response.done"))
        await another.until("response.done")
    assert set(types(seen)) <= {
        "input_audio_buffer.speech_started",
        "input_audio_buffer.speech_stopped",
        "output_audio_buffer.started",
        "output_audio_buffer.stopped",
        "conversation.item.added",
        "response.output_audio_transcript.delta",
        "response.output_audio_transcript.done",
    }
    assert {event["item"]["type"] for event in seen if event["type"] == "conversation.item.added"} == {"message"}


async def test_who_listens_in_may_leave_and_hears_of_the_end(realtime: RealtimeServer, http: httpx.AsyncClient):
    async with calling(http, CALLS) as (phone, call_id), realtime.open(SIDEBAND + call_id) as sideband:
        async with realtime.open(SIDEBAND + call_id) as another:
            await another.event()
        await sideband.event()
        await phone.event()
        assert (await http.post(f"/openai/v1/realtime/calls/{call_id}/hangup")).status_code == 200
        await asyncio.wait_for(sideband.socket.wait_closed(), 10)
        assert sideband.socket.close_code == 1001
        await eventually(lambda: phone.connection.connectionState == "closed")
        gone = await http.post(f"/openai/v1/realtime/calls/{call_id}/hangup")
        assert (gone.status_code, gone.json()["error"]["code"]) == (404, "call_not_found")
        assert (await realtime.refusal(SIDEBAND + call_id))[0] == 404


async def test_audio_comes_by_itself_and_in_its_own_format(http: httpx.AsyncClient):
    async with calling(http, CALLS) as (phone, _):
        await phone.event()
        await phone.send("input_audio_buffer.append", audio="AAAA")
        assert (await phone.event())["error"]["param"] == "type"
        audio = {"input": {"format": {"type": "audio/pcmu"}}, "output": {"format": {"type": "audio/pcma"}}}
        await phone.send("session.update", session={"type": "realtime", "audio": audio})
        session = (await phone.last("session.updated"))["session"]
        assert session["audio"]["input"]["format"]["type"] == "audio/pcm"
        assert session["audio"]["output"]["format"]["type"] == "audio/pcm"


async def test_an_event_too_long_for_the_data_channel_is_reported(realtime: RealtimeServer, http: httpx.AsyncClient):
    answer_at_length(realtime)
    async with calling(http, CALLS) as (phone, _):
        await ask(phone)
        item_id = (await phone.last("response.done"))["response"]["output"][0]["id"]
        await phone.send("conversation.item.retrieve", item_id=item_id)
        assert (await phone.last("error"))["error"]["code"] == "event_too_long"


async def test_a_call_ends_with_its_caller(realtime: RealtimeServer, http: httpx.AsyncClient):
    calls = realtime.backend.services.calls
    async with calling(http, CALLS) as (phone, _):
        await phone.event()
        assert calls.under_way == 1
    await eventually(lambda: calls.under_way == 0)


async def test_a_caller_that_vanishes_is_let_go(realtime: RealtimeServer, http: httpx.AsyncClient):
    limit(realtime, silent_seconds=0.5)
    calls = realtime.backend.api.state.services.calls
    async with calling(http, CALLS) as (phone, _):
        await phone.event()
        ice = cast("Any", phone.connection.getTransceivers()[0].sender.transport.transport)
        for endpoint in ice._connection._protocols:
            endpoint.transport.close()
        await eventually(lambda: calls.under_way == 0)


async def test_a_caller_that_never_connects_is_let_go(realtime: RealtimeServer, http: httpx.AsyncClient):
    limit(realtime, connect_seconds=0.2)
    calls = realtime.backend.api.state.services.calls
    async with calling(http, CALLS, connects=False):
        assert calls.under_way == 1
        await eventually(lambda: calls.under_way == 0)


def test_a_tone_is_loud_enough_to_be_told_from_silence():
    assert np.abs(tone(0.1).samples).max() * 32_767 > 2 * LOUD
