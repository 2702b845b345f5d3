"""uvicorn's WebSocket protocol, with limits on the work that a client can cause, and the way of closing that Realtime
sessions need."""

from __future__ import annotations

import asyncio
import socket
from asyncio.transports import BaseTransport
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast

from uvicorn.config import Config
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.frames import Frame

from antiphon.hardening.leaky_bucket import LeakyBucket
from antiphon.serve.connections import WriteProgress
from antiphon.serve.large_frames import LargeFrames
from antiphon.serve.rota import Rota

_GOING_AWAY = 1001
_LOST = 1006
_POLICY_VIOLATION = 1008
_SEND_BUFFER_BYTES = 256 * 1024
"""The kernel's send buffer. By default, it takes four megabytes, and more only when a third of them has been sent: a
client that reads only as fast as it plays would get nothing for half a minute, and seem to have stopped reading."""
_FREE_FRAGMENTS = 64
_MIN_FRAGMENT_BYTES = 512
"""The minimum average size of a message's fragments after the first `_FREE_FRAGMENTS`."""
_MAX_CONTROL_FRAMES = 120
_CONTROL_FRAMES_PER_SECOND = 10.0
"""Pings and pongs: how many may come at once, and how fast further ones may follow."""
_CLOSE_SECONDS = 3.0
"""How long a client may take to confirm the close."""
_PARSED_AFTER_CLOSE_BYTES = 16 * 1024
_DROPPED_AFTER_CLOSE_BYTES = 1024 * 1024
"""How much is still read, and ignored, from a client that does not expect the close, so that it gets to read why."""


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """Parses input in steps, on a rota shared by all sockets, and only up to the next message until the application
    takes it. Clients that send what no client needs to send are refused; after the server's close frame, next to
    nothing is parsed.

    A socket that can no longer be written to is dropped, because its client may never read again. Clients are told that
    the server is going away, not that it is restarting.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        *,
        rota: Rota,
        stalled_seconds: float,
    ) -> None:
        super().__init__(config=config, server_state=server_state, app_state=app_state)
        self.close_timeout = _CLOSE_SECONDS
        self._rota = rota
        self._stalled_seconds = stalled_seconds
        self._progress = WriteProgress()
        self._unparsed = bytearray()
        self._large_frames = LargeFrames(max_bytes=config.ws_max_size)
        self._is_on_rota = False
        self._message = bytearray()
        self._fragments = 0
        self._control_frames = LeakyBucket(_MAX_CONTROL_FRAMES, leak_per_second=_CONTROL_FRAMES_PER_SECOND)
        self._bytes_after_close = 0

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES)

    # --- input -------------------------------------------------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        if not self.handshake_initiated:
            self._shake_hands(data)
            return
        if self.close_sent:
            self._bytes_after_close += len(data)
            if self._bytes_after_close > _DROPPED_AFTER_CLOSE_BYTES:
                self.transport.pause_reading()
            if self._bytes_after_close > _PARSED_AFTER_CLOSE_BYTES:
                return
        self._rota.spend_on_reading(len(data))
        self._unparsed += data
        self.transport.pause_reading()
        self._parse_soon()

    async def send(self, message: Any) -> None:
        await super().send(message)
        if message["type"] == "websocket.close":
            self._bytes_after_close = len(self._unparsed)
            if self._bytes_after_close > _PARSED_AFTER_CLOSE_BYTES:
                self._unparsed.clear()
            self._parse_soon()

    async def receive(self) -> Any:
        await asyncio.sleep(0)  # Spread many messages over many turns of the event loop.
        message = await self.queue.get()
        self._parse_soon()
        return message

    def handle_text(self, event: Frame) -> None:
        super().handle_text(event)
        self._begin_message()

    def handle_bytes(self, event: Frame) -> None:
        super().handle_bytes(event)
        self._begin_message()

    def handle_cont(self, event: Frame) -> None:
        self._message += event.data
        self._fragments += 1
        if self._fragments > _FREE_FRAGMENTS + len(self._message) // _MIN_FRAGMENT_BYTES:
            self._refuse("Too many fragments")
        elif event.fin:
            message, self._message = self._message, bytearray()
            self.frames = [bytes(message) if self.curr_msg_data_type == "bytes" else cast("bytes", message)]
            self.send_receive_event_to_app()

    def _begin_message(self) -> None:
        """Put a message's fragments together as they come: to do that with all of a large one would stop everything
        else for a while."""
        self._message, self._fragments = bytearray().join(self.frames), 1
        self.frames = []

    def handle_ping(self) -> None:
        self._count_control_frame(super().handle_ping)

    def handle_pong(self, event: Frame) -> None:
        self._count_control_frame(lambda: super(WebSocketProtocol, self).handle_pong(event))

    def _shake_hands(self, head: bytes) -> None:
        super().data_received(head)
        if self.conn.handshake_exc is not None:
            if not self.conn.writes:
                self.conn.send_response(self.conn.reject(HTTPStatus.BAD_REQUEST, "No WebSocket can be opened.\n"))
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.handshake_initiated = self.handshake_complete = self.close_sent = True
            self.transport.close()

    def _parse_soon(self) -> None:
        if not self._is_on_rota:
            self._is_on_rota = True
            self._rota.add(self._parse_step, address=self.client[0] if self.client else "")

    def _parse_step(self) -> bool:
        self._is_on_rota = False
        if self.transport.is_closing() or not (self.queue.empty() or self.close_sent):
            return False
        step = self._large_frames.take(self._unparsed)
        if not step:
            self.read_paused = False
            self.transport.resume_reading()
            return False
        try:
            super().data_received(step)
        except Exception:
            self.transport.abort()
            raise
        self._is_on_rota = True
        return True

    def _count_control_frame(self, handle: Callable[[], None]) -> None:
        self._control_frames.add()
        if self._control_frames.room < 0:
            self._refuse("Too many control frames")
        else:
            handle()

    def _refuse(self, reason: str) -> None:
        """Drop the connection and everything unprocessed."""
        if self.transport.is_closing():
            return
        self._unparsed.clear()
        self._message.clear()
        self.conn.fail(_POLICY_VIOLATION, reason)
        if self.conn.close_sent is not None:
            self.handle_parser_exception()
        else:
            self.transport.close()

    # --- closing -----------------------------------------------------------------------------------------------------

    def shutdown(self) -> None:
        if self.handshake_complete and not self.close_sent:
            self.stop_keepalive()
            self.queue.put_nowait({"type": "websocket.disconnect", "code": _GOING_AWAY})
            self.conn.send_close(_GOING_AWAY, "The server is shutting down")
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.close_sent = True
            self.transport.close()
            self._drop_if_stuck()
        else:
            super().shutdown()

    def connection_lost(self, exc: Exception | None) -> None:
        """uvicorn tells of every loss as if the client had said goodbye without a code; the first message counts."""
        if self.handshake_complete:
            self.queue.put_nowait({"type": "websocket.disconnect", "code": _LOST})
        super().connection_lost(exc)

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self.transport.abort()

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        super().on_task_complete(task)
        self._drop_if_stuck()

    def waits_since(self, now: float) -> float | None:  # noqa: ARG002
        """None: a session may be silent for as long as it lasts, and ends by itself if its client stops reading."""
        return None

    def check(self, now: float) -> None:
        if now - self._progress.stuck_since(self.transport, now) > self._stalled_seconds:
            self.transport.abort()

    def _drop_if_stuck(self) -> None:
        if not self.writable.is_set():
            self.transport.abort()
