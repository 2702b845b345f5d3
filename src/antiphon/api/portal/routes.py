"""The portal's paths."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from antiphon.api.portal import entra, sessions
from antiphon.api.portal.data_routes import add_portal_data_routes
from antiphon.api.portal.pages import to_portal
from antiphon.api.portal.services import PortalServices

_PAGE_METHODS = ["GET", "HEAD"]


def add_portal_routes(api: FastAPI) -> None:
    """Add them all. They find the `PortalServices` as `api.state.services.portal`."""
    _add_pages(api)
    _add_sessions(api)
    add_portal_data_routes(api)


def _portal(request: Request) -> PortalServices:
    return request.app.state.services.portal


def _add_pages(api: FastAPI) -> None:
    @api.api_route("/", methods=_PAGE_METHODS)
    @api.api_route("/portal", methods=_PAGE_METHODS)
    async def redirect(request: Request) -> Response:
        return to_portal(request)

    @api.api_route("/portal/", methods=_PAGE_METHODS)
    async def get_page(request: Request) -> Response:
        return _portal(request).pages.page()

    @api.api_route("/portal/assets/{name:path}", methods=_PAGE_METHODS)
    async def get_asset(request: Request, name: str) -> Response:
        return _portal(request).pages.asset(request, name)


def _add_sessions(api: FastAPI) -> None:
    @api.get("/portal/api/sign-in")
    async def get_sign_in(request: Request) -> Response:
        return await sessions.get_options(_portal(request), request)

    @api.post("/portal/api/session")
    async def create_session(request: Request) -> Response:
        return await sessions.create_session(_portal(request), request)

    @api.get("/portal/api/session")
    async def get_session(request: Request) -> Response:
        return await sessions.get_session(_portal(request), request)

    @api.delete("/portal/api/session")
    async def delete_session(request: Request) -> Response:
        return await sessions.delete_session(_portal(request), request)

    @api.get(entra.PATH)
    async def begin_with_entra(request: Request) -> Response:
        return await entra.begin(_portal(request), request)

    @api.get(entra.CALLBACK)
    async def finish_with_entra(request: Request) -> Response:
        return await entra.finish(_portal(request), request)
