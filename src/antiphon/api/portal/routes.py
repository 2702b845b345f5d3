"""The portal's paths."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from antiphon.api.portal import engines, entra, environment, models, principals, records, sessions, traffic
from antiphon.api.portal.pages import to_portal
from antiphon.api.portal.services import PortalServices
from antiphon.api.routing import Table, routes


async def _redirect(_: PortalServices, request: Request) -> Response:
    return to_portal(request)


async def _page(portal: PortalServices, _: Request) -> Response:
    return portal.pages.page()


async def _asset(portal: PortalServices, request: Request) -> Response:
    return portal.pages.asset(request, request.path_params["name"])


_PAGES: Table[PortalServices] = (
    ("GET", "/", _redirect),
    ("GET", "/portal", _redirect),
    ("GET", "/portal/", _page),
    ("GET", "/portal/assets/{name:path}", _asset),
)
_SIGN_IN: Table[PortalServices] = (
    ("GET", "/portal/api/sign-in", sessions.get_options),
    ("POST", "/portal/api/session", sessions.create_session),
    ("GET", "/portal/api/session", sessions.get_session),
    ("DELETE", "/portal/api/session", sessions.delete_session),
    ("GET", entra.PATH, entra.begin),
    ("GET", entra.CALLBACK, entra.finish),
)
_DATA: Table[PortalServices] = (
    ("GET", "/portal/api/profiles", models.list_profiles),
    ("GET", "/portal/api/engines", engines.list_engines),
    ("POST", "/portal/api/engines/{id}/test", engines.test_engine),
    ("GET", "/portal/api/traffic", traffic.get_traffic),
    ("GET", "/portal/api/environment", environment.get_environment),
    ("GET", "/portal/api/models", models.list_models),
    ("POST", "/portal/api/models/{name}/pull", models.pull_model),
    ("GET", "/portal/api/principals", principals.list_principals),
    ("POST", "/portal/api/principals", principals.add_principal),
    ("DELETE", "/portal/api/principals/{id}", principals.remove_principal),
    ("PUT", "/portal/api/principals/{id}/assignments", principals.assign_role),
    ("DELETE", "/portal/api/principals/{id}/assignments", principals.revoke_role),
    ("GET", "/portal/api/records", records.list_records),
    ("GET", "/portal/api/records/export", records.export_records),
    ("POST", "/portal/api/records/purge", records.purge_records),
    ("GET", "/portal/api/records/{id}", records.get_record),
    ("DELETE", "/portal/api/records/{id}", records.delete_record),
    ("GET", "/portal/api/records/{id}/audio/{name}", records.get_audio),
)
"""What only the pages ask for. Each operation first checks the caller, with `operator_or`."""


def portal_routes(find: Callable[[Request], PortalServices]) -> Iterator[Route]:
    """All the routes; `find` returns the portal for a request. HEAD works for pages and data, but signs nobody in."""
    yield from routes(_PAGES, find, kind=Route)
    yield from routes(_SIGN_IN, find)
    yield from routes(_DATA, find, kind=Route)
