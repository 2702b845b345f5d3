"""Nothing holds a connection that has ended: an attacker's would stay in memory otherwise."""

from __future__ import annotations

import asyncio
import socket
import weakref

import pytest
import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from uvicorn.server import ServerState

from antiphon.serve.acceptor import Acceptor
from antiphon.serve.connections import Connections
from antiphon.serve.http_protocol import HttpProtocol
from antiphon.serve.rota import Rota
from antiphon.serve.server import server_configuration
from antiphon.settings import LimitSettings

from ..waiting import eventually

_GET = b"GET / HTTP/1.1\r\nHost: x\r\n"


async def greet(_: Request) -> Response:
    return PlainTextResponse("Hello.")


@pytest.mark.usefixtures("no_garbage_collection")
@pytest.mark.parametrize("is_reset", [False, True], ids=["closed", "reset"])
@pytest.mark.parametrize(
    "sent",
    [_GET + b"\r\n", _GET + b"Connection: close\r\n\r\n", _GET, (_GET + b"\r\n") * 3, b"no HTTP\r\n\r\n"],
    ids=["idle", "done", "in its head", "pipelined", "refused"],
)
def test_a_connection_that_has_ended_leaves_nothing_in_memory_and_in_the_log(
    sent: bytes, is_reset: bool, caplog: pytest.LogCaptureFixture
) -> None:
    async def run() -> None:
        state, limits = ServerState(), LimitSettings()
        configuration = server_configuration(Starlette(routes=[Route("/", greet)]), limits=limits)
        configuration.load()
        protocols: weakref.WeakSet[HttpProtocol] = weakref.WeakSet()

        def create_protocol() -> HttpProtocol:
            protocol = HttpProtocol(configuration, state, {}, limits=limits, rota=Rota())
            protocols.add(protocol)
            return protocol

        listener = socket.create_server(("127.0.0.1", 0))
        connections = Connections(state.connections, limit=10)
        acceptor = Acceptor(listener, connections, create_protocol, tls=None, backlog=10, rota=Rota())
        reader, writer = await asyncio.open_connection(*listener.getsockname())
        writer.write(sent)
        if sent.endswith(b"\r\n\r\n"):
            assert await reader.read(1)
        else:
            await eventually(lambda: state.connections)
        if is_reset:
            writer.transport.abort()
        writer.close()
        del reader, writer
        await eventually(lambda: not state.connections and not protocols)
        acceptor.close()
        await acceptor.wait_closed()

    uvloop.run(run())
    assert not caplog.records
