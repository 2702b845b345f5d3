"""`UpstreamDouble`: a server on loopback that answers each request as a test has scripted it, byte for byte."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

from antiphon.engines.remote.settings import UpstreamSettings
from antiphon.engines.remote.upstream import Upstream

Settings = TypeVar("Settings", bound=UpstreamSettings)
Engine = TypeVar("Engine")

Answer: TypeAlias = Callable[["Connection"], Awaitable[None]]


@dataclass(slots=True)
class Request:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(slots=True)
class Connection:
    request: Request
    writer: asyncio.StreamWriter
    reader: asyncio.StreamReader
    closed: asyncio.Event
    """Set when the client has gone."""

    async def head(self, status: int = 200, **headers: str) -> None:
        lines = [f"HTTP/1.1 {status} Scripted", "connection: close"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        await self.send(("\r\n".join(lines) + "\r\n\r\n").encode())

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def events(self, *events: Any, done: bool = True) -> None:
        for event in events:
            await self.send(f"data: {json.dumps(event)}\n\n".encode())
        if done:
            await self.send(b"data: [DONE]\n\n")


@dataclass(slots=True)
class UpstreamDouble:
    port: int = 0
    answers: list[Answer] = field(default_factory=list[Answer])
    """One for each request; the last one answers all that follow."""
    requests: list[Request] = field(default_factory=list[Request])
    closed: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a client has closed its connection before the answer's end."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await read_request(reader)
            self.requests.append(request)
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            connection = Connection(request, writer, reader, self.closed)
            watching = asyncio.create_task(self._watch(reader))
            try:
                await answer(connection)
            finally:
                watching.cancel()
        except (ConnectionError, asyncio.IncompleteReadError):
            self.closed.set()
        finally:
            writer.close()

    async def _watch(self, reader: asyncio.StreamReader) -> None:
        await reader.read()
        self.closed.set()


async def read_request(reader: asyncio.StreamReader) -> Request:
    """Raises `IncompleteReadError` where the client goes instead."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    first, *lines = head.strip().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(path=first.split(" ")[1], headers=headers, body=body)


@asynccontextmanager
async def upstream(*answers: Answer) -> AsyncGenerator[UpstreamDouble]:
    double = UpstreamDouble(answers=list(answers))
    server = await asyncio.start_server(double.serve, "127.0.0.1", 0)
    double.port = server.sockets[0].getsockname()[1]
    try:
        yield double
    finally:
        server.close()


@asynccontextmanager
async def engine_behind(
    build: Callable[[Upstream, Settings], Engine], name: str, settings: Callable[[str], Settings], *answers: Answer
) -> AsyncGenerator[tuple[Engine, UpstreamDouble]]:
    """The engine `name` and the double that answers it, whose URL `settings` gets."""
    async with upstream(*answers) as double:
        own = settings(double.url)
        reached = Upstream(name, own)
        try:
            yield build(reached, own), double
        finally:
            await reached.aclose()


def event_stream(*events: Any, done: bool = True) -> Answer:
    async def answer(connection: Connection) -> None:
        await connection.head(content_type="text/event-stream")
        await connection.events(*events, done=done)

    return answer


def status(code: int, body: bytes = b"", **headers: str) -> Answer:
    async def answer(connection: Connection) -> None:
        await connection.head(code, **{"content_type": "application/json", **headers})
        await connection.send(body)

    return answer


def document(body: bytes, content_type: str = "application/json") -> Answer:
    return status(200, body, content_type=content_type)


async def vanish(connection: Connection) -> None:
    """Close without an answer."""
    connection.writer.transport.abort()


async def hang(connection: Connection) -> None:
    """Take the request, and say nothing until the client goes."""
    await connection.closed.wait()
