"""Operations on accounts and their keys."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from antiphon.api.chat.completion import JsonObject
from antiphon.api.management.bodies import AccountBody, AccountProperties, DomainBody, KeyBody, read_body
from antiphon.api.management.errors import InvalidRequestContent, InvalidSku, KeysDisabled, LocationRequired
from antiphon.api.management.plane import ManagementPlane, account_not_found, group_scope, subscription_scope
from antiphon.api.management.shapes import ACCOUNT_SKU, account_json
from antiphon.identity.keys import KEY_NAMES, KeyName
from antiphon.identity.roles import ManagementAction
from antiphon.identity.scopes import Scope
from antiphon.resources.account_plan import AccountPlan
from antiphon.resources.accounts import Account
from antiphon.resources.errors import AccountNotFound, InvalidKind, InvalidResourceName, InvalidResourceProperties
from antiphon.resources.names import check_account_name

_KEYS: Mapping[str, KeyName] = {name: name for name in KEY_NAMES}


async def list_of_subscription(plane: ManagementPlane, request: Request) -> Response:
    return await _list(plane, request, subscription_scope(request))


async def list_of_group(plane: ManagementPlane, request: Request) -> Response:
    return await _list(plane, request, group_scope(request))


async def get(plane: ManagementPlane, request: Request) -> Response:
    account = await plane.account(request, ManagementAction.ACCOUNTS_READ)
    return JSONResponse(_json(plane, account, request))


async def put(plane: ManagementPlane, request: Request) -> Response:
    existing = await plane.find_account(request, ManagementAction.ACCOUNTS_WRITE)
    body = await read_body(request, plane.bodies, AccountBody)
    name = request.path_params["account"]
    properties = _checked_properties(body, name)
    if not body.location:
        raise LocationRequired
    kind = body.kind if body.kind is not None or existing is None else existing.kind
    if kind is None:
        raise InvalidKind("")
    plan = AccountPlan(
        subscription_id=request.path_params["subscription"],
        resource_group=request.path_params["group"],
        location=body.location,
        kind=kind,
        tags=body.tags or {},
        disable_local_auth=properties.disable_local_auth,
    )
    account, is_new = await plane.accounts.put(name, plan)
    return JSONResponse(_json(plane, account, request), 201 if is_new else 200)


async def patch(plane: ManagementPlane, request: Request) -> Response:
    account = await plane.account(request, ManagementAction.ACCOUNTS_WRITE)
    body = await read_body(request, plane.bodies, AccountBody)
    properties = _checked_properties(body, account.name)
    try:
        account = await plane.accounts.update(
            account.id, kind=body.kind, tags=body.tags, disable_local_auth=properties.disable_local_auth
        )
    except AccountNotFound:  # Deleted just now.
        raise account_not_found(request) from None
    return JSONResponse(_json(plane, account, request))


async def delete(plane: ManagementPlane, request: Request) -> Response:
    account = await plane.find_account(request, ManagementAction.ACCOUNTS_DELETE)
    if account is None:
        return Response(status_code=204)
    await plane.accounts.delete(account)
    return Response(status_code=200)


async def list_keys(plane: ManagementPlane, request: Request) -> Response:
    return await _keys(plane, await plane.account(request, ManagementAction.KEYS_LIST), request)


async def regenerate_key(plane: ManagementPlane, request: Request) -> Response:
    account = await plane.account(request, ManagementAction.KEYS_REGENERATE)
    body = await read_body(request, plane.bodies, KeyBody)
    name = _KEYS.get(body.key_name.lower())
    if name is None:
        raise InvalidRequestContent("Expected Key1 or Key2 - at `$.keyName`")
    if account.disable_local_auth:
        raise KeysDisabled
    await plane.keys.regenerate(account.id, name)
    return await _keys(plane, account, request)


async def check_domain(plane: ManagementPlane, request: Request) -> Response:
    """Whether an account of that name could be created."""
    await plane.authorize(request, ManagementAction.ACCOUNTS_READ)
    body = await read_body(request, plane.bodies, DomainBody)
    reason = None
    try:
        check_account_name(body.subdomain_name)
    except InvalidResourceName as error:
        reason = error.message
    else:
        if await plane.accounts.stored(body.subdomain_name) is not None:
            reason = f"Sub domain name '{body.subdomain_name}' is already used. Please pick a different name."
    return JSONResponse({**msgspec.to_builtins(body), "isSubdomainAvailable": reason is None, "reason": reason})


async def readable_accounts(plane: ManagementPlane, request: Request, scope: Scope) -> tuple[Account, ...]:
    """The accounts in a subscription or group that the caller may read: all of them with a role there, otherwise those
    on which it has a role."""
    caller, may = await plane.authorizer.identify(request), plane.authorizer.allows
    may_read_all = await may(caller, ManagementAction.ACCOUNTS_READ, scope=scope)
    accounts = await plane.accounts.list(scope.subscription_id, resource_group=scope.resource_group)
    if not may_read_all:
        accounts = [each for each in accounts if await may(caller, ManagementAction.ACCOUNTS_READ, scope=each.scope)]
    return tuple(accounts)


async def _list(plane: ManagementPlane, request: Request, scope: Scope) -> Response:
    accounts = await readable_accounts(plane, request, scope)
    return JSONResponse({"value": [_json(plane, account, request) for account in accounts]})


async def _keys(plane: ManagementPlane, account: Account, request: Request) -> Response:
    if account.disable_local_auth:
        raise KeysDisabled
    pair = await plane.keys.pair(account.id)
    if pair is None:  # Deleted just now.
        raise account_not_found(request)
    return JSONResponse({"key1": pair.key1, "key2": pair.key2}, headers={"cache-control": "no-store"})


def _checked_properties(body: AccountBody, name: str) -> AccountProperties:
    if body.sku is not None and body.sku.name not in (None, ACCOUNT_SKU):
        raise InvalidSku(body.sku.name)
    properties = body.properties or AccountProperties()
    subdomain = properties.custom_sub_domain_name
    if subdomain and subdomain.lower() != name.lower():
        raise InvalidResourceProperties(
            f"An account's host name begins with the account's own name here: leave customSubDomainName out, or make "
            f"it {name.lower()[:64]!r}."
        )
    return properties


def _json(plane: ManagementPlane, account: Account, request: Request) -> JsonObject:
    return account_json(account, plane.accounts.hosts, request)
