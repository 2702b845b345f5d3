"""The server as `antiphon serve` runs it, in front of stubs of engines: `python -m bench.attacks.server --port …`.

GET /stall answers how long the event loop has been busy at a time since it was asked last, at most.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from pathlib import Path

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from antiphon.serve.ports import take_ports
from antiphon.serve.server import Server, server_configuration
from antiphon.settings import Settings
from bench.realtime.stub_engines import StubDetector
from bench.realtime.stub_server import create_stub_app

_TICK_S = 0.002


class StallsTold:
    """`app`, and how late a timer of its event loop was."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._ticking: asyncio.Task[None] | None = None
        self._worst_s = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._ticking is None:
            self._ticking = asyncio.create_task(self._tick())
        if scope["type"] == "http" and scope["path"] == "/stall":
            worst_s, self._worst_s = self._worst_s, 0.0
            await JSONResponse({"worst_s": worst_s})(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _tick(self) -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(_TICK_S)
            self._worst_s = max(self._worst_s, time.perf_counter() - began - _TICK_S)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.attacks.server")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True)
    options = parser.parse_args()
    settings = Settings()
    listener, secure = take_ports(
        settings, host="127.0.0.1", port=options.port, tls_port=0, tls_required=False, data=options.data
    )
    app = StallsTold(create_stub_app(options.data, port=options.port, detector=StubDetector()))
    configuration = server_configuration(app, limits=settings.limits)
    Server(configuration, limits=settings.limits, secure=secure).run(sockets=[listener])


if __name__ == "__main__":
    main()
