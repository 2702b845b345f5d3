"""Which web pages of other origins may call the API.

Browsers keep a page from calling another origin's server unless that server agrees (CORS). Here it agrees where today's
clients of WebRTC need it: a page may post its offer, with a client secret, whatever its origin. Everything else of the
data plane is for the origins that the operator allows. Management, sign-in and the portal are for no other origin. As
nothing is allowed to send cookies, a page can do no more than what it holds a credential for.
"""

from __future__ import annotations

from collections.abc import Sequence

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from antiphon.api.own_address import path_within

CALLS = tuple(f"{base}/{path}" for base in ("/openai/v1", "/v1") for path in ("realtime/calls", "realtimertc"))
_DATA_PLANE = ("/openai/", "/v1/")
_EXPOSED = ("Location", "Retry-After", "apim-request-id", "x-request-id")
_METHODS = ("GET", "POST", "DELETE")


class Cors:
    """ASGI middleware. An origin is a scheme and a host, with a port if it is not the scheme's; "*" is any."""

    def __init__(self, app: ASGIApp, *, origins: Sequence[str]) -> None:
        self._app = app
        self._calls = _allowing(app, ("*",), ("POST",))
        self._data_plane = _allowing(app, origins, _METHODS) if origins else app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._of(scope)(scope, receive, send)

    def _of(self, scope: Scope) -> ASGIApp:
        if scope["type"] != "http":
            return self._app
        path = path_within(scope)
        if path in CALLS:
            return self._calls
        return self._data_plane if path.startswith(_DATA_PLANE) else self._app


def _allowing(app: ASGIApp, origins: Sequence[str], methods: Sequence[str]) -> ASGIApp:
    """Any header may be sent: SDKs add their own."""
    return CORSMiddleware(
        app, allow_origins=origins, allow_methods=methods, allow_headers=("*",), expose_headers=_EXPOSED
    )
