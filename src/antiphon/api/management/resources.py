"""Everything in a subscription or a group, whatever its type: here, its accounts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from antiphon.api.chat.completion import JsonObject
from antiphon.api.management.accounts import readable_accounts
from antiphon.api.management.filters import read_filter
from antiphon.api.management.plane import ManagementPlane, group_scope, subscription_scope
from antiphon.api.management.shapes import ACCOUNT_TYPE, resource_json
from antiphon.identity.scopes import Scope
from antiphon.resources.accounts import Account

_VALUES: Mapping[str, Callable[[Account], frozenset[str]]] = {
    "name": lambda account: frozenset({account.name}),
    "location": lambda account: frozenset({account.location}),
    "resourcegroup": lambda account: frozenset({account.resource_group}),
    "resourcetype": lambda _: frozenset({ACCOUNT_TYPE}),
    "tagname": lambda account: frozenset(account.tags),
    "tagvalue": lambda account: frozenset(account.tags.values()),
}
"""What a filter may contain, in any case."""


async def list_of_subscription(plane: ManagementPlane, request: Request) -> Response:
    return await _list(plane, request, subscription_scope(request))


async def list_of_group(plane: ManagementPlane, request: Request) -> Response:
    return await _list(plane, request, group_scope(request))


async def _list(plane: ManagementPlane, request: Request, scope: Scope) -> Response:
    accounts = await readable_accounts(plane, request, scope)
    conditions = read_filter(request, _VALUES)
    value: list[JsonObject] = [
        resource_json(account)
        for account in accounts
        if all(wanted in {each.lower() for each in _VALUES[field](account)} for field, wanted in conditions)
    ]
    return JSONResponse({"value": value})
