"""What can be deployed, and how much of it: models, SKUs, usages, capacities."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from antiphon.api.chat.completion import JsonObject
from antiphon.api.management.plane import ManagementPlane
from antiphon.api.management.shapes import ACCOUNT_SKU, PROVIDER, capabilities_json, model_reference, rate_limits
from antiphon.identity.roles import ManagementAction
from antiphon.resources.account_plan import KINDS
from antiphon.resources.accounts import LOCAL_LOCATION, MAX_ACCOUNTS
from antiphon.resources.capacity import CapacityPool, Taken, pool_name, usage_name
from antiphon.resources.models import FORMAT, MODELS, RETIREMENT, SKUS, Model, find_model, is_default
from antiphon.resources.names import location_name

_RETIREMENT = RETIREMENT.isoformat().replace("+00:00", "Z")
_LIFECYCLE = {"preview": "Preview", "generally-available": "GenerallyAvailable"}


async def known_locations(plane: ManagementPlane, subscription_id: str) -> list[str]:
    """Where a subscription has accounts, and where its first would go. Any other name would do as well."""
    accounts = await plane.accounts.list(subscription_id)
    return sorted({LOCAL_LOCATION, *(account.location for account in accounts)})


async def models_of_account(plane: ManagementPlane, request: Request) -> Response:
    await plane.account(request, ManagementAction.MODELS_READ)
    return JSONResponse({"value": [_model(model, plane.pool) for model in MODELS]})


async def models_of_location(plane: ManagementPlane, request: Request) -> Response:
    await plane.authorize(request, ManagementAction.MODELS_READ)
    location_name(request.path_params["location"])
    value = [
        {"kind": kind, "skuName": ACCOUNT_SKU, "model": _model(model, plane.pool)} for kind in KINDS for model in MODELS
    ]
    return JSONResponse({"value": value})


async def skus_of_account(plane: ManagementPlane, request: Request) -> Response:
    await plane.account(request, ManagementAction.ACCOUNTS_READ)
    sku = {"name": ACCOUNT_SKU, "tier": "Standard"}
    return JSONResponse({"value": [{"resourceType": f"{PROVIDER}/accounts", "sku": sku}]})


async def skus_of_subscription(plane: ManagementPlane, request: Request) -> Response:
    subscription_id = await plane.authorize(request, ManagementAction.ACCOUNTS_READ)
    locations = await known_locations(plane, subscription_id)
    value = [
        {
            "resourceType": "accounts",
            "name": ACCOUNT_SKU,
            "tier": "Standard",
            "kind": kind,
            "locations": locations,
            "restrictions": [],
        }
        for kind in KINDS
    ]
    return JSONResponse({"value": value})


async def usages_of_account(plane: ManagementPlane, request: Request) -> Response:
    """How much of each pool the account's own deployments take."""
    account = await plane.account(request, ManagementAction.USAGES_READ)
    taken: dict[tuple[str, str], int] = {}
    for deployment in (await plane.deployments.stored(account.id)).values():
        pool = (deployment.model.name, deployment.sku_name)
        taken[pool] = taken.get(pool, 0) + deployment.capacity
    return JSONResponse({"value": _usages(taken, plane.pool.limit)})


async def usages_of_location(plane: ManagementPlane, request: Request) -> Response:
    subscription_id = await plane.authorize(request, ManagementAction.USAGES_READ)
    location = location_name(request.path_params["location"])
    accounts = [each for each in await plane.accounts.list(subscription_id) if each.location == location]
    counted = _usage(f"OpenAI.{ACCOUNT_SKU}.AccountCount", "Account Count", len(accounts), MAX_ACCOUNTS)
    usages = _usages(await plane.pool.taken(subscription_id, location), plane.pool.limit)
    return JSONResponse({"value": [counted, *usages]})


async def capacities_of_subscription(plane: ManagementPlane, request: Request) -> Response:
    subscription_id = await plane.authorize(request, ManagementAction.MODELS_READ)
    locations = await known_locations(plane, subscription_id)
    return await _capacities(plane, request, subscription_id, locations)


async def capacities_of_location(plane: ManagementPlane, request: Request) -> Response:
    subscription_id = await plane.authorize(request, ManagementAction.MODELS_READ)
    location = location_name(request.path_params["location"])
    return await _capacities(plane, request, subscription_id, [location])


async def _capacities(plane: ManagementPlane, request: Request, subscription_id: str, locations: list[str]) -> Response:
    """How much is left of each pool of the model named in the query."""
    query = request.query_params
    model = find_model(query.get("modelName", ""), query.get("modelVersion") or None)
    if model is None or query.get("modelFormat", FORMAT) != FORMAT:
        return JSONResponse({"value": []})
    value: list[JsonObject] = []
    for location in locations:
        taken = await plane.pool.taken(subscription_id, location)
        value += [
            _capacity(model, sku, subscription_id, location, plane.pool.limit - taken.get((model.name, sku), 0))
            for sku in SKUS
        ]
    return JSONResponse({"value": value})


def _capacity(model: Model, sku_name: str, subscription_id: str, location: str, available: int) -> JsonObject:
    name = f"{FORMAT}.{sku_name}.{model.name}.{model.version}"
    return {
        "id": f"/subscriptions/{subscription_id}/providers/{PROVIDER}/locations/{location}/modelCapacities/{name}",
        "name": name,
        "type": f"{PROVIDER}/locations/modelCapacities",
        "location": location,
        "properties": {
            "model": model_reference(model),
            "skuName": sku_name,
            "availableCapacity": max(0, available),
            "availableFinetuneCapacity": 0,
        },
    }


def _model(model: Model, pool: CapacityPool) -> JsonObject:
    return {
        **model_reference(model),
        "isDefaultVersion": is_default(model),
        "skus": [
            {
                "name": sku,
                "usageName": usage_name(model.name, sku),
                "deprecationDate": _RETIREMENT,
                "capacity": {"minimum": 1, "maximum": pool.limit, "step": 1, "default": pool.usual},
                "rateLimits": rate_limits(1),
                "cost": [],
            }
            for sku in SKUS
        ],
        "maxCapacity": pool.limit,
        "capabilities": capabilities_json(model),
        "finetuneCapabilities": {},
        "deprecation": {"inference": _RETIREMENT},
        "lifecycleStatus": _LIFECYCLE[model.lifecycle],
    }


def _usages(taken: Taken, limit: int) -> list[JsonObject]:
    """One usage for each pool, including those that are untouched."""
    names = dict.fromkeys(model.name for model in MODELS)
    return [
        _usage(usage_name(name, sku), pool_name(name, sku), taken.get((name, sku), 0), limit)
        for name in names
        for sku in SKUS
    ]


def _usage(name: str, shown: str, current: int, limit: int) -> JsonObject:
    return {
        "name": {"value": name, "localizedValue": shown},
        "currentValue": current,
        "limit": limit,
        "unit": "Count",
    }
