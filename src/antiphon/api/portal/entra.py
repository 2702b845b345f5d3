"""To Microsoft Entra to sign in, and back with a session."""

from __future__ import annotations

import hmac
import logging

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from antiphon.api.errors import ResourceNotFound
from antiphon.api.own_address import is_secure, origin_of, own_prefix, own_url
from antiphon.api.portal.pages import to_portal
from antiphon.api.portal.services import PortalServices
from antiphon.api.portal.sessions import begin_session
from antiphon.identity.entra_sign_in import Attempt
from antiphon.identity.errors import IssuerUnreachable, TokenRefused

_log = logging.getLogger(__name__)

PATH = "/portal/api/entra"
CALLBACK = f"{PATH}/callback"
_ATTEMPT_SECONDS = 600
_REFUSED = "#error=entra_refused"
_UNREACHABLE = "#error=entra_unreachable"
_EXPIRED = "#error=entra_expired"
"""What the page is told, in terms of its own; the log has the reason."""


async def begin(portal: PortalServices, request: Request) -> Response:
    """`GET /portal/api/entra`: a redirect to Entra's sign-in. Raises `ResourceNotFound` if Entra is not set up."""
    if portal.entra is None:
        raise ResourceNotFound
    attempt = Attempt()
    url = portal.entra.url(attempt, redirect_uri=own_url(request) + CALLBACK)
    response = RedirectResponse(url, status_code=303)
    # Lax, since another site makes the request that returns.
    response.set_cookie(
        _cookie_name(request),
        f"{attempt.state}.{attempt.nonce}.{attempt.verifier}",
        max_age=_ATTEMPT_SECONDS,
        path=own_prefix(request) + PATH,
        secure=is_secure(request),
        httponly=True,
        samesite="lax",
    )
    return response


async def finish(portal: PortalServices, request: Request) -> Response:
    """`GET /portal/api/entra/callback`: the return to the portal, with a session or an error in the fragment."""
    if portal.entra is None:
        raise ResourceNotFound
    attempt, query = _attempt(request), request.query_params
    if attempt is None or not hmac.compare_digest(query.get("state", "").encode(), attempt.state.encode()):
        _log.warning("A sign-in returned from Entra that was not started here, or too long ago")
        return _back(request, _EXPIRED)
    if "code" not in query:
        _log.warning("Entra refused a sign-in: %r", query.get("error_description", query.get("error", ""))[:500])
        return _back(request, _REFUSED)
    try:
        user = await portal.entra.redeem(query["code"], attempt, redirect_uri=own_url(request) + CALLBACK)
    except TokenRefused as refused:
        _log.warning("A token from Entra was refused: %s", refused.message)
        return _back(request, _REFUSED)
    except IssuerUnreachable as error:
        _log.warning("Entra cannot be reached: %s", error.message)
        return _back(request, _UNREACHABLE)
    response = _back(request)
    await begin_session(portal, request, response, await portal.sessions.open(user))
    return response


def _attempt(request: Request) -> Attempt | None:
    parts = request.cookies.get(_cookie_name(request), "").split(".")
    return Attempt(state=parts[0], nonce=parts[1], verifier=parts[2]) if len(parts) == 3 and all(parts) else None


def _back(request: Request, fragment: str = "") -> Response:
    response = to_portal(request, fragment=fragment)
    response.delete_cookie(
        _cookie_name(request),
        path=own_prefix(request) + PATH,
        secure=is_secure(request),
        httponly=True,
        samesite="lax",
    )
    return response


def _cookie_name(request: Request) -> str:
    return f"{'__Secure-' if is_secure(request) else ''}antiphon-entra-{origin_of(request)[2]}"
