"""`Acceptor`, when accepting ends at an awkward moment."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import closing

import pytest
import uvloop
from starlette.applications import Starlette
from uvicorn.server import ServerState

from antiphon.serve.acceptor import Acceptor
from antiphon.serve.connections import Connections
from antiphon.serve.http_protocol import HttpProtocol
from antiphon.serve.rota import Rota
from antiphon.serve.server import server_configuration
from antiphon.settings import LimitSettings

from ..waiting import eventually


class EventfulProtocol(HttpProtocol):
    """Calls `on_made` as soon as it is connected, before anybody else learns that."""

    on_made: Callable[[], object]

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.on_made()


@pytest.mark.parametrize("ends_by", ["closing", "making room"])
def test_a_connection_made_as_it_is_dropped_does_not_count_as_open(ends_by: str) -> None:
    async def run() -> None:
        state, limits = ServerState(), LimitSettings()
        configuration = server_configuration(Starlette(), limits=limits)
        configuration.load()
        connections = Connections(state.connections, limit=1)
        made = asyncio.Event()

        def on_made() -> None:
            if ends_by == "closing":
                acceptor.close()
            else:
                connections.make_room()
            made.set()

        def create_protocol() -> HttpProtocol:
            protocol = EventfulProtocol(configuration, state, {}, limits=limits, rota=Rota())
            protocol.on_made = on_made
            return protocol

        listener = socket.create_server(("127.0.0.1", 0))
        acceptor = Acceptor(listener, connections, create_protocol, tls=None, backlog=1, rota=Rota())
        with closing(socket.create_connection(listener.getsockname())) as client:
            client.setblocking(False)
            async with asyncio.timeout(10):
                await made.wait()
                assert await asyncio.get_running_loop().sock_recv(client, 1) == b""
        acceptor.close()
        await acceptor.wait_closed()
        assert not state.connections

    uvloop.run(run())


def test_who_has_hung_up_before_being_served_is_not_served_at_all() -> None:
    async def run() -> None:
        state, limits = ServerState(), LimitSettings()
        configuration = server_configuration(Starlette(), limits=limits)
        configuration.load()
        served = 0

        def create_protocol() -> HttpProtocol:
            nonlocal served
            served += 1
            return HttpProtocol(configuration, state, {}, limits=limits, rota=Rota())

        listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        for _ in range(20):
            socket.create_connection(listener.getsockname()).close()
        acceptor = Acceptor(
            listener, Connections(state.connections, limit=100), create_protocol, tls=None, backlog=100, rota=Rota()
        )
        with closing(socket.create_connection(listener.getsockname())):
            await eventually(lambda: state.connections)
        assert served == 1
        acceptor.close()
        await acceptor.wait_closed()

    uvloop.run(run())
