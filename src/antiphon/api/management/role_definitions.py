"""The roles that exist: those of Azure's built-in roles that mean something here. No others can be defined."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from antiphon.api.chat.completion import JsonObject
from antiphon.api.management.errors import RoleDefinitionDoesNotExist
from antiphon.api.management.filters import read_filter
from antiphon.api.management.plane import ManagementPlane
from antiphon.api.management.role_scopes import scope_of
from antiphon.identity.principals import is_guid
from antiphon.identity.roles import ROLES, DataAction, ManagementAction, Role, find_role

_TYPE = "Microsoft.Authorization/roleDefinitions"
_BUILT_IN = "BuiltInRole"
_FILTERS = ("rolename", "type", "atscopeandbelow()")


async def list_of_scope(plane: ManagementPlane, request: Request) -> Response:
    await scope_of(plane, request, ManagementAction.ROLE_DEFINITIONS_READ)
    conditions = read_filter(request, _FILTERS)
    value = [_json(request, role) for role in ROLES if all(_fits(role, *condition) for condition in conditions)]
    return JSONResponse({"value": value})


async def get(plane: ManagementPlane, request: Request) -> Response:
    await scope_of(plane, request, ManagementAction.ROLE_DEFINITIONS_READ)
    return JSONResponse(_json(request, role_of_id(request.path_params["role"])))


def role_of_id(role_id: str) -> Role:
    """The role with that GUID. Raises `RoleDefinitionDoesNotExist`."""
    role = find_role(role_id) if is_guid(role_id) else None
    if role is None:
        raise RoleDefinitionDoesNotExist(role_id)
    return role


def definition_id(role: Role, *, subscription: str | None) -> str:
    """The role's id as shown in a subscription, or (None) above all of them."""
    above = "" if subscription is None else f"/subscriptions/{subscription}"
    return f"{above}/providers/{_TYPE}/{role.id}"


def _fits(role: Role, field: str, wanted: str) -> bool:
    if field == "rolename":
        return role.name.lower() == wanted
    return field != "type" or wanted == _BUILT_IN.lower()


def _json(request: Request, role: Role) -> JsonObject:
    return {
        "id": definition_id(role, subscription=request.path_params.get("subscription")),
        "name": role.id,
        "type": _TYPE,
        "properties": {
            "roleName": role.name,
            "type": _BUILT_IN,
            "description": role.description,
            "assignableScopes": ["/"],
            "permissions": [
                {
                    "actions": sorted(action for action in role.actions if isinstance(action, ManagementAction)),
                    "notActions": [],
                    "dataActions": sorted(action for action in role.actions if isinstance(action, DataAction)),
                    "notDataActions": [],
                }
            ],
        },
    }
