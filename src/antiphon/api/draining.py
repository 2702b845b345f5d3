"""`Draining`: a server that has been told to stop takes nothing new, and finishes what it has begun."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

from starlette.routing import get_route_path
from starlette.types import ASGIApp, Receive, Scope, Send

from antiphon.api.error_responses import error_response
from antiphon.api.errors import ApiError

DRAIN_SECONDS = 30.0
_ALWAYS_ANSWERED = frozenset({"/health", "/ready", "/metrics"})
"""Whoever looks after the server asks these, and nobody waits for them at the end."""


class ServerStopping(ApiError):
    """503: the server finishes what it has begun. Another one, or the next one here, will answer."""

    status = 503
    code = "503"
    type = "server_error"
    retry_after_seconds = 5.0

    def __init__(self) -> None:
        super().__init__("The server is stopping. Please retry after 5 seconds.")

    def headers(self) -> dict[str, str]:
        return {**super().headers(), "Connection": "close"}


class Draining:
    """Counts the requests and sessions that are under way; `begin` gives them at most `seconds` to end."""

    def __init__(self, *, seconds: float = DRAIN_SECONDS, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self.under_way = 0
        """Requests that are being answered, and WebSockets that are open."""
        self._monotonic = monotonic
        self._ends_at = float("inf")
        self._begun = asyncio.Event()
        self._nothing_is_under_way = asyncio.Event()
        self._nothing_is_under_way.set()

    @property
    def is_draining(self) -> bool:
        return self._begun.is_set()

    def begin(self) -> None:
        """From now on, nothing is admitted. Once is enough."""
        if not self.is_draining:
            self._ends_at = self._monotonic() + self.seconds
            self._begun.set()

    async def begun(self) -> float:
        """Return once draining has begun: the seconds that are left then."""
        await self._begun.wait()
        return max(0.0, self._ends_at - self._monotonic())

    async def finished(self) -> None:
        """Return once nothing is under way."""
        await self._nothing_is_under_way.wait()

    @contextmanager
    def admitted(self) -> Generator[None]:
        """Something is under way while this lasts. Raises `ServerStopping`."""
        if self.is_draining:
            raise ServerStopping
        self.under_way += 1
        self._nothing_is_under_way.clear()
        try:
            yield
        finally:
            self.under_way -= 1
            if not self.under_way:
                self._nothing_is_under_way.set()


class Admission:
    """ASGI middleware that has `Draining` count every request and WebSocket, and answers those that are too late."""

    def __init__(self, app: ASGIApp, *, draining: Draining) -> None:
        self._app = app
        self._draining = draining

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"} or get_route_path(scope) in _ALWAYS_ANSWERED:
            await self._app(scope, receive, send)
        elif self._draining.is_draining:
            await error_response(ServerStopping())(scope, receive, send)
        else:
            with self._draining.admitted():
                await self._app(scope, receive, send)
