"""What the operations of resource management are built on, and how they find an account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from starlette.requests import HTTPConnection, Request

from antiphon.api.authorization import Caller
from antiphon.api.bodies import BodyReader
from antiphon.api.management.errors import ManagedResourceNotFound
from antiphon.identity.directory import Directory
from antiphon.identity.keys import AccountKeys
from antiphon.identity.roles import Action, ManagementAction
from antiphon.identity.scopes import Scope
from antiphon.resources.accounts import Account, Accounts
from antiphon.resources.capacity import CapacityPool
from antiphon.resources.deployments import Deployments
from antiphon.resources.errors import ParentResourceNotFound
from antiphon.resources.groups import ResourceGroups
from antiphon.resources.names import check_resource_group, check_subscription

_MAX_BODY_BYTES = 256 * 1024


def management_bodies() -> BodyReader:
    """Reads bodies that are no larger than the description of a resource."""
    return BodyReader(max_bytes=_MAX_BODY_BYTES, advice="Leave out what the operation does not need.")


class ManagementAuthorizer(Protocol):
    """Checks what callers may manage; the `Authorizer` of the plane."""

    async def authorize(self, connection: HTTPConnection, action: Action, *, scope: Scope) -> Caller: ...

    async def identify(self, connection: HTTPConnection) -> Caller: ...

    async def allows(self, caller: Caller, action: Action, *, scope: Scope) -> bool: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagementPlane:
    accounts: Accounts
    groups: ResourceGroups
    keys: AccountKeys
    deployments: Deployments
    pool: CapacityPool
    """The pool that `deployments` checks."""
    authorizer: ManagementAuthorizer
    directory: Directory
    tenant_id: str
    """The local authority's tenant."""
    bodies: BodyReader

    async def find_account(self, request: Request, action: ManagementAction) -> Account | None:
        """The account that the path names, for a caller who may do `action` with it.

        Only callers who may do that with all accounts of the group learn whether the account exists.
        """
        group = group_scope(request)
        account = await self.accounts.stored(request.path_params["account"])
        if account is not None and not _is_at(request, account):
            account = None
        await self.authorizer.authorize(request, action, scope=group if account is None else account.scope)
        return account

    async def account(self, request: Request, action: ManagementAction) -> Account:
        """As `find_account`; raises `ManagedResourceNotFound` if there is none."""
        account = await self.find_account(request, action)
        if account is None:
            raise account_not_found(request)
        return account

    async def parent(self, request: Request, action: ManagementAction) -> Account:
        """As `find_account`; raises `ParentResourceNotFound` if there is none."""
        account = await self.find_account(request, action)
        if account is None:
            raise ParentResourceNotFound(request.path_params["account"])
        return account

    async def authorize(self, request: Request, action: ManagementAction) -> str:
        """The subscription that the path names, for a caller who may do `action` in all of it."""
        subscription_id = request.path_params["subscription"]
        await self.authorizer.authorize(request, action, scope=subscription_scope(request))
        return subscription_id


def subscription_scope(request: Request) -> Scope:
    """The subscription that the path names. Raises `InvalidSubscription`."""
    subscription_id = request.path_params["subscription"]
    check_subscription(subscription_id)
    return Scope(subscription_id=subscription_id)


def group_scope(request: Request) -> Scope:
    """The resource group that the path names. Raises `InvalidSubscription` and `InvalidResourceGroup`."""
    subscription_id = subscription_scope(request).subscription_id
    name = request.path_params["group"]
    check_resource_group(name)
    return Scope(subscription_id=subscription_id, resource_group=name)


def account_not_found(request: Request) -> ManagedResourceNotFound:
    return ManagedResourceNotFound(
        f"Microsoft.CognitiveServices/accounts/{request.path_params['account']}",
        resource_group=request.path_params["group"],
    )


def _is_at(request: Request, account: Account) -> bool:
    """Whether the account is in the subscription and the group that the path names."""
    return (account.subscription_id.lower(), account.resource_group.lower()) == (
        request.path_params["subscription"].lower(),
        request.path_params["group"].lower(),
    )
