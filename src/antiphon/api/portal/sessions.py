"""Signing in to the portal, and out of it."""

from __future__ import annotations

import asyncio
import shlex
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from antiphon import __version__
from antiphon.api.management.bodies import read_body
from antiphon.api.management.shapes import account_endpoint, account_id
from antiphon.api.portal.errors import InvalidSignInCode, PortalHeaderMissing
from antiphon.api.portal.gate import PortalCaller
from antiphon.api.portal.services import PortalServices
from antiphon.api.session_credential import (
    comes_from_portal,
    forget_session_cookie,
    session_token,
    set_session_cookie,
)
from antiphon.api.sign_in.managed_identity import is_from_here
from antiphon.api.sign_in.peer import is_of_own_user
from antiphon.command_line import CommandLine
from antiphon.identity.portal_sessions import NewSession


class _CodeBody(msgspec.Struct, frozen=True, kw_only=True):
    code: str


async def get_options(portal: PortalServices, request: Request) -> Response:
    """`GET /portal/api/sign-in`: the ways to sign in, for anyone who asks.

    How this machine's terminals call the command is revealed only to browsers of the server's user on it, since it
    contains folder names.
    """
    is_own = is_from_here(request) and await asyncio.to_thread(is_of_own_user, request)
    commands = portal.data.server.commands if is_own else CommandLine()
    return JSONResponse(
        {"entra": portal.entra is not None, "version": __version__, "command": commands.about_server("portal")}
    )


async def create_session(portal: PortalServices, request: Request) -> Response:
    """`POST /portal/api/session`: the operator signs in with a code.

    Requires the portal's header as well, so that no other page can sign a browser in to what is not its user's own.
    Raises `PortalHeaderMissing`, `InvalidSignInCode`, and `ManagementError` for an invalid body.
    """
    if not comes_from_portal(request):
        raise PortalHeaderMissing
    body = await read_body(request, portal.bodies, _CodeBody)
    account = await portal.gate.accounts.of_host(request.url.hostname or "")  # Before the code is used up.
    new = await portal.sessions.sign_in(body.code)
    if new is None:
        raise InvalidSignInCode
    caller = PortalCaller(account=account, session=new.session)
    response = JSONResponse(_session_json(portal, caller, request))
    await begin_session(portal, request, response, new)
    return response


async def get_session(portal: PortalServices, request: Request) -> Response:
    """`GET /portal/api/session`. Raises as `PortalGate.caller`."""
    return JSONResponse(_session_json(portal, await portal.gate.caller(request), request))


async def delete_session(portal: PortalServices, request: Request) -> Response:
    """`DELETE /portal/api/session`: sign out, even if the session has already ended.

    Raises `PortalHeaderMissing`.
    """
    if not comes_from_portal(request):
        raise PortalHeaderMissing
    if (token := session_token(request)) is not None:
        await portal.sessions.end(token)
    response = Response(status_code=204)
    forget_session_cookie(response, request)
    return response


async def begin_session(portal: PortalServices, request: Request, response: Response, new: NewSession) -> None:
    """Give the browser the session, replacing any that it had."""
    if (token := session_token(request)) is not None:
        await portal.sessions.end(token)
    set_session_cookie(response, request, new)


def _session_json(portal: PortalServices, caller: PortalCaller, request: Request) -> dict[str, Any]:
    user, account = caller.session.user, caller.account
    return {
        "principal": {"id": user.object_id, "name": user.name, "is_operator": user.is_operator},
        "account": {
            "name": account.name,
            "id": account_id(account),
            "endpoint": account_endpoint(account, portal.gate.accounts.hosts, request),
            "disable_local_auth": account.disable_local_auth,
        },
        "server": _server_json(portal, is_operator=user.is_operator),
        "expires_at": int(caller.session.expires_at.timestamp()),
    }


def _server_json(portal: PortalServices, *, is_operator: bool) -> dict[str, Any]:
    """How to reach the server. Only the operator has a terminal on its machine, and a need for its folders."""
    server = portal.data.server
    commands = server.commands if is_operator else CommandLine()
    return {
        "tls_port": server.tls_port,
        "program": shlex.quote(commands.program),
        "folder_options": commands.folder_options,
        "server_options": commands.server_options,
    }
