"""`Acceptor`: accepts connections while there is room, and tells the others to come back."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Callable, Coroutine
from typing import Any

from antiphon.serve.connections import Connections
from antiphon.serve.errors import TooManyConnections
from antiphon.serve.http_protocol import HttpProtocol, refusal

_TLS_HANDSHAKE_SECONDS = 10.0
_TLS_SHUTDOWN_SECONDS = 5.0
_BREATH_SECONDS = 0.1
"""The pause before retrying when the system has no room for a connection."""
_MAX_TURNED_AWAY = 64
"""How many clients at a time are told that there is no room; the others are only disconnected."""
_TURNING_AWAY_SECONDS = 1.0
_GIVING_WAY_SECONDS = 0.005
"""How long a worker leaves a connection to those that have fewer."""


class Acceptor:
    """Replaces `asyncio.Server`, which accepts everything without counting."""

    def __init__(
        self,
        listener: socket.socket,
        connections: Connections,
        create_protocol: Callable[[], HttpProtocol],
        *,
        tls: ssl.SSLContext | None,
        backlog: int,
        has_least: Callable[[int], bool] | None = None,
    ) -> None:
        """Start accepting connections.

        If others accept from the same listener, `has_least` takes how many connections there are here, and returns
        whether no other has fewer.
        """
        listener.setblocking(False)
        listener.listen(backlog)
        self._listener = listener
        self._connections = connections
        self._create_protocol = create_protocol
        self._tls = tls
        self._tasks: set[asyncio.Task[None]] = set()
        self._turned_away = 0
        self._has_least = has_least
        self._accepting = asyncio.create_task(self._accept())

    @property
    def sockets(self) -> tuple[socket.socket, ...]:
        """As in `asyncio.Server`."""
        return (self._listener,)

    def close(self) -> None:
        """Stop accepting. Connections with unfinished handshakes are dropped."""
        self._accepting.cancel()
        for task in self._tasks:
            task.cancel()

    async def wait_closed(self) -> None:
        await asyncio.wait({self._accepting, *self._tasks})
        self._listener.close()

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, peer = await (self._next_of_ours() if self._has_least else loop.sock_accept(self._listener))
            except OSError:  # The client has gone, or there is no file descriptor for it.
                self._connections.make_room()
                await asyncio.sleep(_BREATH_SECONDS)
                continue
            if self._connections.make_room():
                arrival = self._start(self._serve(connection))
                self._connections.add_arriving(arrival, peer[0])
                if self._tls is None:
                    await asyncio.wait({arrival})
            elif self._tls is None and self._turned_away < _MAX_TURNED_AWAY:
                self._start(self._turn_away(connection))
            else:
                connection.close()
            await asyncio.sleep(0)

    async def _next_of_ours(self) -> tuple[socket.socket, tuple[str, int]]:
        """As `sock_accept`, but after others that have fewer connections."""
        while True:
            await _readable(self._listener)
            if self._has_least is not None and not self._has_least(len(self._connections)):
                await asyncio.sleep(_GIVING_WAY_SECONDS)
            with contextlib.suppress(BlockingIOError):  # Another was faster.
                connection, peer = self._listener.accept()
                connection.setblocking(False)
                return connection, peer

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _serve(self, connection: socket.socket) -> None:
        """Until its protocol takes over."""
        is_tls = self._tls is not None
        protocol = self._create_protocol()
        try:
            await asyncio.get_running_loop().connect_accepted_socket(
                lambda: protocol,
                connection,
                ssl=self._tls,
                ssl_handshake_timeout=_TLS_HANDSHAKE_SECONDS if is_tls else None,
                ssl_shutdown_timeout=_TLS_SHUTDOWN_SECONDS if is_tls else None,
            )
        except OSError:  # Including `ssl.SSLError` and `TimeoutError`.
            connection.close()
        except asyncio.CancelledError:
            connection.close()
            if not is_tls and protocol in self._connections:
                protocol.connection_lost(None)  # uvloop would not tell it, and it would count as open forever.
            raise

    async def _turn_away(self, connection: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        self._turned_away += 1
        try:
            with contextlib.suppress(OSError):  # Including `TimeoutError`.
                async with asyncio.timeout(_TURNING_AWAY_SECONDS):
                    await loop.sock_recv(connection, 1 << 16)
                    await loop.sock_sendall(connection, refusal(TooManyConnections()))
                    connection.shutdown(socket.SHUT_WR)
                    await loop.sock_recv(connection, 1 << 16)
        finally:
            self._turned_away -= 1
            connection.close()


async def _readable(listener: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    came = loop.create_future()
    loop.add_reader(listener, lambda: came.done() or came.set_result(None))
    try:
        await came
    finally:
        loop.remove_reader(listener)
