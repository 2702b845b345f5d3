"""A path prefix, for a proxy that shares one host among several servers."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from antiphon.errors import ConfigurationError


class Prefix:
    """ASGI middleware that also serves everything under a prefix, whether or not the proxy strips it.

    Either way, the application sees the path with its prefix, as the client does, so every address that it gives out,
    and every cookie, is right for clients behind the proxy.
    """

    def __init__(self, app: ASGIApp, *, prefix: str) -> None:
        self._app = app
        self._prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in {"http", "websocket"}:
            path: str = scope["path"]
            if path == self._prefix:
                path += "/"
            elif not path.startswith(f"{self._prefix}/"):
                path = self._prefix + path
            scope = {**scope, "path": path, "root_path": self._prefix}
        await self._app(scope, receive, send)


def check_prefix(prefix: str, routes: Iterable[BaseRoute]) -> None:
    """Raise `ConfigurationError` for a prefix that could be mistaken for the start of one of the routes' paths."""
    first = prefix.split("/")[1].lower()
    paths = (route.path for route in routes if isinstance(route, Route | WebSocketRoute))
    if first in {path.split("/")[1].lower() for path in paths}:
        raise ConfigurationError(
            f"The prefix {prefix!r} cannot be used, because some of the server's own paths begin with it. Choose "
            "another, such as /antiphon."
        )
