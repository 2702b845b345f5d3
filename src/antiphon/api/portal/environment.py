"""What a shell needs so that Azure's clients find this account: `antiphon env` in the browser."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from antiphon.api.environment import (
    MANAGED_IDENTITY_PATH,
    ManagedIdentityAccess,
    client_environment,
    export_lines,
)
from antiphon.api.management.errors import KeysDisabled
from antiphon.api.management.shapes import account_endpoint
from antiphon.api.own_address import own_url
from antiphon.api.portal.gate import PortalCaller, operator_or
from antiphon.api.portal.query import flag
from antiphon.api.portal.services import PortalServices
from antiphon.api.sign_in.managed_identity import is_from_here
from antiphon.identity.roles import ManagementAction
from antiphon.resources.accounts import Account
from antiphon.resources.deployments import Deployment
from antiphon.resources.errors import AccountNotFound
from antiphon.resources.models import CHAT_EXAMPLE


async def get_environment(portal: PortalServices, request: Request) -> Response:
    """`GET /portal/api/environment?key=0|1`. Raises `KeysDisabled` if the account accepts no keys."""
    with_key = flag(request, "key") is True
    caller = await operator_or(request, ManagementAction.KEYS_LIST if with_key else ManagementAction.ACCOUNTS_READ)
    variables = client_environment(
        endpoint=account_endpoint(caller.account, portal.gate.accounts.hosts, request),
        deployment=_example(await portal.data.deployments.list(caller.account.id)),
        identity=_identity(portal, caller, request),
        key=await _key(portal, caller.account) if with_key else None,
    )
    return JSONResponse({"lines": export_lines(variables)})


def _identity(portal: PortalServices, caller: PortalCaller, request: Request) -> ManagedIdentityAccess | None:
    """Only for the operator, on the server's own machine: the identity may do more than others, and is revealed to no
    other machine."""
    if not caller.session.user.is_operator or not is_from_here(request):
        return None
    return ManagedIdentityAccess(
        endpoint=f"{own_url(request)}{MANAGED_IDENTITY_PATH}", header=portal.data.identity_header
    )


async def _key(portal: PortalServices, account: Account) -> str:
    if account.disable_local_auth:
        raise KeysDisabled
    pair = await portal.data.keys.pair(account.id)
    if pair is None:  # Deleted just now.
        raise AccountNotFound(account.name)
    return pair.key1


def _example(deployments: Sequence[Deployment]) -> str | None:
    """The deployment to start with: the one that a new account has, or else the first that can chat."""
    names = [each.name for each in deployments if "chatCompletion" in each.model.capabilities]
    preferred = [name for name in names if name.lower() == CHAT_EXAMPLE]
    return next(iter([*preferred, *names]), None)
