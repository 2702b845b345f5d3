"""uvicorn's WebSocket protocol, with the ends that Realtime sessions need."""

from __future__ import annotations

import asyncio
import socket
from asyncio.transports import BaseTransport

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

_GOING_AWAY = 1001
_SEND_BUFFER_BYTES = 256 * 1024
"""Of the kernel. Left to itself it takes four megabytes, and lets more in only when a third of them has gone: then
nothing is sent for half a minute to a client that reads as slowly as it plays, and it seems to have stopped reading."""


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """A socket that cannot be written to any more is dropped rather than kept until its client reads again, which may
    be never; and clients are told that the server goes away, not that it restarts."""

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES)

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

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self.transport.abort()

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        super().on_task_complete(task)
        self._drop_if_stuck()

    def _drop_if_stuck(self) -> None:
        if not self.writable.is_set():
            self.transport.abort()
