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
from fastapi import FastAPI, Request, WebSocket
from fastapi.responses import Response, StreamingResponse

from antiphon.serve.ports import take_ports
from antiphon.serve.server import Server, server_configuration
from antiphon.settings import LimitSettings, ServerSettings, Settings


def create_app() -> FastAPI:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        print("it begins", flush=True)
        yield
        print("it ends", flush=True)

    app = FastAPI(lifespan=lifespan)

    @app.get("/client")
    async def client(request: Request) -> dict[str, str | None]:
        return {"client": request.client.host if request.client else None, "scheme": request.url.scheme}

    @app.post("/size")
    async def size(request: Request) -> int:
        return len(await request.body())

    @app.post("/unread")
    async def unread() -> None:
        """Answer without a look at the body."""

    @app.get("/slow")
    async def slow() -> str:
        await asyncio.sleep(1)
        return "slow"

    @app.get("/large")
    async def large() -> Response:
        return Response(bytes(64 << 20))

    @app.get("/endless")
    async def endless() -> StreamingResponse:
        async def parts() -> AsyncGenerator[bytes]:
            while True:
                yield b"."
                await asyncio.sleep(0.05)

        return StreamingResponse(parts())

    @app.websocket("/echo")
    async def echo(websocket: WebSocket) -> None:
        await websocket.accept()
        async for text in websocket.iter_text():
            await websocket.send_text(f"{websocket.url.scheme} {text}")

    @app.websocket("/refused")
    async def refused(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.close(3000, "refused")

    return app


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
