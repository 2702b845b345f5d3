"""Operations on the deployments of an account."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from antiphon.api.management.bodies import (
    DeploymentBody,
    DeploymentProperties,
    ModelBody,
    SkuBody,
    read_body,
    whole_number,
)
from antiphon.api.management.errors import InvalidRequestContent, ManagedResourceNotFound
from antiphon.api.management.plane import ManagementPlane
from antiphon.api.management.shapes import PROVIDER, deployment_json
from antiphon.identity.roles import ManagementAction
from antiphon.resources.deployment_plan import VERSION_UPGRADE_OPTIONS, DeploymentPlan
from antiphon.resources.deployments import Deployment
from antiphon.resources.errors import DeploymentNotFound
from antiphon.resources.models import FORMAT, SKUS
from antiphon.store.tables import folded

_RESOURCE_TYPE = f"{PROVIDER}/accounts/deployments"


async def list_of_account(plane: ManagementPlane, request: Request) -> Response:
    account = await plane.parent(request, ManagementAction.DEPLOYMENTS_READ)
    deployments = await plane.deployments.stored(account.id)
    return JSONResponse({"value": [deployment_json(account, each) for each in deployments.values()]})


async def get(plane: ManagementPlane, request: Request) -> Response:
    account = await plane.parent(request, ManagementAction.DEPLOYMENTS_READ)
    return JSONResponse(deployment_json(account, await _deployment(plane, request, account.id)))


async def put(plane: ManagementPlane, request: Request) -> Response:
    account = await plane.parent(request, ManagementAction.DEPLOYMENTS_WRITE)
    plan = _plan(await read_body(request, plane.bodies, DeploymentBody))
    deployment, is_new = await plane.deployments.put(account.id, request.path_params["deployment"], plan)
    return JSONResponse(deployment_json(account, deployment), 201 if is_new else 200)


async def patch(plane: ManagementPlane, request: Request) -> Response:
    account = await plane.parent(request, ManagementAction.DEPLOYMENTS_WRITE)
    body = await read_body(request, plane.bodies, DeploymentBody)
    sku, properties = body.sku or SkuBody(), body.properties or DeploymentProperties()
    try:
        deployment = await plane.deployments.update(
            account.id,
            request.path_params["deployment"],
            sku_name=sku.name,
            capacity=None if sku.capacity is None else whole_number(sku.capacity),
            profile=properties.profile,
            tags=body.tags,
        )
    except DeploymentNotFound:
        raise _not_found(request) from None
    return JSONResponse(deployment_json(account, deployment))


async def delete(plane: ManagementPlane, request: Request) -> Response:
    account = await plane.parent(request, ManagementAction.DEPLOYMENTS_DELETE)
    existed = await plane.deployments.delete(account.id, request.path_params["deployment"])
    return Response(status_code=200 if existed else 204)


async def list_skus(plane: ManagementPlane, request: Request) -> Response:
    """The SKUs under which the deployment's model can be deployed."""
    account = await plane.parent(request, ManagementAction.DEPLOYMENTS_READ)
    await _deployment(plane, request, account.id)
    capacity = {"minimum": 1, "maximum": plane.pool.limit, "step": 1, "default": plane.pool.usual}
    value = [{"resourceType": _RESOURCE_TYPE, "sku": {"name": sku}, "capacity": capacity} for sku in SKUS]
    return JSONResponse({"value": value})


async def _deployment(plane: ManagementPlane, request: Request, account_id: str) -> Deployment:
    deployments = await plane.deployments.stored(account_id)
    deployment = deployments.get(folded(request.path_params["deployment"]))
    if deployment is None:
        raise _not_found(request)
    return deployment


def _plan(body: DeploymentBody) -> DeploymentPlan:
    properties = body.properties
    model = ModelBody() if properties is None or properties.model is None else properties.model
    if properties is None or not model.name:
        raise InvalidRequestContent("Object missing required field `name` - at `$.properties.model`")
    default = DeploymentPlan(model_name=model.name)
    sku = body.sku or SkuBody()
    return DeploymentPlan(
        model_name=model.name,
        model_version=model.version or None,
        model_format=model.format or FORMAT,
        sku_name=sku.name or default.sku_name,
        capacity=None if sku.capacity is None else whole_number(sku.capacity),
        version_upgrade_option=properties.version_upgrade_option or VERSION_UPGRADE_OPTIONS[0],
        rai_policy_name=properties.rai_policy_name or default.rai_policy_name,
        profile=properties.profile,
        tags=body.tags or {},
    )


def _not_found(request: Request) -> ManagedResourceNotFound:
    account, deployment = request.path_params["account"], request.path_params["deployment"]
    return ManagedResourceNotFound(
        f"{PROVIDER}/accounts/{account}/deployments/{deployment}", resource_group=request.path_params["group"]
    )
