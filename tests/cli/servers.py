"""Servers that commands find: what a real one says of itself, and a port that takes connections."""

from __future__ import annotations

import socket
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from antiphon.serve.running import RunningServer, announced


def described(data: Path, *, port: int, **said: Any) -> RunningServer:
    defaults: dict[str, Any] = {"host": "127.0.0.1", "tls_port": None, "prefix": "", "has_own_authority": True}
    return RunningServer(data=str(data.absolute()), port=port, **(defaults | said))


@contextmanager
def pretended_server(data: Path, *, is_ready: bool = True, port: int = 0, **said: Any) -> Generator[RunningServer]:
    """A double of a running server, on a free port unless one is named, which answers nobody."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", port))
        if is_ready:
            listener.listen()
        server = described(data, port=listener.getsockname()[1], **said)
        with announced(server):
            yield server
