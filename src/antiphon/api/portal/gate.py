"""Who is making a request that only the portal makes."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import HTTPConnection, Request

from antiphon.api.authorization import Authorizer, Caller, Plane, caller_of
from antiphon.api.credentials import Credential
from antiphon.api.errors import ApiError
from antiphon.api.management.authorization import authorization_failed
from antiphon.api.portal.errors import PortalHeaderMissing
from antiphon.identity.portal_sessions import PortalSession
from antiphon.identity.roles import Action
from antiphon.identity.scopes import EVERYTHING
from antiphon.resources.accounts import Account, Accounts


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalCaller:
    """Who is making a request, and to which account."""

    account: Account
    """The account that the host belongs to."""
    session: PortalSession

    @property
    def who(self) -> Caller:
        return caller_of(self.session)


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalGate:
    accounts: Accounts
    authorizer: Authorizer

    async def caller(self, request: Request) -> PortalCaller:
        """The user who is signed in.

        Raises `PortalHeaderMissing` and `SessionExpired`, and `AccountNotFound` if the host has no account.
        """
        session = await self.authorizer.session(request)
        account = await self.accounts.of_host(request.url.hostname or "")
        return PortalCaller(account=account, session=session)


async def operator_or(request: Request, action: Action, *, on_all_accounts: bool = False) -> PortalCaller:
    """The caller: the operator, or an Entra user who may do `action` on the account, or on all accounts.

    Raises as `PortalGate.caller`, and `AuthorizationFailed` if the caller has no role for it.
    """
    gate: PortalGate = request.app.state.services.portal.gate
    caller = await gate.caller(request)
    scope, place = caller.account.scope, caller.account.name
    if on_all_accounts:
        scope, place = EVERYTHING, "all accounts"
    await gate.authorizer.check(caller.who, action, scope=scope, place=place)
    return caller


def _unauthenticated(_: HTTPConnection, __: Credential | None) -> ApiError:
    return PortalHeaderMissing()


PORTAL_PLANE = Plane(unauthenticated=_unauthenticated, forbidden=authorization_failed)
