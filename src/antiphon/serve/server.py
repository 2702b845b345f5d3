"""uvicorn's server with our settings and a second listener for TLS."""

from __future__ import annotations

import asyncio
import gc
import logging
import socket
import ssl
import sys
from collections.abc import Callable, Sequence
from functools import partial
from types import FrameType
from typing import cast

import uvicorn
from starlette.types import ASGIApp

from antiphon.api.draining import Draining
from antiphon.api.measures import ApiMeasures
from antiphon.hardening.memory import give_large_blocks_back
from antiphon.serve.acceptor import Acceptor
from antiphon.serve.connections import Connections, most_connections
from antiphon.serve.forwarding import Forwarding
from antiphon.serve.http_protocol import HttpProtocol
from antiphon.serve.ports import TlsListener
from antiphon.serve.rota import Rota
from antiphon.serve.websocket_protocol import WebSocketProtocol
from antiphon.serve.workers import Parent
from antiphon.settings import LimitSettings

_log = logging.getLogger(__name__)

_SHUTDOWN_SECONDS = 10
"""How long what is open at the end may take to close."""
_AFTER_DRAINING_SECONDS = 2
"""The same, if it has had time before."""
_TELLING_LOAD_SECONDS = 0.1
"""How often a worker tells the others of connections that have closed; those that open are told at once."""
_LOOK_SECONDS = 0.1
"""How often the server looks whether a signal has come."""
_THREAD_SECONDS = 0.001
"""After which a thread of Python's lets others run."""
_REST_FROM_REQUESTS = 1.0
"""Parsing and beginning them takes half of the loop's time at most; what they ask for is not counted."""
_MAX_FRAME_BYTES = 22 * 1024 * 1024
"""15 MiB of audio, the most that one Realtime event may append, as base64 in JSON."""
_PING_SECONDS = 20.0
"""How often WebSockets are pinged."""
_PONG_SECONDS = 90.0
"""How long an answer to a ping may take: for a client that reads only as fast as it plays, half a minute of audio may
precede the ping."""
_GOODBYE_SECONDS = 0.5
"""How long, at least, a client may take to read the rest and confirm the close when the server stops."""


def server_configuration(app: ASGIApp, *, trusted_proxies: Sequence[str] = (), limits: LimitSettings) -> uvicorn.Config:
    """uvicorn's configuration for the application. Raises `ConfigurationError` for invalid proxies."""
    return uvicorn.Config(
        Forwarding(app, trusted_proxies=trusted_proxies),
        proxy_headers=False,  # `Forwarding` does this. uvicorn would believe every process on this machine.
        loop="uvloop",
        http=cast("type[asyncio.Protocol]", partial(HttpProtocol, limits=limits, rota=Rota(rest=_REST_FROM_REQUESTS))),
        ws=cast(
            "type[asyncio.Protocol]", partial(WebSocketProtocol, rota=Rota(), stalled_seconds=limits.stalled_seconds)
        ),
        ws_max_size=_MAX_FRAME_BYTES,
        ws_ping_interval=_PING_SECONDS,
        ws_ping_timeout=_PONG_SECONDS,
        ws_per_message_deflate=False,
        access_log=False,
        log_config=None,
        log_level="warning",  # At "info", it logs the URLs of WebSockets, which may contain keys.
        server_header=False,
        timeout_keep_alive=limits.keep_alive_seconds,
        timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
    )


def _take_turns_often() -> None:
    """Let no thread of Python's keep the event loop waiting for the five milliseconds that are usual."""
    sys.setswitchinterval(_THREAD_SECONDS)


def _spare_the_garbage_collector() -> None:
    """Modules, models and routes stay until the end: searching them for garbage, which takes up to a tenth of a second,
    would hold everybody up now and then."""
    gc.collect()
    gc.freeze()


class Server(uvicorn.Server):
    """One application behind one or two listeners, which share connections, lifespan and shutdown."""

    def __init__(
        self,
        config: uvicorn.Config,
        *,
        limits: LimitSettings,
        secure: TlsListener | None = None,
        draining: Draining | None = None,
        measures: ApiMeasures | None = None,
        parent: Parent | None = None,
    ) -> None:
        """`draining`, if the application has one, lets what is under way end before connections are closed. `measures`
        takes how many of these there are. A worker stops without its `parent`."""
        super().__init__(config)
        self._parent = parent
        self._secure = secure
        self._draining = draining
        self._connections = Connections(self.server_state.connections, limit=most_connections(limits.connections))
        self._rota = Rota()
        self._tasks: list[asyncio.Task[None]] = []
        if measures is not None:
            measures.uses.append(lambda: {"connections": (len(self._connections), self._connections.limit)})

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        give_large_blocks_back()
        if self._parent is not None:
            asyncio.get_running_loop().add_reader(self._parent.gone, self._lose, self._parent)
        await super().startup(sockets=[])  # uvicorn's own listeners would accept every connection.
        _spare_the_garbage_collector()
        _take_turns_often()
        for listener in sockets or ():
            self._listen(listener, None)
        if self._secure is not None:
            self._listen(self._secure.socket, self._secure.tls.context)
            self._tasks.append(asyncio.create_task(self._secure.tls.keep_fresh()))
        self._tasks.append(asyncio.create_task(self._connections.check_now_and_then()))
        if self._parent is not None:
            self._parent.is_told_ready()
            self._tasks.append(asyncio.create_task(self._tell_load(self._parent)))

    async def _tell_load(self, parent: Parent) -> None:
        while True:
            parent.has_least(len(self._connections))
            await asyncio.sleep(_TELLING_LOAD_SECONDS)

    def _lose(self, parent: Parent) -> None:
        asyncio.get_running_loop().remove_reader(parent.gone)
        _log.error("The server's parent process has ended: this worker comes to its end as well")
        self.should_exit = True

    def _listen(self, listener: socket.socket, tls: ssl.SSLContext | None) -> None:
        # For the server that follows this one. Not earlier: until this one listens, others could take the port too.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        acceptor = Acceptor(
            listener,
            self._connections,
            self._create_protocol,
            tls=tls,
            backlog=self.config.backlog,
            has_least=None if self._parent is None else self._parent.has_least,
            rota=self._rota,
        )
        self.servers.append(cast("asyncio.Server", acceptor))

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._draining is not None:
            await self._drain(self._draining)
        self._tasks.append(asyncio.create_task(self._cut_off_the_silent()))
        await super().shutdown(sockets=sockets)
        for task in self._tasks:
            task.cancel()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002
        """Remember the signal; a second one ends everything at once. uvicorn would raise it again after the shutdown,
        but stopping when told is not a failure."""
        self.force_exit = self.should_exit
        self.should_exit = True

    async def _drain(self, draining: Draining) -> None:
        """The ports stay open meanwhile, so that clients are told to come back later."""
        draining.begin()
        if draining.under_way:
            _log.info(
                "Stopping: %d requests and sessions may go on for %g s; a second signal ends them at once",
                draining.under_way,
                draining.seconds,
            )
        finishing = asyncio.create_task(draining.finished())
        try:
            async with asyncio.timeout(draining.seconds + _GOODBYE_SECONDS):
                while not finishing.done() and not self.force_exit:
                    await asyncio.wait({finishing}, timeout=_LOOK_SECONDS)
        except TimeoutError:
            _log.warning("%d requests and sessions are cut off", draining.under_way)
        finally:
            finishing.cancel()
        self.config.timeout_graceful_shutdown = _AFTER_DRAINING_SECONDS

    def _create_protocol(self) -> HttpProtocol:
        """As `uvicorn.Server.startup` creates them for its own listeners."""
        create = cast("Callable[..., HttpProtocol]", self.config.http_protocol_class)
        return create(config=self.config, server_state=self.server_state, app_state=self.lifespan.state)

    async def _cut_off_the_silent(self) -> None:
        """TLS waits for the client to confirm the close, but a client with an idle connection does not read."""
        closing: set[asyncio.Transport] = set()
        while True:
            await asyncio.sleep(_GOODBYE_SECONDS)
            transports = {connection.transport for connection in self.server_state.connections}
            for transport in closing & transports:
                transport.abort()
            closing = {transport for transport in transports if transport.is_closing()}
