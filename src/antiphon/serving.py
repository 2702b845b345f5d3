"""`antiphon serve`: fetch what is missing, take the port, then serve until told to stop."""

from __future__ import annotations

import errno
import socket
import sys
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from antiphon.api.websocket_protocol import WebSocketProtocol
from antiphon.app import create_app
from antiphon.errors import ConfigurationError
from antiphon.logs import configure_logging
from antiphon.models.cache import ModelCache, default_directory
from antiphon.models.progress import shown_on
from antiphon.profiles import load_profiles, needed_models
from antiphon.settings import Settings
from antiphon.store.location import DataDirectory

_SHUTDOWN_SECONDS = 10
_MAX_FRAME_BYTES = 22 * 1024 * 1024
"""15 MiB of audio, the most that one event of a Realtime session may append, as base64 in JSON."""
_PING_SECONDS = 20.0
"""How often WebSockets are pinged."""
_PONG_SECONDS = 90.0
"""How long an answer may take: a client that reads as slowly as it plays finds a ping behind half a minute of audio."""


def run_server(settings: Settings, *, host: str, port: int, data: Path) -> None:
    """Serve on `host` and `port` with the data in `data`, until the process is told to end.

    Raises `ConfigurationError` and `ModelError` for what the operator has to mend first.
    """
    listener = _listen(host, port)
    cache = ModelCache(default_directory())
    with shown_on(sys.stderr) as progress:
        cache.ensure(needed_models(settings, cache), progress)
    configure_logging()
    app = create_app(
        settings,
        DataDirectory(path=data),
        lambda resources: load_profiles(settings, cache, resources),
        address=f"http://{_for_clients(host)}:{port}",
    )
    uvicorn.Server(server_configuration(app)).run(sockets=[listener])


def server_configuration(app: FastAPI) -> uvicorn.Config:
    """How uvicorn serves the application."""
    return uvicorn.Config(
        app,
        loop="uvloop",
        http="httptools",
        ws=WebSocketProtocol,
        ws_max_size=_MAX_FRAME_BYTES,
        ws_ping_interval=_PING_SECONDS,
        ws_ping_timeout=_PONG_SECONDS,
        ws_per_message_deflate=False,
        access_log=False,
        log_config=None,
        log_level="warning",  # At "info" it logs the URLs of WebSockets, which may hold keys.
        server_header=False,
        timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
    )


def _listen(host: str, port: int) -> socket.socket:
    """Take the port before anything is loaded, so that a port in use is told at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise ConfigurationError(
                f"Port {port} is in use. Stop the program that uses it, or choose another one with --port."
            ) from None
        raise ConfigurationError(f"Cannot listen on {host} port {port}: {error.strerror}.") from None
    return listener


def _for_clients(host: str) -> str:
    """The name under which a client on this machine reaches a server that listens on `host`."""
    return "localhost" if host in {"127.0.0.1", "0.0.0.0", "::", "::1"} else host  # noqa: S104 - nothing is bound.
