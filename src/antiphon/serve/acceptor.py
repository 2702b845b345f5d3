"""`Acceptor`: accepts connections while there is room, and tells the others to come back."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from antiphon.serve.connections import Arrival, Connections
from antiphon.serve.errors import TooManyConnections
from antiphon.serve.http_protocol import HttpProtocol, refusal
from antiphon.serve.rota import Rota

_TLS_HANDSHAKE_SECONDS = 10.0
_TLS_SHUTDOWN_SECONDS = 5.0
_BREATH_SECONDS = 0.1
"""The pause before retrying when the system has no room for a connection."""
_MAX_TURNED_AWAY = 64
"""How many clients at a time are told that there is no room; the others are only disconnected."""
_TURNING_AWAY_SECONDS = 1.0
_GIVING_WAY_SECONDS = 0.01
"""How long a worker leaves a connection to those that have fewer."""
_ACCEPTED_AT_ONCE = 16
_SERVING_SECONDS = 0.00015
_SERVING_TLS_SECONDS = 0.001
"""Of the loop, to create what serves a connection, and to shake hands."""


class Acceptor:
    """Replaces `asyncio.Server`, which accepts everything without counting.

    Accepting costs little, serving more. So that the system's queue, which all clients share, never gets long, whatever
    is in it is accepted soon; after that, addresses take turns on the `rota`. Connections that have ended by then,
    which is how most of a flood's do, are not served at all.
    """

    def __init__(
        self,
        listener: socket.socket,
        connections: Connections,
        create_protocol: Callable[[], HttpProtocol],
        *,
        tls: ssl.SSLContext | None,
        backlog: int,
        rota: Rota,
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
        self._rota = rota
        self._loop = asyncio.get_running_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        self._accepted: dict[socket.socket, Arrival] = {}
        """Waiting to be served."""
        self._turned_away = 0
        self._has_least = has_least
        self._is_closed = False
        self._listen()

    @property
    def sockets(self) -> tuple[socket.socket, ...]:
        """As in `asyncio.Server`."""
        return (self._listener,)

    def close(self) -> None:
        """Stop accepting. Connections with unfinished handshakes are dropped."""
        self._is_closed = True
        self._loop.remove_reader(self._listener)
        for connection in list(self._accepted):
            self._drop(connection)
        for task in self._tasks:
            task.cancel()

    async def wait_closed(self) -> None:
        if self._tasks:
            await asyncio.wait(self._tasks)
        self._listener.close()

    # --- accepting ---------------------------------------------------------------------------------------------------

    def _listen(self) -> None:
        if not self._is_closed:
            self._loop.add_reader(self._listener, self._knocked)

    def _knocked(self) -> None:
        self._loop.remove_reader(self._listener)
        if self._is_our_turn:
            self._rota.add(self._accept_some)
        else:
            self._loop.call_later(_GIVING_WAY_SECONDS, self._rota.add, self._accept_some)

    @property
    def _is_our_turn(self) -> bool:
        """Whether no other worker has fewer connections."""
        return self._has_least is None or self._has_least(len(self._connections))

    def _accept_some(self) -> bool:
        """A step of the rota."""
        if self._is_closed:
            return False
        for _ in range(_ACCEPTED_AT_ONCE):
            try:
                connection, peer = self._listener.accept()
            except BlockingIOError:
                self._listen()
                return False
            except OSError:  # The client has gone, or there is no file descriptor for it.
                self._connections.make_room()
                self._loop.call_later(_BREATH_SECONDS, self._listen)
                return False
            connection.setblocking(False)
            if _has_ended(connection):
                connection.close()
                continue
            self._take(connection, peer[0])
            if not self._is_our_turn:
                self._listen()
                return False
        return True

    def _take(self, connection: socket.socket, address: str) -> None:
        if self._connections.make_room():
            arrival = self._accepted[connection] = Arrival(address, partial(self._drop, connection))
            self._connections.arriving.add(arrival)
            self._rota.add(partial(self._serve_next, connection), address=address)
        elif self._tls is None and self._turned_away < _MAX_TURNED_AWAY:
            self._start(self._turn_away(connection))
        else:
            connection.close()

    def _drop(self, connection: socket.socket) -> None:
        self._connections.arriving.discard(self._accepted.pop(connection))
        connection.close()

    def _serve_next(self, connection: socket.socket) -> bool:
        """A step of the rota."""
        arrival = self._accepted.get(connection)
        if arrival is None:
            return False
        if _has_ended(connection):
            self._drop(connection)
            return False
        del self._accepted[connection]
        self._rota.spend(_SERVING_SECONDS if self._tls is None else _SERVING_TLS_SECONDS)
        task = self._start(self._serve(connection))
        arrival.end = task.cancel
        task.add_done_callback(lambda _: self._connections.arriving.discard(arrival))
        return False

    # --- one connection ----------------------------------------------------------------------------------------------

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
            await self._loop.connect_accepted_socket(
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
        self._turned_away += 1
        try:
            with contextlib.suppress(OSError):  # Including `TimeoutError`.
                async with asyncio.timeout(_TURNING_AWAY_SECONDS):
                    await self._loop.sock_recv(connection, 1 << 16)
                    await self._loop.sock_sendall(connection, refusal(TooManyConnections()))
                    connection.shutdown(socket.SHUT_WR)
                    await self._loop.sock_recv(connection, 1 << 16)
        finally:
            self._turned_away -= 1
            connection.close()


def _has_ended(connection: socket.socket) -> bool:
    """Whether the client has hung up without a word."""
    try:
        return not connection.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return False
    except OSError:
        return True
