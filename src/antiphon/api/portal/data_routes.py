"""The paths of what only the portal's pages ask."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from antiphon.api.portal import environment, models, principals, records, traffic
from antiphon.api.portal.services import PortalServices

_Operation: TypeAlias = Callable[[PortalServices, Request], Awaitable[Response]]

_PATHS: tuple[tuple[str, str, _Operation], ...] = (
    ("GET", "profiles", models.list_profiles),
    ("GET", "traffic", traffic.get_traffic),
    ("GET", "environment", environment.get_environment),
    ("GET", "models", models.list_models),
    ("POST", "models/{name}/pull", models.pull_model),
    ("GET", "principals", principals.list_principals),
    ("POST", "principals", principals.add_principal),
    ("DELETE", "principals/{id}", principals.remove_principal),
    ("PUT", "principals/{id}/assignments", principals.assign_role),
    ("DELETE", "principals/{id}/assignments", principals.revoke_role),
    ("GET", "records", records.list_records),
    ("GET", "records/export", records.export_records),
    ("POST", "records/purge", records.purge_records),
    ("GET", "records/{id}", records.get_record),
    ("DELETE", "records/{id}", records.delete_record),
    ("GET", "records/{id}/audio/{name}", records.get_audio),
)
"""Method, path, operation."""


def add_portal_data_routes(api: FastAPI) -> None:
    """Add them all. Each first sees to it who asks, by `operator_or`."""
    for method, path, operation in _PATHS:
        api.router.routes.append(Route(f"/portal/api/{path}", _endpoint(operation), methods=[method]))


def _endpoint(operation: _Operation) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        return await operation(request.app.state.services.portal, request)

    return answer
