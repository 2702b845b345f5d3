"""Everything there is in a subscription or a group, whatever its type: here, its accounts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from antiphon.api.chat_completion import JsonObject
from antiphon.api.management.accounts import readable_accounts
from antiphon.api.management.plane import ManagementPlane
from antiphon.api.management.shapes import ACCOUNT_TYPE, resource_json
from antiphon.errors import InvalidFilter
from antiphon.resources.accounts import Account
from antiphon.resources.names import check_resource_group

_CONDITION = re.compile(r"(\w+) eq '((?:[^']|'')*)'", re.IGNORECASE)
_FILTER = re.compile(rf"{_CONDITION.pattern}(?: and {_CONDITION.pattern})*", re.IGNORECASE)
_VALUES: Mapping[str, Callable[[Account], frozenset[str]]] = {
    "name": lambda account: frozenset({account.name}),
    "location": lambda account: frozenset({account.location}),
    "resourcegroup": lambda account: frozenset({account.resource_group}),
    "resourcetype": lambda _: frozenset({ACCOUNT_TYPE}),
    "tagname": lambda account: frozenset(account.tags),
    "tagvalue": lambda account: frozenset(account.tags.values()),
}
"""What a filter may ask for, in any case."""


async def list_of_subscription(plane: ManagementPlane, request: Request) -> Response:
    return await _list(plane, request, resource_group=None)


async def list_of_group(plane: ManagementPlane, request: Request) -> Response:
    group = request.path_params["group"]
    check_resource_group(group)
    return await _list(plane, request, resource_group=group)


async def _list(plane: ManagementPlane, request: Request, *, resource_group: str | None) -> Response:
    accounts = await readable_accounts(plane, request, resource_group=resource_group)
    conditions = _conditions(request.query_params.get("$filter", ""))
    value: list[JsonObject] = [
        resource_json(account)
        for account in accounts
        if all(wanted in {each.lower() for each in _VALUES[field](account)} for field, wanted in conditions)
    ]
    return JSONResponse({"value": value})


def _conditions(text: str) -> list[tuple[str, str]]:
    """Field and value of each, in lower case. Raises `InvalidFilter`."""
    if not text.strip():
        return []
    if _FILTER.fullmatch(text.strip()) is None:
        raise InvalidFilter(text)
    conditions = [(field.lower(), value.replace("''", "'").lower()) for field, value in _CONDITION.findall(text)]
    if any(field not in _VALUES for field, _ in conditions):
        raise InvalidFilter(text)
    return conditions
