"""What can answer for a deployment."""

from __future__ import annotations

from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from antiphon.api.portal.gate import operator_or
from antiphon.api.portal.services import PortalServices
from antiphon.identity.roles import ManagementAction


async def list_profiles(portal: PortalServices, request: Request) -> Response:
    """`GET /portal/api/profiles`."""
    await operator_or(request, ManagementAction.DEPLOYMENTS_READ)
    return JSONResponse({"profiles": [asdict(profile) for profile in portal.data.profiles]})
