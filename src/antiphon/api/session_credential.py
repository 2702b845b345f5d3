"""The portal's session as a credential: a cookie, and evidence that the portal sent the request.

Browsers send a cookie with whatever a page makes them send, and treat all ports of a host as one site. So the cookie
counts only with something that another page cannot add: the header `x-antiphon-portal`, which requires a preflight that
this server never grants; or, for a WebSocket, which cannot have headers, the server's own address as its `Origin`.
"""

from __future__ import annotations

import logging

from starlette.requests import HTTPConnection
from starlette.responses import Response

from antiphon.api.own_address import USUAL_PORTS, is_secure, origin_of, own_prefix
from antiphon.identity.portal_sessions import NewSession

_log = logging.getLogger(__name__)

_HEADER = "x-antiphon-portal"
_LONGEST_SECONDS = 7 * 24 * 3600


def shows_session(connection: HTTPConnection) -> bool:
    """Whether the cookie, if there is one, counts: whether the request certainly comes from the portal."""
    if connection.scope["type"] == "websocket":
        return session_token(connection) is not None and _is_of_own_origin(connection)
    return comes_from_portal(connection)


def comes_from_portal(connection: HTTPConnection) -> bool:
    """Whether the request has the header that pages of other origins cannot send."""
    return connection.headers.get(_HEADER) == "1"


def session_token(connection: HTTPConnection) -> str | None:
    return connection.cookies.get(_cookie_name(connection))


def set_session_cookie(response: Response, connection: HTTPConnection, new: NewSession) -> None:
    """Have the browser keep the session, for this server alone and out of reach of scripts.

    Strict suits the return from Entra, too: that request does not need the cookie, and the requests of the page, which
    follow, come from the server's own site.
    """
    response.set_cookie(
        _cookie_name(connection),
        new.token,
        max_age=_LONGEST_SECONDS,  # The server itself ends it, usually sooner.
        path=own_prefix(connection) or "/",
        secure=is_secure(connection),
        httponly=True,
        samesite="strict",
    )


def forget_session_cookie(response: Response, connection: HTTPConnection) -> None:
    response.delete_cookie(
        _cookie_name(connection),
        path=own_prefix(connection) or "/",
        secure=is_secure(connection),
        httponly=True,
        samesite="strict",
    )


def _cookie_name(connection: HTTPConnection) -> str:
    """Includes the port, since servers on other ports of the host would otherwise overwrite it."""
    return f"{'__Secure-' if is_secure(connection) else ''}antiphon-{origin_of(connection)[2]}"


def _is_of_own_origin(connection: HTTPConnection) -> bool:
    shown, own = connection.headers.get("origin", ""), origin_of(connection)
    if shown in _spellings(*own):
        return True
    _log.warning(
        "A portal session was refused: the WebSocket's Origin is %r, but the server's is %s://%s:%d. A proxy "
        "between them has to be listed in trusted_proxies, send X-Forwarded-Proto, and pass the Host header on.",
        shown[:128],
        *own,
    )
    return False


def _spellings(scheme: str, host: str, port: int) -> tuple[str, ...]:
    """How browsers may write an origin: in lower case, and without the scheme's default port."""
    origin = f"{scheme}://{f'[{host}]' if ':' in host else host}"
    return (f"{origin}:{port}", origin) if port == USUAL_PORTS[scheme] else (f"{origin}:{port}",)
