"""The scopes of roles as Azure Resource Manager writes them: "/", a subscription, a resource group, an account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request

from antiphon.api.management.plane import ManagementPlane, group_scope, subscription_scope
from antiphon.api.management.shapes import account_id
from antiphon.identity.roles import ManagementAction
from antiphon.identity.scopes import EVERYTHING, Scope, wider_scope
from antiphon.resources.accounts import Account
from antiphon.resources.errors import ResourceGroupNotFound


async def scope_of(plane: ManagementPlane, request: Request, action: ManagementAction) -> Scope:
    """The scope with which a path under `Microsoft.Authorization` begins, for a caller who may do `action` there.

    Raises `ResourceGroupNotFound` and `ManagedResourceNotFound`.
    """
    named = request.path_params
    if "account" in named:
        return (await plane.account(request, action)).scope
    if "subscription" not in named:
        scope = EVERYTHING
    else:
        scope = group_scope(request) if "group" in named else subscription_scope(request)
    await plane.authorizer.authorize(request, action, scope=scope)
    if "group" in named and await plane.groups.find(named["subscription"], named["group"]) is None:
        raise ResourceGroupNotFound(named["group"])
    return scope


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeNames:
    """The names of scopes, for a request about one of them: within its own subscription, spelled as the request
    does."""

    subscription: str | None
    accounts: Mapping[str, Account]
    """Keyed by id."""
    groups: Mapping[str, str]
    """Of the request's subscription: names, keyed by folded name."""

    @classmethod
    async def read(cls, plane: ManagementPlane, request: Request) -> ScopeNames:
        subscription = request.path_params.get("subscription")
        groups = () if subscription is None else await plane.groups.list(subscription)
        return cls(
            subscription=subscription,
            accounts={account.id: account for account in await plane.accounts.list(subscription)},
            groups={group.name.lower(): group.name for group in groups},
        )

    def scope(self, stored: str) -> Scope | None:
        """The stored scope; None for an account of another subscription, or one that is gone."""
        account = self.accounts.get(stored)
        return wider_scope(stored) if account is None else account.scope

    def path(self, scope: Scope) -> str:
        """The scope as Azure writes it; "/" for everything."""
        if scope.account_id is not None:
            return account_id(self.accounts[scope.account_id])
        if scope.subscription_id is None:
            return "/"
        path = f"/subscriptions/{self.subscription or scope.subscription_id}"
        if scope.resource_group is None:
            return path
        return f"{path}/resourceGroups/{self.groups.get(scope.resource_group.lower(), scope.resource_group)}"
