"""What Azure's tools ask about the resource provider itself, and about what it has deleted."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from antiphon.api.chat.completion import JsonObject
from antiphon.api.management.catalogue import known_locations
from antiphon.api.management.plane import ManagementPlane, account_not_found
from antiphon.api.management.shapes import PROVIDER
from antiphon.api.management.versions import SUPPORTED
from antiphon.identity.roles import ManagementAction
from antiphon.identity.scopes import EVERYTHING

_RESOURCE_TYPES = (
    "accounts",
    "accounts/deployments",
    "accounts/models",
    "accounts/skus",
    "accounts/usages",
    "checkDomainAvailability",
    "deletedAccounts",
    "locations",
    "locations/modelCapacities",
    "locations/models",
    "locations/usages",
    "modelCapacities",
    "operations",
    "skus",
)


async def get_registration(plane: ManagementPlane, request: Request) -> Response:
    """Also answers `register`: the provider is registered everywhere."""
    return JSONResponse(await _registration(plane, request))


async def list_providers(plane: ManagementPlane, request: Request) -> Response:
    return JSONResponse({"value": [await _registration(plane, request)]})


async def list_operations(plane: ManagementPlane, request: Request) -> Response:
    await plane.authorizer.authorize(request, ManagementAction.SUBSCRIPTIONS_READ, scope=EVERYTHING)
    return JSONResponse({"value": [_operation(action) for action in ManagementAction if action.startswith(PROVIDER)]})


async def list_deleted(plane: ManagementPlane, request: Request) -> Response:
    """Always empty. Deleted accounts are gone at once: none can be restored, and each name is free again."""
    await plane.authorize(request, ManagementAction.ACCOUNTS_READ)
    return JSONResponse({"value": []})


async def get_deleted(plane: ManagementPlane, request: Request) -> Response:
    await plane.authorize(request, ManagementAction.ACCOUNTS_READ)
    raise account_not_found(request)


async def purge_deleted(plane: ManagementPlane, request: Request) -> Response:
    await plane.authorize(request, ManagementAction.ACCOUNTS_DELETE)
    return Response(status_code=204)


async def _registration(plane: ManagementPlane, request: Request) -> JsonObject:
    subscription_id = await plane.authorize(request, ManagementAction.SUBSCRIPTIONS_READ)
    locations = await known_locations(plane, subscription_id)
    versions = sorted(SUPPORTED, reverse=True)
    return {
        "id": f"/subscriptions/{subscription_id}/providers/{PROVIDER}",
        "namespace": PROVIDER,
        "registrationState": "Registered",
        "registrationPolicy": "RegistrationRequired",
        "resourceTypes": [
            {"resourceType": each, "locations": locations, "apiVersions": versions, "capabilities": "None"}
            for each in _RESOURCE_TYPES
        ],
    }


def _operation(action: ManagementAction) -> JsonObject:
    resource, _, operation = action.removesuffix("/action").removeprefix(f"{PROVIDER}/").rpartition("/")
    display = {"provider": PROVIDER, "resource": resource, "operation": operation, "description": str(action)}
    return {"name": str(action), "isDataAction": False, "origin": "user,system", "display": display}
