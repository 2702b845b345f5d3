"""The paths of resource management, matched in any case, and what their answers have in common."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from antiphon.api.domain_errors import as_api_error
from antiphon.api.error_responses import error_response
from antiphon.api.management import (
    accounts,
    catalogue,
    deployments,
    groups,
    provider,
    resources,
    role_assignments,
    role_definitions,
    subscriptions,
)
from antiphon.api.management.plane import ManagementPlane
from antiphon.api.management.shapes import PROVIDER
from antiphon.api.management.versions import Provider, check_version
from antiphon.api.routing import Operation, Table, routes
from antiphon.request_id import request_id

_SUBSCRIPTION = "/subscriptions/{subscription}"
_GROUP = f"{_SUBSCRIPTION}/resourceGroups/{{group}}"
_PROVIDER = f"{_SUBSCRIPTION}/providers/{PROVIDER}"
_LOCATION = f"{_PROVIDER}/locations/{{location}}"
_DELETED = f"{_LOCATION}/resourceGroups/{{group}}/deletedAccounts/{{account}}"
_ACCOUNTS = f"{_GROUP}/providers/{PROVIDER}/accounts"
_ACCOUNT = f"{_ACCOUNTS}/{{account}}"
_DEPLOYMENT = f"{_ACCOUNT}/deployments/{{deployment}}"

_RESOURCES: Table[ManagementPlane] = (
    ("GET", "/tenants", subscriptions.list_tenants),
    ("GET", "/subscriptions", subscriptions.list_subscriptions),
    ("GET", _SUBSCRIPTION, subscriptions.get_subscription),
    ("GET", f"{_SUBSCRIPTION}/locations", subscriptions.list_locations),
    ("GET", f"{_SUBSCRIPTION}/resourceGroups", groups.list_of_subscription),
    ("HEAD", _GROUP, groups.head),
    ("GET", _GROUP, groups.get),
    ("PUT", _GROUP, groups.put),
    ("PATCH", _GROUP, groups.patch),
    ("DELETE", _GROUP, groups.delete),
    ("GET", f"{_GROUP}/resources", resources.list_of_group),
    ("GET", f"{_SUBSCRIPTION}/resources", resources.list_of_subscription),
    ("GET", f"{_SUBSCRIPTION}/providers", provider.list_providers),
    ("GET", _PROVIDER, provider.get_registration),
    ("POST", f"{_PROVIDER}/register", provider.get_registration),
)
_COGNITIVE_SERVICES: Table[ManagementPlane] = (
    ("GET", f"/providers/{PROVIDER}/operations", provider.list_operations),
    ("GET", f"{_PROVIDER}/accounts", accounts.list_of_subscription),
    ("GET", f"{_PROVIDER}/skus", catalogue.skus_of_subscription),
    ("GET", f"{_PROVIDER}/modelCapacities", catalogue.capacities_of_subscription),
    ("POST", f"{_PROVIDER}/checkDomainAvailability", accounts.check_domain),
    ("GET", f"{_PROVIDER}/deletedAccounts", provider.list_deleted),
    ("GET", f"{_LOCATION}/models", catalogue.models_of_location),
    ("GET", f"{_LOCATION}/usages", catalogue.usages_of_location),
    ("GET", f"{_LOCATION}/modelCapacities", catalogue.capacities_of_location),
    ("GET", _DELETED, provider.get_deleted),
    ("DELETE", _DELETED, provider.purge_deleted),
    ("GET", _ACCOUNTS, accounts.list_of_group),
    ("GET", _ACCOUNT, accounts.get),
    ("PUT", _ACCOUNT, accounts.put),
    ("PATCH", _ACCOUNT, accounts.patch),
    ("DELETE", _ACCOUNT, accounts.delete),
    ("POST", f"{_ACCOUNT}/listKeys", accounts.list_keys),
    ("POST", f"{_ACCOUNT}/regenerateKey", accounts.regenerate_key),
    ("GET", f"{_ACCOUNT}/models", catalogue.models_of_account),
    ("GET", f"{_ACCOUNT}/skus", catalogue.skus_of_account),
    ("GET", f"{_ACCOUNT}/usages", catalogue.usages_of_account),
    ("GET", f"{_ACCOUNT}/deployments", deployments.list_of_account),
    ("GET", _DEPLOYMENT, deployments.get),
    ("PUT", _DEPLOYMENT, deployments.put),
    ("PATCH", _DEPLOYMENT, deployments.patch),
    ("DELETE", _DEPLOYMENT, deployments.delete),
    ("GET", f"{_DEPLOYMENT}/skus", deployments.list_skus),
)

_AUTHORIZATION: Table[ManagementPlane] = tuple(
    (method, f"{scope}/providers/Microsoft.Authorization/{path}", operation)
    for scope in ("", _SUBSCRIPTION, _GROUP, _ACCOUNT)
    for method, path, operation in (
        ("GET", "roleDefinitions", role_definitions.list_of_scope),
        ("GET", "roleDefinitions/{role}", role_definitions.get),
        ("GET", "roleAssignments", role_assignments.list_of_scope),
        ("GET", "roleAssignments/{assignment}", role_assignments.get),
        ("PUT", "roleAssignments/{assignment}", role_assignments.put),
        ("DELETE", "roleAssignments/{assignment}", role_assignments.delete),
    )
)

_TABLES: Mapping[Provider, Table[ManagementPlane]] = {
    Provider.RESOURCES: _RESOURCES,
    Provider.COGNITIVE_SERVICES: _COGNITIVE_SERVICES,
    Provider.AUTHORIZATION: _AUTHORIZATION,
}

_MAX_CORRELATION_ID = 128
_SLASH = re.compile(r"(?<!\^)/")
"""A slash in a path's pattern, but not the one of `[^/]`, which is a parameter."""


class _CaselessRoute(Route):
    """A route whose path matches in any case, as Azure's do; values of parameters keep theirs.

    Extra slashes do not matter either: `az resource show` sends one.
    """

    def __init__(
        self, path: str, endpoint: Callable[[Request], Awaitable[Response]], *, methods: Collection[str]
    ) -> None:
        super().__init__(path, endpoint, methods=methods)
        pattern = _SLASH.sub("/+", self.path_regex.pattern)
        self.path_regex = re.compile(pattern, re.IGNORECASE)


def management_routes(find: Callable[[Request], ManagementPlane]) -> Iterator[Route]:
    """All the routes; `find` returns the plane for a request."""
    for owner, table in _TABLES.items():
        answered = ((method, path, _answered(owner, operation)) for method, path, operation in table)
        yield from routes(answered, find, kind=_CaselessRoute)


def _answered(owner: Provider, operation: Operation[ManagementPlane]) -> Operation[ManagementPlane]:
    async def answer(plane: ManagementPlane, request: Request) -> Response:
        try:
            check_version(request, owner)
            response = await operation(plane, request)
        except ClientDisconnect:
            raise
        except Exception as error:
            response = error_response(as_api_error(error))
        _add_ids(response, request)
        return response

    return answer


def _add_ids(response: Response, request: Request) -> None:
    """Add the ids by which Azure's tools refer to a request; a client may have sent one that joins several requests."""
    own_id = request_id.get() or ""
    response.headers["x-ms-request-id"] = own_id
    correlation_id = request.headers.get("x-ms-correlation-request-id", own_id)
    response.headers["x-ms-correlation-request-id"] = correlation_id[:_MAX_CORRELATION_ID]
