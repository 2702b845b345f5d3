"""The API on a port of its own, as `antiphon serve` has it, and a client of its Realtime sessions."""

from __future__ import annotations

import asyncio
import base64
import dataclasses
import json
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus

from antiphon.api.realtime.limits import Limits
from antiphon.audio.pcm import Pcm
from antiphon.serve.ports import TlsListener
from antiphon.serve.server import Server, server_configuration
from antiphon.settings import LimitSettings
from antiphon.tls.certificates import LocalCertificates
from antiphon.tls.contexts import Tls

from ...waiting import eventually
from ..conftest import Backend, tone

BETA = "/openai/realtime?api-version=2024-10-01-preview&deployment=gpt-4o-realtime-preview"
GA = "/openai/v1/realtime?model=gpt-4o-realtime-preview"
OPENAI = "/v1/realtime?model=gpt-4o-realtime-preview"
SECONDS = 60
"""How long any event may take to come."""
MANUAL = {"turn_detection": None}
SILENCE = Pcm.silence(0.8, 24_000).to_int16()


@dataclass(slots=True)
class Client:
    socket: ClientConnection

    async def send(self, type_: str, **fields: Any) -> None:
        await self.socket.send(json.dumps({"type": type_, **fields}))

    async def append(self, audio: bytes) -> None:
        await self.send("input_audio_buffer.append", audio=base64.b64encode(audio).decode())

    async def event(self) -> dict[str, Any]:
        return json.loads(await asyncio.wait_for(self.socket.recv(), SECONDS))

    async def until(self, type_: str) -> list[dict[str, Any]]:
        """All events up to the first of this type."""
        events = [await self.event()]
        while events[-1]["type"] != type_:
            events.append(await self.event())
        return events

    async def last(self, type_: str) -> dict[str, Any]:
        return (await self.until(type_))[-1]


def said(seconds: float = 0.6) -> bytes:
    """Speech as a client sends it."""
    return tone(seconds).to_int16()


async def ask(client: Client, text: str = "Hello.", **response: Any) -> None:
    content = [{"type": "input_text", "text": text}]
    await client.send("conversation.item.create", item={"type": "message", "role": "user", "content": content})
    await client.send("response.create", response=response)


async def answered(client: Client, text: str = "Hello.", **options: Any) -> dict[str, Any]:
    """Ask, and wait for the response that is done."""
    await ask(client, text, **options)
    return (await client.last("response.done"))["response"]


@dataclass(slots=True)
class RealtimeServer:
    backend: Backend
    port: int
    uvicorn: uvicorn.Server
    ended: asyncio.Task[None]
    tls_port: int | None = None

    def limit(self, **limits: Any) -> None:
        """Set other limits for the sessions that follow."""
        services = self.backend.services
        realtime = dataclasses.replace(services.realtime, limits=Limits(**limits))
        self.backend.api.state.services = dataclasses.replace(services, realtime=realtime)

    @asynccontextmanager
    async def open(
        self, path: str = BETA, *, headers: dict[str, str] | None = None, **options: Any
    ) -> AsyncGenerator[Client]:
        """A session; without `headers`, the key is sent as one."""
        headers = {"api-key": self.backend.key} if headers is None else headers
        url = f"ws://127.0.0.1:{self.port}{path}"
        async with connect(url, additional_headers=headers, proxy=None, **options) as socket:
            yield Client(socket)

    async def refusal(self, path: str, **options: Any) -> tuple[int, dict[str, Any], dict[str, str]]:
        """Status, body and headers of the answer to who must stay outside."""
        try:
            async with self.open(path, **options):
                raise AssertionError("The session was opened.")
        except InvalidStatus as refused:
            response = refused.response
            return response.status_code, json.loads(response.body or b""), dict(response.headers)


@asynccontextmanager
async def running(
    backend: Backend, *, certificates: LocalCertificates | None = None, drains: bool = False
) -> AsyncGenerator[RealtimeServer]:
    """With `certificates`, it speaks TLS on a second port; if it `drains`, it lets what is under way end first."""
    configuration = server_configuration(backend.api, limits=LimitSettings())
    secure = None
    if certificates is not None:
        secure = TlsListener(socket=socket.create_server(("127.0.0.1", 0)), tls=Tls(certificates))
    draining = backend.services.health.draining if drains else None
    server = Server(configuration, limits=LimitSettings(), secure=secure, draining=draining)
    listener = socket.create_server(("127.0.0.1", 0))
    serving = asyncio.create_task(server._serve(sockets=[listener]))  # `serve` would take the test runner's signals.
    await eventually(lambda: server.started)
    try:
        ports = [listening.sockets[0].getsockname()[1] for listening in server.servers]
        yield RealtimeServer(backend, ports[0], server, serving, ports[1] if secure else None)
    finally:
        server.should_exit = True
        await serving
