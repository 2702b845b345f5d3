"""uvicorn's HTTP protocol, with bounds on what a client can send before, around and after a request's body."""

from __future__ import annotations

import asyncio
from enum import Enum, auto
from http import HTTPStatus
from typing import Any, cast

import httptools
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from antiphon.api.errors import error_response
from antiphon.errors import ApiError, HeadersTooLarge, MalformedRequest, UrlTooLong

_STEP_BYTES = 8 * 1024
"""How much is parsed before it is counted."""
_MAX_URL_BYTES = 8 * 1024
_MAX_HEAD_BYTES = 32 * 1024
_MAX_HEADERS = 100
"""These three are Kestrel's, and so what Azure's own servers take."""
_FRAMING_BYTES = 64 * 1024
_FRAMING_BYTES_PER_BODY_BYTE = 6
"""What may surround a chunked body: one that comes byte by byte has five bytes of its own around each of them."""
_MAX_PIPELINED = 8
"""How many requests may wait for the answer to another one. Further ones are not answered."""
_GOODBYE_SECONDS = 2.0
"""How long a client that was refused may take to read why."""


class _Part(Enum):
    """Of a request: which one is being read."""

    NONE = auto()
    HEAD = auto()
    BODY = auto()


class HttpProtocol(HttpToolsProtocol):
    """What is refused here is answered as any other refusal is, and the connection is closed."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._part = _Part.NONE
        self._framing_bytes = 0
        """Of the part that is being read, all but what belongs to the body."""
        self._body_bytes = 0
        self._is_over = False
        """Nothing that comes matters any more."""

    def data_received(self, data: bytes) -> None:
        self._unset_keepalive_if_required()
        for begin in range(0, len(data), _STEP_BYTES):
            if self._is_over or self.parser is None:
                return
            self._parse(data[begin : begin + _STEP_BYTES])

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._part = _Part.HEAD
        self._framing_bytes = self._body_bytes = 0

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._part is _Part.BODY:
            return  # A trailer, which nobody looks at.
        if len(self.headers) >= _MAX_HEADERS:
            raise HeadersTooLarge(max_bytes=_MAX_HEAD_BYTES, max_count=_MAX_HEADERS)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        if len(self.url) > _MAX_URL_BYTES:
            raise UrlTooLong(max_bytes=_MAX_URL_BYTES)
        if len(self.pipeline) >= _MAX_PIPELINED:
            raise MalformedRequest
        self._part = _Part.BODY
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        self._framing_bytes -= len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._part = _Part.NONE
        self._framing_bytes = 0
        super().on_message_complete()

    @property
    def _is_answering(self) -> bool:
        """Whether there is a request that has not been answered in full."""
        newest = cast("RequestResponseCycle | None", self.cycle)
        return newest is not None and not newest.response_complete

    def _parse(self, step: bytes) -> None:
        self._framing_bytes += len(step)
        try:
            cast("httptools.HttpRequestParser", self.parser).feed_data(step)
            self._check_framing()
        except httptools.HttpParserUpgrade:
            self._upgrade()
        except httptools.HttpParserError as error:
            self._refuse(error.__context__ if isinstance(error.__context__, ApiError) else MalformedRequest())
        except ApiError as error:
            self._refuse(error)

    def _upgrade(self) -> None:
        """To a WebSocket; a client that offers any other protocol is answered in this one."""
        if not self._should_upgrade():
            return
        if self._is_answering:
            self._part = _Part.NONE
            self._refuse(MalformedRequest())
        else:
            self._is_over = True
            self.handle_websocket_upgrade()

    def _check_framing(self) -> None:
        if self._part is _Part.BODY:
            if self._framing_bytes > _FRAMING_BYTES + _FRAMING_BYTES_PER_BODY_BYTE * self._body_bytes:
                raise MalformedRequest
        elif self._framing_bytes > _MAX_HEAD_BYTES:
            if self._part is _Part.HEAD and len(self.url) > _MAX_URL_BYTES:
                raise UrlTooLong(max_bytes=_MAX_URL_BYTES)
            raise HeadersTooLarge(max_bytes=_MAX_HEAD_BYTES, max_count=_MAX_HEADERS)

    def _refuse(self, error: ApiError) -> None:
        """Read no further. Whoever waits for no other answer gets this one."""
        self._is_over = True
        is_answering = self._is_answering
        if self._part is _Part.BODY:
            can_answer = is_answering and not self.cycle.response_started and not self.pipeline
            self.cycle.disconnected = True  # As it seems to the application, which is not to answer as well.
            self.cycle.message_event.set()
        elif is_answering:
            self.cycle.keep_alive = False
            return
        else:
            can_answer = True
        if can_answer:
            self.transport.write(_response(error))
        self._say_goodbye()

    def _say_goodbye(self) -> None:
        """Closing at once would reset the connection if there is more to read, and take the answer from the client."""
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.loop.call_later(_GOODBYE_SECONDS, self.transport.abort)


def _response(error: ApiError) -> bytes:
    response = error_response(error)
    lines = [f"HTTP/1.1 {error.status} {HTTPStatus(error.status).phrase}".encode()]
    lines += [name + b": " + value for name, value in response.raw_headers]
    return b"\r\n".join([*lines, b"connection: close", b"", bytes(response.body)])
