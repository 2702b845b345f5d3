"""The portal's session as a credential: a cookie, and a sign that it was the portal who sent the request.

Browsers send a cookie along with whatever a page makes them send, and take all ports of a host for one site. So the
cookie counts only with what another page cannot add: the header `x-antiphon-portal`, which takes a preflight that this
server never grants; or, for a WebSocket, which cannot have headers, with the server's own address as its `Origin`.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection
from starlette.responses import Response

from antiphon.errors import SessionExpired
from antiphon.identity.assignments import RoleAssignments
from antiphon.identity.portal_sessions import NewSession, PortalSession, PortalSessions, PortalUser
from antiphon.identity.roles import Action

_log = logging.getLogger(__name__)

_HEADER = "x-antiphon-portal"
_LONGEST_SECONDS = 7 * 24 * 3600
_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
_SECURE = frozenset({"https", "wss"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionCredential:
    """Finds the session that a request comes with, and tells what it allows."""

    sessions: PortalSessions
    roles: RoleAssignments

    async def find(self, connection: HTTPConnection) -> PortalSession | None:
        """The session; None for a request that does not come from the portal.

        Raises `SessionExpired` for one that does, without a session.
        """
        if connection.scope["type"] == "websocket":
            if session_token(connection) is None or not _is_of_own_origin(connection):
                return None
        elif not comes_from_portal(connection):
            return None
        return await self.session(connection)

    async def session(self, connection: HTTPConnection) -> PortalSession:
        """The session of a request that surely comes from the portal. Raises `SessionExpired`."""
        token = session_token(connection)
        session = None if token is None else await self.sessions.find(token)
        if session is None:
            _log.info("Refused: there is no session, or it has ended")
            raise SessionExpired
        return session

    async def allows(self, user: PortalUser, action: Action, *, account_id: str | None) -> bool:
        """Whether the user may do `action` on the account, or, with None, on all there are."""
        if user.object_id is None:
            return True
        return await self.roles.allow(user.object_id, action, account_id=account_id, app_roles=user.app_roles)


def comes_from_portal(connection: HTTPConnection) -> bool:
    """Whether the request has the header that pages of other origins cannot send."""
    return connection.headers.get(_HEADER) == "1"


def session_token(connection: HTTPConnection) -> str | None:
    return connection.cookies.get(_cookie_name(connection))


def set_session_cookie(response: Response, connection: HTTPConnection, new: NewSession) -> None:
    """Have the browser keep the session: for this server alone, and out of reach of scripts.

    Strict suits the way back from Entra, too: that request need not have the cookie, and those of the page, which
    follow, come from the server's own site.
    """
    response.set_cookie(
        _cookie_name(connection),
        new.token,
        max_age=_LONGEST_SECONDS,  # The server itself ends it, and mostly earlier.
        path=cookie_path(connection),
        secure=is_secure(connection),
        httponly=True,
        samesite="strict",
    )


def forget_session_cookie(response: Response, connection: HTTPConnection) -> None:
    response.delete_cookie(
        _cookie_name(connection),
        path=cookie_path(connection),
        secure=is_secure(connection),
        httponly=True,
        samesite="strict",
    )


def cookie_path(connection: HTTPConnection) -> str:
    """The part of the host that is this server's."""
    return connection.scope.get("root_path", "") or "/"


def is_secure(connection: HTTPConnection) -> bool:
    return connection.url.scheme in _SECURE


def port_of(connection: HTTPConnection) -> int:
    """The port that the client has in its address, written there or not."""
    return connection.url.port or _PORTS[connection.url.scheme]


def _cookie_name(connection: HTTPConnection) -> str:
    """With the port, since servers on other ports of the host would overwrite it otherwise."""
    return f"{'__Secure-' if is_secure(connection) else ''}antiphon-{port_of(connection)}"


def _is_of_own_origin(connection: HTTPConnection) -> bool:
    shown = connection.headers.get("origin", "")
    own = ("https" if is_secure(connection) else "http", connection.url.hostname, port_of(connection))
    try:
        origin = urlsplit(shown)
        is_own = (origin.scheme, origin.hostname, origin.port or _PORTS.get(origin.scheme)) == own
    except ValueError:
        is_own = False
    if not is_own:
        _log.warning(
            "A session does not count: the WebSocket's Origin is %r, the server's own %s://%s:%d. A proxy in between "
            "has to be one of trusted_proxies, say X-Forwarded-Proto, and pass the Host header on.",
            shown[:128],
            *own,
        )
    return is_own
