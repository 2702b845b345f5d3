"""`Traced`: a span for each request, which goes on with the trace that its client has begun."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.routing import get_route_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from antiphon.api.measures import LOOKING_AFTER, operation_of
from antiphon.request_id import request_id
from antiphon.telemetry.tracing import Tracing, within

_STATUSES = {"http.response.start", "websocket.http.response.start"}


class Traced:
    """ASGI middleware. A WebSocket is one span that lasts until it closes; its turns have their own within it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        operation = operation_of(get_route_path(scope)) if scope["type"] in {"http", "websocket"} else LOOKING_AFTER
        if operation == LOOKING_AFTER:
            await self._app(scope, receive, send)
            return
        tracing: Tracing = scope["app"].state.services.tracing

        with within(tracing.serve(operation, Headers(scope=scope))) as span:
            span.tell(request_id=request_id.get() or "")

            async def send_and_tell(message: Message) -> None:
                if message["type"] in _STATUSES:
                    span.tell(**{"http.response.status_code": message["status"]})
                await send(message)

            await self._app(scope, receive, send_and_tell)
