"""What every request gets: an id, the headers that Azure's responses carry, one line in the log, and an answer."""

from __future__ import annotations

import logging
import time
import uuid

from starlette.datastructures import Headers, MutableHeaders
from starlette.routing import get_route_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from antiphon.api.domain_errors import as_api_error
from antiphon.api.error_responses import CLIENT_CLOSED_REQUEST, error_response
from antiphon.api.measures import ApiMeasures, operation_of
from antiphon.request_id import request_id

_log = logging.getLogger(__name__)

REGION = "local"
_MAX_CLIENT_REQUEST_ID = 128
_SWITCHING_PROTOCOLS = 101
_STARTS = {"http.response.start", "websocket.http.response.start", "websocket.accept"}


class RequestLog:
    """ASGI middleware around the whole application. A WebSocket is a request that lasts until it closes."""

    def __init__(self, app: ASGIApp, *, measures: ApiMeasures | None = None) -> None:
        self._app = app
        self._measures = measures or ApiMeasures()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        own_id = str(uuid.uuid4())
        token = request_id.set(own_id)
        client_id = Headers(scope=scope).get("x-ms-client-request-id", "Not-Set")[:_MAX_CLIENT_REQUEST_ID]
        status: int | None = None

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] in _STARTS:
                status = message.get("status", _SWITCHING_PROTOCOLS)
                message["headers"] = list(message.get("headers", ()))
                _add_headers(MutableHeaders(scope=message), own_id, client_id, time.perf_counter() - started)
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except Exception as error:
            fault = as_api_error(error)
            if status is None:
                await error_response(fault)(scope, receive, send_with_headers)
        finally:
            seconds = time.perf_counter() - started
            self._measure(get_route_path(scope), status, seconds, is_http=scope["type"] == "http")
            _log.info("%s %s %s in %.3f s", scope.get("method", "WEBSOCKET"), scope["path"], status, seconds)
            request_id.reset(token)

    def _measure(self, path: str, status: int | None, seconds: float, *, is_http: bool) -> None:
        operation = operation_of(path)
        self._measures.requests.add(operation, str(status or CLIENT_CLOSED_REQUEST))
        if is_http:
            self._measures.request_seconds.add(seconds, operation)


def _add_headers(headers: MutableHeaders, own_id: str, client_id: str, seconds: float) -> None:
    headers["apim-request-id"] = own_id
    headers["x-request-id"] = own_id
    headers["x-ms-client-request-id"] = client_id
    headers["x-ms-region"] = REGION
    headers["x-envoy-upstream-service-time"] = str(round(seconds * 1000))
    headers["x-content-type-options"] = "nosniff"
    headers["api-supported-versions"] = "1"
    if headers.get("content-type", "").startswith("text/event-stream"):
        headers["cache-control"] = "no-cache"
        headers["x-accel-buffering"] = "no"
