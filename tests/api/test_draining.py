"""A server that is told to stop takes nothing new, and what it has begun comes to its end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from antiphon.api.draining import Draining, ServerStopping
from antiphon.dialogue.reply import ReplyEvent, ReplyFinished, ReplyRequest, TextWritten
from antiphon.vocabulary.usage import Usage

from ..waiting import eventually
from .conftest import CHAT, Backend, asking, recording
from .realtime.realtime_server import BETA, GA, Client, RealtimeServer, ask, running

pytestmark = pytest.mark.anyio


def in_two_halves(go_on: asyncio.Event) -> Callable[[ReplyRequest], AsyncGenerator[ReplyEvent]]:
    """Says the second half of its answer when it may."""

    async def respond(_: ReplyRequest) -> AsyncGenerator[ReplyEvent]:
        yield TextWritten(text="Good ")
        await go_on.wait()
        yield TextWritten(text="day.")
        yield ReplyFinished(finish_reason="stop", usage=Usage())

    return respond


@asynccontextmanager
async def serving(backend: Backend) -> AsyncGenerator[tuple[RealtimeServer, httpx.AsyncClient]]:
    async with (
        running(backend, drains=True) as server,
        httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{server.port}", headers={"api-key": backend.key}, trust_env=False, timeout=60
        ) as client,
    ):
        yield server, client


def stop(backend: Backend, server: RealtimeServer, *, seconds: float = 30) -> None:
    """What a signal does."""
    backend.services.health.draining.seconds = seconds
    server.uvicorn.handle_exit(15, None)


async def closed(client: Client) -> tuple[int, str]:
    with pytest.raises(ConnectionClosed) as end:
        while True:
            await client.event()
    assert end.value.rcvd is not None
    return end.value.rcvd.code, end.value.rcvd.reason


async def test_a_server_is_ready_until_it_stops_and_lives_until_it_ends(backend: Backend):
    go_on = asyncio.Event()
    backend.responder.instead = in_two_halves(go_on)
    async with serving(backend) as (server, client):
        assert (await client.get("/ready")).json() == {"status": "ready"}
        async with client.stream("POST", CHAT, json=asking(recording(), stream=True)):
            stop(backend, server)
            await eventually(lambda: backend.services.health.draining.is_draining)
            ready, health = await client.get("/ready"), await client.get("/health")
            assert (ready.status_code, ready.json()["status"]) == (503, "stopping")
            assert (health.status_code, health.json()) == (200, {"status": "ok"})
            go_on.set()


async def test_a_reply_that_is_being_streamed_is_finished_and_new_requests_are_refused(backend: Backend):
    go_on = asyncio.Event()
    backend.responder.instead = in_two_halves(go_on)
    async with serving(backend) as (server, client):
        async with client.stream("POST", CHAT, json=asking(recording(), stream=True)) as response:
            stop(backend, server)
            await eventually(lambda: backend.services.health.draining.is_draining)
            refused = await client.post(CHAT, json=asking(recording()))
            assert refused.status_code == 503
            assert (refused.headers["retry-after"], refused.headers["connection"]) == ("5", "close")
            assert refused.headers["x-request-id"]
            assert "stopping" in refused.json()["error"]["message"]
            for path in (BETA, GA):
                status, body, headers = await server.refusal(path)
                assert (status, headers["retry-after"]) == (503, "5")
                assert "stopping" in body["error"]["message"]
            go_on.set()
            assert (await response.aread()).endswith(b"data: [DONE]\n\n")
            assert b"day." in response.content
        await eventually(lambda: not server.uvicorn.server_state.connections)


@pytest.mark.parametrize("path", [BETA, GA])
async def test_a_session_is_told_and_closed_at_once_if_nothing_happens_in_it(backend: Backend, path: str):
    async with serving(backend) as (server, _), server.open(path) as client:
        await client.until("session.created")
        stop(backend, server)
        told = await client.event()
        assert (told["type"], told["error"]["type"], told["error"]["code"]) == (
            "error",
            "server_error",
            "server_stopping",
        )
        assert await closed(client) == (1001, "The server is stopping")


async def test_a_session_is_closed_after_the_response_that_is_being_made(backend: Backend):
    go_on = asyncio.Event()
    backend.responder.instead = in_two_halves(go_on)
    async with serving(backend) as (server, _), server.open() as client:
        await ask(client)
        await client.until("response.text.delta")
        stop(backend, server)
        assert (await client.last("error"))["error"]["code"] == "server_stopping"
        go_on.set()
        assert (await client.last("response.done"))["response"]["status"] == "completed"
        assert (await closed(client))[0] == 1001


async def test_what_does_not_end_in_time_is_cut_off(backend: Backend):
    backend.responder.instead = in_two_halves(asyncio.Event())
    async with serving(backend) as (server, client), server.open() as talker:
        await ask(talker)
        async with client.stream("POST", CHAT, json=asking(recording(), stream=True)) as response:
            stop(backend, server, seconds=0.5)
            assert (await closed(talker))[0] == 1001
            with pytest.raises(httpx.RemoteProtocolError):
                await response.aread()


async def test_a_second_signal_ends_everything_at_once(backend: Backend):
    backend.responder.instead = in_two_halves(asyncio.Event())
    async with (
        serving(backend) as (server, client),
        client.stream("POST", CHAT, json=asking(recording(), stream=True)),
    ):
        stop(backend, server, seconds=3600)
        await eventually(lambda: backend.services.health.draining.is_draining)
        stop(backend, server, seconds=3600)
        await server.ended


async def test_draining_is_over_once_nothing_is_under_way():
    draining = Draining()
    with draining.admitted():
        draining.begin()
        with pytest.raises(ServerStopping), draining.admitted():
            pass
        finished = asyncio.create_task(draining.finished())
        await asyncio.sleep(0)
        assert not finished.done()
    await finished
