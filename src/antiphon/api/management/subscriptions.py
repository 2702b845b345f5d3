"""What accounts are in: tenants, subscriptions, resource groups, locations. Each exists by being named."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from antiphon.api.chat_completion import JsonObject
from antiphon.api.management.bodies import GroupBody, read_body
from antiphon.api.management.catalogue import known_locations
from antiphon.api.management.plane import ManagementPlane
from antiphon.identity.roles import ManagementAction
from antiphon.resources.accounts import LOCAL_LOCATION
from antiphon.resources.names import check_resource_group, location_name
from antiphon.store.tables import LOCAL_RESOURCE_GROUP, LOCAL_SUBSCRIPTION

_NAME = "Antiphon"


async def list_tenants(plane: ManagementPlane, request: Request) -> Response:
    await plane.authorizer.authorize(request, ManagementAction.SUBSCRIPTIONS_READ, account_id=None)
    tenant: JsonObject = {
        "id": f"/tenants/{plane.tenant_id}",
        "tenantId": plane.tenant_id,
        "displayName": _NAME,
        "tenantCategory": "Home",
        "domains": [],
    }
    return JSONResponse({"value": [tenant]})


async def list_subscriptions(plane: ManagementPlane, request: Request) -> Response:
    """The one that a server begins with, and the others that have accounts."""
    await plane.authorizer.authorize(request, ManagementAction.SUBSCRIPTIONS_READ, account_id=None)
    by_folded = {account.subscription_id.lower(): account.subscription_id for account in await plane.accounts.list()}
    by_folded.pop(LOCAL_SUBSCRIPTION, None)
    value = [_subscription(plane, each) for each in (LOCAL_SUBSCRIPTION, *sorted(by_folded.values()))]
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


async def list_groups(plane: ManagementPlane, request: Request) -> Response:
    """Those that have accounts."""
    subscription_id = await plane.authorize(request, ManagementAction.SUBSCRIPTIONS_READ)
    groups = {LOCAL_RESOURCE_GROUP: LOCAL_LOCATION} if subscription_id == LOCAL_SUBSCRIPTION else {}
    for account in await plane.accounts.list(subscription_id):
        if account.resource_group.lower() not in {group.lower() for group in groups}:
            groups[account.resource_group] = account.location
    value = [_group(subscription_id, name, location, {}) for name, location in sorted(groups.items())]
    return JSONResponse({"value": value})


async def head_group(plane: ManagementPlane, request: Request) -> Response:
    """Whether the group exists, which each does."""
    await plane.authorize(request, ManagementAction.SUBSCRIPTIONS_READ)
    check_resource_group(request.path_params["group"])
    return Response(status_code=204)


async def get_group(plane: ManagementPlane, request: Request) -> Response:
    subscription_id = await plane.authorize(request, ManagementAction.SUBSCRIPTIONS_READ)
    name = request.path_params["group"]
    check_resource_group(name)
    accounts = await plane.accounts.list(subscription_id, resource_group=name)
    location = accounts[0].location if accounts else LOCAL_LOCATION
    return JSONResponse(_group(subscription_id, name, location, {}))


async def put_group(plane: ManagementPlane, request: Request) -> Response:
    """Nothing is stored: a group lasts as long as it has accounts, and has the location of the first."""
    subscription_id = await plane.authorize(request, ManagementAction.ACCOUNTS_WRITE)
    name = request.path_params["group"]
    check_resource_group(name)
    body = await read_body(request, plane.bodies, GroupBody)
    group = _group(subscription_id, name, location_name(body.location), body.tags or {})
    has_accounts = bool(await plane.accounts.list(subscription_id, resource_group=name))
    return JSONResponse(group, 200 if has_accounts else 201)


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


def _group(subscription_id: str, name: str, location: str, tags: dict[str, str]) -> JsonObject:
    return {
        "id": f"/subscriptions/{subscription_id}/resourceGroups/{name}",
        "name": name,
        "type": "Microsoft.Resources/resourceGroups",
        "location": location,
        "tags": tags,
        "properties": {"provisioningState": "Succeeded"},
    }
