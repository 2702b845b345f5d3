"""A small application, served by a process of its own as `antiphon serve` serves the real one.

Arguments: data folder, port, TLS port, seconds of grace for what is open at the end, limits as JSON, and trusted
proxies.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from antiphon.serve.ports import take_ports
from antiphon.serve.server import Server, server_configuration
from antiphon.settings import LimitSettings, ServerSettings, Settings


def create_app() -> Starlette:
    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None]:
        print("it begins", flush=True)
        yield
        print("it ends", flush=True)

    return Starlette(
        lifespan=lifespan,
        routes=[
            Route("/client", client),
            Route("/size", size, methods=["POST"]),
            Route("/unread", unread, methods=["POST"]),
            Route("/slow", slow),
            Route("/large", large),
            Route("/endless", endless),
            WebSocketRoute("/echo", echo),
            WebSocketRoute("/refused", refused),
        ],
    )


async def client(request: Request) -> Response:
    return JSONResponse({"client": request.client.host if request.client else None, "scheme": request.url.scheme})


async def size(request: Request) -> Response:
    return JSONResponse(len(await request.body()))


async def unread(_: Request) -> Response:
    """Answer without a look at the body."""
    return JSONResponse(None)


async def slow(_: Request) -> Response:
    await asyncio.sleep(1)
    return JSONResponse("slow")


async def large(_: Request) -> Response:
    return Response(bytes(64 << 20))


async def endless(_: Request) -> Response:
    async def parts() -> AsyncGenerator[bytes]:
        while True:
            yield b"."
            await asyncio.sleep(0.05)

    return StreamingResponse(parts())


async def echo(websocket: WebSocket) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_text(f"{websocket.url.scheme} {text}")


async def refused(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.close(3000, "refused")


def main() -> None:
    data, port, tls_port, grace_seconds, limits, *proxies = sys.argv[1:]
    settings = Settings(
        server=ServerSettings(trusted_proxies=tuple(proxies)), limits=msgspec.json.decode(limits, type=LimitSettings)
    )
    listener, secure = take_ports(
        settings, host="127.0.0.1", port=int(port), tls_port=int(tls_port), tls_required=True, data=Path(data)
    )
    configuration = server_configuration(
        create_app(), trusted_proxies=settings.server.trusted_proxies, limits=settings.limits
    )
    configuration.timeout_graceful_shutdown = int(grace_seconds)
    Server(configuration, limits=settings.limits, secure=secure).run(sockets=[listener])


if __name__ == "__main__":
    main()
