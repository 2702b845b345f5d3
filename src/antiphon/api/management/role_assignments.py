"""Who has which role, and where. Each assignment is read, made and revoked on exactly the scope that it is for."""

from __future__ import annotations

import re
from collections.abc import Set

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from antiphon.api.chat.completion import JsonObject
from antiphon.api.management.bodies import AssignmentProperties, RoleAssignmentBody, read_body
from antiphon.api.management.errors import (
    AssignedPrincipalNotFound,
    InvalidPrincipalId,
    InvalidRoleAssignmentId,
    PrincipalTypeNotSupported,
    RoleAssignmentConditionNotSupported,
    RoleAssignmentNotFound,
    RoleDefinitionDoesNotExist,
    UnmatchedPrincipalType,
)
from antiphon.api.management.filters import read_filter
from antiphon.api.management.plane import ManagementPlane
from antiphon.api.management.role_definitions import definition_id, role_of_id
from antiphon.api.management.role_scopes import ScopeNames, scope_of
from antiphon.identity.assignments import RoleAssignment
from antiphon.identity.directory import SERVICE_PRINCIPAL
from antiphon.identity.principals import is_guid
from antiphon.identity.roles import ManagementAction
from antiphon.identity.scopes import Scope

_TYPE = "Microsoft.Authorization/roleAssignments"
_PRINCIPAL_TYPES = (SERVICE_PRINCIPAL, "User")
_UNKNOWN = "Unknown"
"""What Azure calls a principal unknown to its directory."""
_DEFINITION = re.compile(
    r"(?:/subscriptions/[^/]+)?/providers/Microsoft\.Authorization/roleDefinitions/([^/]+)/?", re.IGNORECASE
)
_AT_SCOPE = "atscope()"
_OF_PRINCIPAL = ("principalid", "assignedto()")
"""Equivalent here, as there are no groups to belong to."""


async def list_of_scope(plane: ManagementPlane, request: Request) -> Response:
    """The assignments that apply to the scope, including those made above it; and, unless the filter says `atScope()`,
    those made below it."""
    scope = await scope_of(plane, request, ManagementAction.ROLE_ASSIGNMENTS_READ)
    conditions = read_filter(request, (_AT_SCOPE, *_OF_PRINCIPAL))
    names, known = await ScopeNames.read(plane, request), await _known(plane)
    with_those_below = (_AT_SCOPE, "") not in conditions
    principals = [wanted for field, wanted in conditions if field in _OF_PRINCIPAL]
    value: list[JsonObject] = []
    for assignment in await plane.directory.roles.list():
        own = names.scope(assignment.scope)
        if own is None or not all(assignment.principal_id == wanted for wanted in principals):
            continue
        if scope.lies_in(own) or (with_those_below and own.lies_in(scope)):
            value.append(_json(names, known, assignment, own))
    return JSONResponse({"value": value})


async def get(plane: ManagementPlane, request: Request) -> Response:
    scope = await scope_of(plane, request, ManagementAction.ROLE_ASSIGNMENTS_READ)
    assignment = await _find(plane, request, scope)
    if assignment is None:
        raise RoleAssignmentNotFound(request.path_params["assignment"])
    return JSONResponse(await _one(plane, request, assignment, scope))


async def put(plane: ManagementPlane, request: Request) -> Response:
    scope = await scope_of(plane, request, ManagementAction.ROLE_ASSIGNMENTS_WRITE)
    giver = await plane.authorizer.authorize(request, ManagementAction.ROLE_ASSIGNMENTS_WRITE, scope=scope)
    asked = (await read_body(request, plane.bodies, RoleAssignmentBody)).properties
    if asked.condition:
        raise RoleAssignmentConditionNotSupported
    match = _DEFINITION.fullmatch(asked.role_definition_id)
    if match is None:
        raise RoleDefinitionDoesNotExist(asked.role_definition_id)
    role = role_of_id(match[1])
    assignment, is_new = await plane.directory.roles.put(
        _assignment_id(request),
        asked.principal_id.lower(),
        role,
        scope=scope.stored,
        principal_type=await _principal_type(plane, asked),
        description=asked.description,
        created_by=giver.principal,
    )
    return JSONResponse(await _one(plane, request, assignment, scope), 201 if is_new else 200)


async def delete(plane: ManagementPlane, request: Request) -> Response:
    scope = await scope_of(plane, request, ManagementAction.ROLE_ASSIGNMENTS_DELETE)
    assignment = await _find(plane, request, scope)
    if assignment is None or not await plane.directory.roles.remove(assignment):
        return Response(status_code=204)
    return JSONResponse(await _one(plane, request, assignment, scope))


async def _find(plane: ManagementPlane, request: Request, scope: Scope) -> RoleAssignment | None:
    """The assignment that the path names, if it is on exactly that scope: a caller who may do something here cannot do
    it elsewhere by naming an assignment there."""
    assignment = await plane.directory.roles.find(_assignment_id(request))
    return assignment if assignment is not None and assignment.scope == scope.stored else None


def _assignment_id(request: Request) -> str:
    """Raises `InvalidRoleAssignmentId`."""
    name = request.path_params["assignment"]
    if not is_guid(name):
        raise InvalidRoleAssignmentId(name)
    return name.lower()


async def _principal_type(plane: ManagementPlane, asked: AssignmentProperties) -> str | None:
    """The type of the principal that is to get a role; None if nobody knows or states it.

    Raises `ManagementError` for anything that cannot be a principal, and for one that nobody could sign in as here.
    """
    if not is_guid(asked.principal_id):
        raise InvalidPrincipalId(asked.principal_id)
    named = asked.principal_type
    if named is not None:
        spelled = {each.lower(): each for each in _PRINCIPAL_TYPES}.get(named.lower())
        if spelled is None:
            raise PrincipalTypeNotSupported(named)
        named = spelled
    principal = await plane.directory.principals.with_id(asked.principal_id)
    if principal is not None and named not in (None, SERVICE_PRINCIPAL):
        raise UnmatchedPrincipalType(principal.id, actual=SERVICE_PRINCIPAL, named=named or "")
    if principal is None and not plane.directory.has_strangers:
        raise AssignedPrincipalNotFound(asked.principal_id, tenant_id=plane.tenant_id)
    return named if principal is None else SERVICE_PRINCIPAL


async def _known(plane: ManagementPlane) -> frozenset[str]:
    """The object ids of the local authority's principals."""
    return frozenset(principal.id for principal in await plane.directory.principals.list())


async def _one(plane: ManagementPlane, request: Request, assignment: RoleAssignment, scope: Scope) -> JsonObject:
    return _json(await ScopeNames.read(plane, request), await _known(plane), assignment, scope)


def _json(names: ScopeNames, known: Set[str], assignment: RoleAssignment, scope: Scope) -> JsonObject:
    path = names.path(scope)
    created_on = assignment.created_at.isoformat().replace("+00:00", "Z")
    guessed = SERVICE_PRINCIPAL if assignment.principal_id in known else _UNKNOWN
    return {
        "id": f"{path.rstrip('/')}/providers/{_TYPE}/{assignment.id}",
        "name": assignment.id,
        "type": _TYPE,
        "properties": {
            "roleDefinitionId": definition_id(assignment.role, subscription=names.subscription),
            "principalId": assignment.principal_id,
            "principalType": assignment.principal_type or guessed,
            "scope": path,
            "description": assignment.description,
            "condition": None,
            "conditionVersion": None,
            "createdOn": created_on,
            "createdBy": assignment.created_by,
        },
    }
