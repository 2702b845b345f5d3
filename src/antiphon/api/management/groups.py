"""Operations on resource groups."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from antiphon.api.chat.completion import JsonObject
from antiphon.api.management.accounts import readable_accounts
from antiphon.api.management.bodies import GroupBody, GroupPatch, read_body
from antiphon.api.management.errors import AuthorizationFailed
from antiphon.api.management.filters import read_filter
from antiphon.api.management.plane import ManagementPlane, group_scope, subscription_scope
from antiphon.identity.roles import ManagementAction
from antiphon.identity.scopes import Scope
from antiphon.resources.errors import ResourceGroupNotFound
from antiphon.resources.groups import ResourceGroup
from antiphon.store.tables import folded

_VALUES: Mapping[str, Callable[[ResourceGroup], frozenset[str]]] = {
    "tagname": lambda group: frozenset(group.tags),
    "tagvalue": lambda group: frozenset(group.tags.values()),
}
"""What a filter may contain, in any case."""


async def list_of_subscription(plane: ManagementPlane, request: Request) -> Response:
    scope = subscription_scope(request)
    await plane.authorizer.authorize(request, ManagementAction.SUBSCRIPTIONS_READ, scope=scope)
    conditions = read_filter(request, _VALUES)
    value = [
        _json(request, group)
        for group in await visible_groups(plane, request, scope)
        if all(wanted in {each.lower() for each in _VALUES[field](group)} for field, wanted in conditions)
    ]
    return JSONResponse({"value": value})


async def head(plane: ManagementPlane, request: Request) -> Response:
    """Whether the group exists."""
    await _visible(plane, request)
    exists = await plane.groups.find(request.path_params["subscription"], request.path_params["group"]) is not None
    return Response(status_code=204 if exists else 404)


async def get(plane: ManagementPlane, request: Request) -> Response:
    await _visible(plane, request)
    return JSONResponse(_json(request, await _group(plane, request)))


async def put(plane: ManagementPlane, request: Request) -> Response:
    await plane.authorizer.authorize(request, ManagementAction.GROUPS_WRITE, scope=group_scope(request))
    body = await read_body(request, plane.bodies, GroupBody)
    subscription_id, name = request.path_params["subscription"], request.path_params["group"]
    group, is_new = await plane.groups.put(subscription_id, name, location=body.location, tags=body.tags or {})
    return JSONResponse(_json(request, group), 201 if is_new else 200)


async def patch(plane: ManagementPlane, request: Request) -> Response:
    await plane.authorizer.authorize(request, ManagementAction.GROUPS_WRITE, scope=group_scope(request))
    body = await read_body(request, plane.bodies, GroupPatch)
    group = await _group(plane, request)
    if body.tags is not None:
        group = await plane.groups.tag(request.path_params["subscription"], group.name, body.tags)
    return JSONResponse(_json(request, group))


async def delete(plane: ManagementPlane, request: Request) -> Response:
    """Delete the group, its accounts and their deployments. All are gone once this is answered: there is nothing to
    poll."""
    await plane.authorizer.authorize(request, ManagementAction.GROUPS_DELETE, scope=group_scope(request))
    group = await _group(plane, request)
    await plane.accounts.delete_group(request.path_params["subscription"], group.name)
    return Response(status_code=200)


async def visible_groups(plane: ManagementPlane, request: Request, scope: Scope) -> tuple[ResourceGroup, ...]:
    """The groups of a subscription on which, or on an account in which, the caller has a role."""
    subscription_id = scope.subscription_id or ""
    caller, may = await plane.authorizer.identify(request), plane.authorizer.allows
    groups = await plane.groups.list(subscription_id)
    if await may(caller, ManagementAction.GROUPS_READ, scope=scope):
        return groups
    within = {folded(account.resource_group) for account in await readable_accounts(plane, request, scope)}
    visible: list[ResourceGroup] = []
    for group in groups:
        its_scope = Scope(subscription_id=subscription_id, resource_group=group.name)
        if folded(group.name) in within or await may(caller, ManagementAction.GROUPS_READ, scope=its_scope):
            visible.append(group)
    return tuple(visible)


async def _visible(plane: ManagementPlane, request: Request) -> None:
    """Raise `AuthorizationFailed` unless the caller has a role on the group or on an account in it."""
    scope = group_scope(request)
    try:
        await plane.authorizer.authorize(request, ManagementAction.GROUPS_READ, scope=scope)
    except AuthorizationFailed:
        if not await readable_accounts(plane, request, scope):
            raise


async def _group(plane: ManagementPlane, request: Request) -> ResourceGroup:
    name = request.path_params["group"]
    group = await plane.groups.find(request.path_params["subscription"], name)
    if group is None:
        raise ResourceGroupNotFound(name)
    return group


def _json(request: Request, group: ResourceGroup) -> JsonObject:
    return {
        "id": f"/subscriptions/{request.path_params['subscription']}/resourceGroups/{group.name}",
        "name": group.name,
        "type": "Microsoft.Resources/resourceGroups",
        "location": group.location,
        "tags": dict(group.tags),
        "properties": {"provisioningState": "Succeeded"},
    }
