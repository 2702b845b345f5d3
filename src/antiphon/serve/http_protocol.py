"""uvicorn's HTTP protocol, with limits on what a client can send before, around and after a request's body."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Coroutine, Generator
from enum import Enum, auto
from functools import partial
from http import HTTPStatus
from types import coroutine
from typing import Any, cast

import httptools
from uvicorn._types import ASGI3Application
from uvicorn.config import Config
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from antiphon.api.error_responses import error_response
from antiphon.api.errors import ApiError, RequestTimeout
from antiphon.serve.connections import WriteProgress
from antiphon.serve.errors import HeadersTooLarge, MalformedRequest, UrlTooLong
from antiphon.serve.rota import Rota
from antiphon.settings import LimitSettings

_STEP_BYTES = 8 * 1024
"""How much is parsed before it is counted."""
_STEP_SECONDS = 0.0003
_REQUEST_SECONDS = 0.0004
"""Of the loop, at least, until a request that has been parsed first waits for anything; often all that it takes."""
_MAX_URL_BYTES = 8 * 1024
_MAX_HEAD_BYTES = 32 * 1024
_MAX_HEADERS = 100
"""These three are Kestrel's limits, and so those of Azure's own servers."""
_FRAMING_BYTES = 64 * 1024
_FRAMING_BYTES_PER_BODY_BYTE = 6
"""What may surround a chunked body: if it arrives byte by byte, there are five bytes around each."""
_MAX_PIPELINED = 8
"""How many pipelined requests may wait for another to be answered. Further ones are not answered."""
_UNSENT_BYTES = 128 * 1024
"""The kernel's send buffer. By default, it takes megabytes, and then nothing more until a third of them has been sent,
so a slow reader would seem to read nothing."""
_SLOWNESS_SECONDS = 5.0
"""After how long without progress a request counts as abandoned, if room is needed for others."""
_GOODBYE_SECONDS = 2.0
"""How long a refused client may take to read why."""
_IGNORED_BYTES = 1024 * 1024
"""How much more is read, and ignored, from a refused client, which may read only once it has sent what it has to send.
Whoever sends more is not read any longer: reading it would take the event loop's time."""


class _Part(Enum):
    """The part of a request that is being read."""

    NONE = auto()
    HEAD = auto()
    BODY = auto()


class HttpProtocol(HttpToolsProtocol):
    """Refuses requests beyond the limits with the usual bodies, and then closes the connection."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        limits: LimitSettings,
        rota: Rota,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._limits = limits
        self._rota = rota
        self._unparsed = b""
        """While there is any, its parsing is on the rota, and nothing more is read."""
        self._answered: RequestResponseCycle | None = None
        """The request that is being answered, or was last."""
        self._is_parsing = False
        self._part = _Part.NONE
        self._framing_bytes = 0
        """Bytes of the current part, not counting the body itself."""
        self._body_bytes = 0
        self._is_over = False
        """Whatever still arrives is ignored."""
        self._ignored_bytes = 0
        self._head_began: float | None = time.monotonic()
        """When the client's time for a head began; None between requests, and while one is read or answered."""
        self._last_move = time.monotonic()
        """When the client last sent something, or was last answered in full."""
        self._answered_at = time.monotonic()
        self._progress = WriteProgress()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._valve = _Valve(transport)
        self.flow = FlowControl(cast("asyncio.Transport", self._valve))
        connection: socket.socket = transport.get_extra_info("socket")
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, _UNSENT_BYTES)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._unset_keepalive_if_required()  # It would keep a connection that was reset in memory for over a minute.
        for waiting, _ in self.pipeline:
            _abandon(waiting)
        self.pipeline.clear()
        if self._answered is not None:  # If others were sent ahead, uvicorn tells only the last of them.
            self._answered.disconnected = True
            self._answered.message_event.set()

    # --- reading -----------------------------------------------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        self._unset_keepalive_if_required()
        self._last_move = time.monotonic()
        if self._head_began is None and not self._is_answering and self._part is not _Part.BODY:
            self._head_began = self._last_move
        if self._is_over:
            self._ignore(len(data))
            return
        self._rota.spend_on_reading(len(data))
        if not self._unparsed:
            self._rota.add(self._parse_some, address=self._address)
        self._unparsed += data
        self._valve.shut()

    def _parse_some(self) -> bool:
        """A step of the rota."""
        end = time.monotonic() + _STEP_SECONDS
        place = 0
        self._is_parsing = True
        while place < len(self._unparsed) and time.monotonic() < end and not self._is_done:
            self._parse(self._unparsed[place : place + _STEP_BYTES])
            place += _STEP_BYTES
        self._is_parsing = False
        self._unparsed = self._unparsed[place:]
        if self._unparsed and not self._is_done:
            return True
        rest, self._unparsed = self._unparsed, b""
        self._valve.open(self.flow)
        self._ignore(len(rest))
        return False

    @property
    def _is_done(self) -> bool:
        """Whether nothing more has to be parsed."""
        return self._is_over or self.parser is None

    @property
    def _address(self) -> str:
        return self.client[0] if self.client else ""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._part = _Part.HEAD
        self._framing_bytes = self._body_bytes = 0

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._part is _Part.BODY:
            return  # A trailer, which is ignored.
        if len(self.headers) >= _MAX_HEADERS:
            raise HeadersTooLarge(max_bytes=_MAX_HEAD_BYTES, max_count=_MAX_HEADERS)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        if len(self.url) > _MAX_URL_BYTES:
            raise UrlTooLong(max_bytes=_MAX_URL_BYTES)
        if len(self.pipeline) >= _MAX_PIPELINED:
            raise MalformedRequest
        self._part = _Part.BODY
        self._head_began = None
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        self._framing_bytes -= len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._part = _Part.NONE
        self._framing_bytes = 0
        super().on_message_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        if self._is_parsing:
            self._start(cycle, app)
        else:  # A request that was sent ahead, and waited for others to be answered.
            self._rota.add(partial(self._start, cycle, app), address=self._address)

    def _start(self, cycle: RequestResponseCycle, app: ASGI3Application) -> bool:
        """A step of the rota."""
        if self.parser is None:
            _abandon(cycle)
            return False
        self._answered = cycle
        self._rota.spend(_REQUEST_SECONDS)
        task = self.loop.create_task(self._run(cycle, app))
        task.add_done_callback(self.tasks.discard)
        self.tasks.add(task)
        return False

    async def _run(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        await _counted(cycle.run_asgi(app), self._count_start)

    def _count_start(self, seconds: float) -> None:
        self._rota.spend(max(0.0, seconds - _REQUEST_SECONDS))

    def on_response_complete(self) -> None:
        self._last_move = self._answered_at = time.monotonic()
        super().on_response_complete()
        if self._part is _Part.HEAD:
            self._unset_keepalive_if_required()
            self._head_began = self._last_move

    def waits_since(self, now: float) -> float | None:
        if self._is_over or not self._is_answering:
            return self._last_move
        since = self._last_move if self._part is _Part.BODY else self._progress.stuck_since(self.transport, now)
        return since if now - since > _SLOWNESS_SECONDS else None

    def check(self, now: float) -> None:
        if now - self._progress.stuck_since(self.transport, now) > self._limits.stalled_seconds:
            self.transport.abort()
        elif self._is_over or self._is_answering or self.transport.is_closing():
            return
        elif self._head_began is not None and now - self._head_began > self._limits.head_seconds:
            if self._part is _Part.HEAD:
                self._refuse(RequestTimeout())
            else:
                self.transport.close()
        elif self._part is _Part.BODY and now - self._answered_at > self._limits.stalled_seconds:
            self.transport.abort()

    @property
    def _is_answering(self) -> bool:
        """Whether a request has not been fully answered."""
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
        """Upgrade to a WebSocket; a client that offers any other protocol is answered in HTTP."""
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
        """Stop reading, and send this answer unless another is under way."""
        self._is_over = True
        is_answering = self._is_answering
        if self._part is _Part.BODY:
            can_answer = is_answering and not self.cycle.response_started and not self.pipeline
            self.cycle.disconnected = True  # So that the application does not answer as well.
            self.cycle.message_event.set()
        elif is_answering:
            self.cycle.keep_alive = False
            return
        else:
            can_answer = True
        if can_answer:
            self.transport.write(refusal(error))
        self._say_goodbye()

    def _ignore(self, size: int) -> None:
        self._ignored_bytes += size
        if self._ignored_bytes > _IGNORED_BYTES and not self.transport.is_closing():
            self.transport.pause_reading()

    def _say_goodbye(self) -> None:
        """Closing at once would reset the connection if there is more to read, and the client would lose the answer."""
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.loop.call_later(_GOODBYE_SECONDS, self.transport.abort)


class _Valve:
    """What `flow` takes for the transport: while data waits to be parsed, nothing more is read, even if the application
    can take more."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._is_shut = False

    def shut(self) -> None:
        self._is_shut = True
        self._transport.pause_reading()

    def open(self, flow: FlowControl) -> None:
        """Read on, unless `flow` has paused reading as well."""
        self._is_shut = False
        if not flow.read_paused:
            self.resume_reading()

    def pause_reading(self) -> None:
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        if not self._is_shut and not self._transport.is_closing():
            self._transport.resume_reading()


@coroutine
def _counted(work: Coroutine[Any, Any, None], count: Callable[[float], None]) -> Generator[Any, Any, None]:
    """Await `work`, and count the seconds until it first waits for anything."""
    began = time.monotonic()
    try:
        awaited = work.send(None)
    except StopIteration:
        return
    finally:
        count(time.monotonic() - began)
    while True:
        try:
            sent = yield awaited
        except BaseException as error:
            step = partial(work.throw, error)
        else:
            step = partial(work.send, sent)
        try:
            awaited = step()
        except StopIteration:
            return


def _abandon(cycle: RequestResponseCycle) -> None:
    """Let go of the connection, as uvicorn has requests do that have been answered."""
    cycle.on_response = lambda: None


def refusal(error: ApiError) -> bytes:
    """A whole answer, after which the connection closes."""
    response = error_response(error)
    lines = [f"HTTP/1.1 {error.status} {HTTPStatus(error.status).phrase}".encode()]
    lines += [name + b": " + value for name, value in response.raw_headers]
    return b"\r\n".join([*lines, b"connection: close", b"", bytes(response.body)])
