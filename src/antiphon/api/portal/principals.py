"""Who signs in, and which roles they have.

Owners of one account assign roles there; those who may do so on all accounts add and remove principals, too.
"""

from __future__ import annotations

from collections import defaultdict

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from antiphon.api.chat.completion import JsonObject
from antiphon.api.management.bodies import read_body
from antiphon.api.portal.gate import PortalCaller, operator_or
from antiphon.api.portal.services import PortalServices
from antiphon.identity.errors import PrincipalNotFound, RoleNotAssigned, RoleNotFound
from antiphon.identity.principals import Principal, is_guid
from antiphon.identity.roles import ROLES, ManagementAction, Role, find_role
from antiphon.identity.scopes import ALL_ACCOUNTS, EVERYTHING, wider_scope
from antiphon.resources.errors import AccountNotFound
from antiphon.store.tables import folded

_READ = ManagementAction.ROLE_ASSIGNMENTS_READ
_WRITE = ManagementAction.ROLE_ASSIGNMENTS_WRITE


class _PrincipalBody(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    secret: bool = True


class _AssignmentBody(msgspec.Struct, frozen=True, kw_only=True):
    role: str
    scope: str
    """The name of an account, `ALL_ACCOUNTS`, or the path of a subscription or resource group."""


async def list_principals(portal: PortalServices, request: Request) -> Response:
    """`GET /portal/api/principals`: with the roles that apply to the account, or all if the caller may see them."""
    caller = await operator_or(request, _READ)
    assignments = await _assignments(portal, caller)
    known = await portal.data.principals.list()
    # Entra's principals, of whom nothing but their roles is known here.
    strangers = sorted(assignments.keys() - {principal.id for principal in known})
    listed = [
        *(_principal_json(principal, assignments[principal.id]) for principal in known),
        *(_stranger_json(object_id, assignments[object_id]) for object_id in strangers),
    ]
    roles = [{"name": role.name, "description": role.description} for role in ROLES]
    return JSONResponse({"principals": listed, "roles": roles})


async def add_principal(portal: PortalServices, request: Request) -> Response:
    """`POST /portal/api/principals`: shows the secret this once. Raises `PrincipalExists` and `InvalidPrincipal`."""
    await operator_or(request, _WRITE, on_all_accounts=True)
    body = await read_body(request, portal.bodies, _PrincipalBody)
    secret = None
    if body.secret:
        principal, secret = await portal.data.principals.add(body.name)
    else:
        principal = await portal.data.principals.add_without_secret(body.name)
    return JSONResponse({**_principal_json(principal, []), "secret": secret}, 201)


async def remove_principal(portal: PortalServices, request: Request) -> Response:
    """`DELETE /portal/api/principals/{id}`. Raises `PrincipalNotFound` and `InvalidPrincipal`."""
    await operator_or(request, _WRITE, on_all_accounts=True)
    object_id = request.path_params["id"]
    principal = await portal.data.principals.with_id(object_id)
    if principal is None:
        raise PrincipalNotFound(object_id[:64])
    await portal.data.principals.remove(principal.name)
    return Response(status_code=204)


async def assign_role(portal: PortalServices, request: Request) -> Response:
    """`PUT /portal/api/principals/{id}/assignments`. Raises `PrincipalNotFound`, `RoleNotFound`, `AccountNotFound`."""
    object_id, role, scope = await _asked(portal, request)
    await portal.roles.assign(object_id, role, scope=scope)
    return Response(status_code=204)


async def revoke_role(portal: PortalServices, request: Request) -> Response:
    """`DELETE /portal/api/principals/{id}/assignments`. Raises as `assign_role`, and `RoleNotAssigned`."""
    object_id, role, scope = await _asked(portal, request)
    if not await portal.roles.revoke(object_id, role, scope=scope):
        raise RoleNotAssigned(object_id, role.name, "all accounts" if scope == ALL_ACCOUNTS else "the account")
    return Response(status_code=204)


async def _asked(portal: PortalServices, request: Request) -> tuple[str, Role, str]:
    """An object id, a role, and the scope as stored; for a caller who may assign and revoke roles there."""
    caller = await operator_or(request, _READ)
    body = await read_body(request, portal.bodies, _AssignmentBody)
    is_own = folded(body.scope) == folded(caller.account.name)
    await operator_or(request, _WRITE, on_all_accounts=not is_own)
    role = find_role(body.role)
    if role is None:
        raise RoleNotFound(body.role[:64])
    object_id = request.path_params["id"]
    if not is_guid(object_id):
        raise PrincipalNotFound(object_id[:64])
    return await portal.data.principals.object_id_of(object_id), role, await _scope(portal, body.scope)


async def _scope(portal: PortalServices, named: str) -> str:
    if (wider := wider_scope(named)) is not None:
        return wider.stored
    accounts = {folded(account.name): account.id for account in await portal.gate.accounts.list()}
    if folded(named) not in accounts:
        raise AccountNotFound(named[:64])
    return accounts[folded(named)]


async def _assignments(portal: PortalServices, caller: PortalCaller) -> defaultdict[str, list[JsonObject]]:
    """Keyed by object id."""
    names = {scope: scope for scope in caller.account.scope.covering} | {caller.account.id: caller.account.name}
    sees_all = await portal.gate.authorizer.allows(caller.who, _READ, scope=EVERYTHING)
    if sees_all:
        names |= {account.id: account.name for account in await portal.gate.accounts.list()}
    found: defaultdict[str, list[JsonObject]] = defaultdict(list)
    for assignment in await portal.roles.list():
        scope = names.get(assignment.scope)
        if scope is None and sees_all and wider_scope(assignment.scope) is not None:
            scope = assignment.scope
        if scope is not None:  # Leave out accounts that are gone.
            found[assignment.principal_id].append({"role": assignment.role.name, "scope": scope})
    return found


def _principal_json(principal: Principal, assignments: list[JsonObject]) -> JsonObject:
    return {
        "id": principal.id,
        "client_id": principal.client_id,
        "name": principal.name,
        "has_secret": principal.secret_hash is not None,
        "created_at": int(principal.created_at.timestamp()),
        "assignments": assignments,
    }


def _stranger_json(object_id: str, assignments: list[JsonObject]) -> JsonObject:
    unknown = dict.fromkeys(("client_id", "name", "created_at"))
    return {"id": object_id, **unknown, "has_secret": False, "assignments": assignments}
