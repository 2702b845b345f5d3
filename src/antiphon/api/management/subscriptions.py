"""What contains accounts: tenants, subscriptions, locations. Each exists by being named."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from antiphon.api.chat.completion import JsonObject
from antiphon.api.management.catalogue import known_locations
from antiphon.api.management.groups import visible_groups
from antiphon.api.management.plane import ManagementPlane
from antiphon.identity.roles import ManagementAction
from antiphon.identity.scopes import EVERYTHING, Scope
from antiphon.store.tables import LOCAL_SUBSCRIPTION

_NAME = "Antiphon"


async def list_tenants(plane: ManagementPlane, request: Request) -> Response:
    await plane.authorizer.authorize(request, ManagementAction.SUBSCRIPTIONS_READ, scope=EVERYTHING)
    tenant: JsonObject = {
        "id": f"/tenants/{plane.tenant_id}",
        "tenantId": plane.tenant_id,
        "displayName": _NAME,
        "tenantCategory": "Home",
        "domains": [],
    }
    return JSONResponse({"value": [tenant]})


async def list_subscriptions(plane: ManagementPlane, request: Request) -> Response:
    """The initial subscription, and others that contain something which the caller may see."""
    await plane.authorizer.authorize(request, ManagementAction.SUBSCRIPTIONS_READ, scope=EVERYTHING)
    value = [
        _subscription(plane, each)
        for each in dict.fromkeys((LOCAL_SUBSCRIPTION, *await plane.groups.subscriptions()))
        if each == LOCAL_SUBSCRIPTION or await visible_groups(plane, request, Scope(subscription_id=each))
    ]
    return JSONResponse({"value": value, "count": {"type": "Total", "value": len(value)}})


async def get_subscription(plane: ManagementPlane, request: Request) -> Response:
    subscription_id = await plane.authorize(request, ManagementAction.SUBSCRIPTIONS_READ)
    return JSONResponse(_subscription(plane, subscription_id))


async def list_locations(plane: ManagementPlane, request: Request) -> Response:
    subscription_id = await plane.authorize(request, ManagementAction.SUBSCRIPTIONS_READ)
    value = [
        {
            "id": f"/subscriptions/{subscription_id}/locations/{location}",
            "name": location,
            "type": "Region",
            "displayName": location,
            "regionalDisplayName": location,
            "metadata": {"regionType": "Physical", "regionCategory": "Recommended"},
        }
        for location in await known_locations(plane, subscription_id)
    ]
    return JSONResponse({"value": value})


def _subscription(plane: ManagementPlane, subscription_id: str) -> JsonObject:
    return {
        "id": f"/subscriptions/{subscription_id}",
        "subscriptionId": subscription_id,
        "tenantId": plane.tenant_id,
        "displayName": _NAME,
        "state": "Enabled",
        "authorizationSource": "RoleBased",
        "subscriptionPolicies": {
            "locationPlacementId": "Public_2014-09-01",
            "quotaId": "PayAsYouGo_2014-09-01",
            "spendingLimit": "Off",
        },
        "managedByTenants": [],
    }
