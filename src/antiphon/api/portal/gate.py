"""Who asks what only the portal asks."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from starlette.requests import Request

from antiphon.api.management.errors import AuthorizationFailed
from antiphon.api.portal.errors import PortalHeaderMissing
from antiphon.api.session_credential import SessionCredential, comes_from_portal
from antiphon.identity.portal_sessions import PortalSession
from antiphon.identity.roles import Action
from antiphon.identity.scopes import EVERYTHING
from antiphon.resources.accounts import Account, Accounts

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalCaller:
    """Who asks, and of which account."""

    account: Account
    """The one that the host leads to."""
    principal: str
    """"portal" for the operator, or the object id of one of Entra's principals."""
    session: PortalSession


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalGate:
    accounts: Accounts
    credential: SessionCredential

    async def caller(self, request: Request) -> PortalCaller:
        """Whoever is signed in.

        Raises `PortalHeaderMissing` and `SessionExpired`, and `AccountNotFound` for the host of an account that is not.
        """
        if not comes_from_portal(request):
            _log.info("Refused: the portal's header is missing")
            raise PortalHeaderMissing
        session = await self.credential.session(request)
        account = await self.accounts.of_host(request.url.hostname or "")
        return PortalCaller(account=account, principal=session.user.principal, session=session)


async def operator_or(request: Request, action: Action, *, on_all_accounts: bool = False) -> PortalCaller:
    """Who asks, being the operator or somebody of Entra's who may do `action` on the account, or on all there are.

    Raises as `PortalGate.caller`, and `AuthorizationFailed` for who has no role for it.
    """
    gate: PortalGate = request.app.state.services.portal.gate
    caller = await gate.caller(request)
    user = caller.session.user
    scope = EVERYTHING if on_all_accounts else caller.account.scope
    if not await gate.credential.allows(user, action, scope=scope):
        _log.warning("Refused: the principal %s has no role for %s there", caller.principal, action)
        where = "all accounts" if on_all_accounts else caller.account.name
        raise AuthorizationFailed(client_id=user.name, principal_id=caller.principal, action=action, scope=where)
    return caller
