"""Clients of a Realtime session that misbehave, and how connections end."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
import weakref
from collections.abc import AsyncGenerator
from dataclasses import dataclass

import numpy as np
import pytest
from websockets.exceptions import ConnectionClosed

from antiphon.api.realtime.connection import Connection
from antiphon.audio.pcm import Pcm
from antiphon.dialogue.reply import AudioSpoken, ReplyEvent, ReplyRequest, TranscriptSpoken

from ...waiting import eventually
from .realtime_server import GA, MANUAL, SECONDS, Client, RealtimeServer, ask

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("connections", "no_garbage_collection")]


async def until_gone(server: RealtimeServer, connections: weakref.WeakSet[Connection]) -> None:
    """Return once nothing is left of any connection, without a search for circles."""
    await eventually(lambda: not server.uvicorn.server_state.connections and not connections)


async def test_malformed_frames_are_answered_and_the_session_goes_on(realtime: RealtimeServer):
    async with realtime.open() as client:
        await client.until("session.created")
        for frame in ("", "nonsense", "[]", "{}", '{"type":"no.such.event"}', b"\xff\xfe\x00", "[" * 100_000):
            await client.socket.send(frame)
            assert (await client.event())["type"] == "error"
        await ask(client)
        assert (await client.last("response.done"))["response"]["status"] == "completed"


@pytest.mark.parametrize("frame", ["x", '{"type":"no.such.event"}', '{"type":"response.cancel"}'])
async def test_an_account_whose_clients_make_mistakes_all_the_time_is_read_slowly(realtime: RealtimeServer, frame: str):
    realtime.limit(mistakes=20, mistakes_per_second=100)

    async def mistake_fifty_times() -> None:
        async with realtime.open() as client:
            for _ in range(50):
                await client.socket.send(frame)
            for _ in range(50):
                await client.last("error")

    began = time.monotonic()
    async with asyncio.TaskGroup() as clients:
        for _ in range(2):
            clients.create_task(mistake_fifty_times())
    assert time.monotonic() - began > (2 * 49 - 20) / 100


async def test_sessions_that_an_account_opens_on_end_are_opened_slowly(realtime: RealtimeServer):
    realtime.limit(openings=3, openings_per_second=20)
    began = time.monotonic()
    for _ in range(10):
        async with realtime.open():
            pass
    assert time.monotonic() - began > (10 - 3) / 20


async def test_a_session_that_asks_for_replies_all_the_time_is_read_slowly(realtime: RealtimeServer):
    realtime.limit(replies=3, replies_per_second=20)
    began = time.monotonic()
    async with realtime.open() as client:
        for _ in range(10):
            await client.send("response.create", response={"conversation": "none"})
            await client.last("response.done")
    assert time.monotonic() - began > (9 - 3) / 20


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
    realtime.backend.responder.silent_after = 1
    async with realtime.open() as client:
        await ask(client)
        await client.until("response.audio_transcript.delta")
        client.socket.transport.abort()
    await asyncio.wait_for(realtime.backend.responder.cancelled.wait(), SECONDS)
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
    realtime.limit(stalled_seconds=0.5, outgoing_bytes=500_000)
    async with realtime.open(GA, sock=narrow(realtime.port), max_queue=1) as client:
        await ask(client)
        client.socket.transport.pause_reading()
        await until_gone(realtime, connections)
        client.socket.transport.abort()
    assert 0 < endless.seconds < 300


async def test_a_client_that_reads_as_slowly_as_it_plays_is_kept(realtime: RealtimeServer):
    realtime.backend.responder.instead = EndlessResponder().respond
    """Longer than nothing at all may be read."""
    realtime.limit(stalled_seconds=2.0)
    async with realtime.open(GA, max_queue=1) as client:
        await ask(client)
        for _ in range(100):
            await client.event()
            await asyncio.sleep(0.03)
        client.socket.transport.abort()


async def flood(client: Client) -> None:
    with contextlib.suppress(ConnectionClosed):
        while True:
            await client.socket.send('{"type":"no.such.event"}' + " " * 1000)


async def test_a_client_that_floods_without_reading_is_not_read_either(
    realtime: RealtimeServer, connections: weakref.WeakSet[Connection]
):
    realtime.limit(stalled_seconds=0.5, outgoing_bytes=100_000)
    async with realtime.open(sock=narrow(realtime.port), max_queue=1) as client:
        client.socket.transport.pause_reading()
        flooding = asyncio.create_task(flood(client))
        await until_gone(realtime, connections)
        flooding.cancel()
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
    endless = EndlessResponder()
    realtime.backend.responder.instead = endless.respond
    realtime.limit(stalled_seconds=600)
    async with realtime.open(sock=narrow(realtime.port), max_queue=1) as client:
        await ask(client)
        client.socket.transport.pause_reading()
        await eventually(lambda: endless.seconds >= 60)  # More than the connection holds: something waits to be sent.
        realtime.uvicorn.should_exit = True
        await eventually(lambda: not realtime.uvicorn.server_state.tasks)
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
