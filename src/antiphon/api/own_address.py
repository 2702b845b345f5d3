"""Where this server is: the address and the path prefix under which a client found it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection
from starlette.types import Scope

from antiphon.parameters.errors import InvalidRequest

_HOST = re.compile(r"([A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:[0-9]{1,5})?")
_SECURE = frozenset({"https", "wss"})
USUAL_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}


def own_url(connection: HTTPConnection) -> str:
    """The address that the client used, without a trailing slash: the only one sure to be right for it.

    Raises `InvalidRequest` if it cannot be an address.
    """
    if not _HOST.fullmatch(connection.url.netloc):
        raise InvalidRequest("The Host header is not a host name.")
    return f"{connection.url.scheme}://{connection.url.netloc}{own_prefix(connection)}"


def own_prefix(connection: HTTPConnection) -> str:
    """What all paths begin with: "/antiphon", or "" if the server has the host to itself."""
    return connection.scope.get("root_path", "")


def leads_here(url: str, connection: HTTPConnection) -> bool:
    """Whether the URL is on the host that the client used, whatever its scheme and port: a program on the server's
    machine may ask over http for what it then uses over https."""
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return False
    return host is not None and host == (connection.url.hostname or "").lower()


def path_within(scope: Scope) -> str:
    """The path without the prefix, as routes know it."""
    return scope["path"].removeprefix(scope.get("root_path", ""))


def is_secure(connection: HTTPConnection) -> bool:
    return connection.url.scheme in _SECURE


def origin_of(connection: HTTPConnection) -> tuple[str, str, int]:
    """Scheme, host and port as in the `Origin` of the server's own pages, including a default port."""
    url = connection.url
    return "https" if is_secure(connection) else "http", url.hostname or "", url.port or USUAL_PORTS[url.scheme]
