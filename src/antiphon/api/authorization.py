"""Who may do what: decided alike on every plane; planes differ in what they accept and in how they refuse."""

from __future__ import annotations

import logging
from collections.abc import Callable, Set
from dataclasses import dataclass

from starlette.requests import HTTPConnection

from antiphon.api.credentials import Credential, Source, first_credential
from antiphon.api.errors import ApiError, AuthenticationTypeDisabled, SessionExpired
from antiphon.api.own_address import path_within
from antiphon.api.session_credential import session_token, shows_session
from antiphon.hardening.pace import Pace
from antiphon.identity.assignments import RoleAssignments
from antiphon.identity.errors import TokenRefused
from antiphon.identity.keys import AccountKeys
from antiphon.identity.portal_sessions import PortalSession, PortalSessions
from antiphon.identity.roles import Action
from antiphon.identity.scopes import Scope
from antiphon.identity.tokens import TokenVerifier
from antiphon.resources.accounts import Account

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who is making a request."""

    principal: str
    """"key1" or "key2", "portal" for the operator, or the object id of a token's or a session's principal."""
    name: str
    """What refusals call the client: a token's application or a session's user."""
    object_id: str | None
    """What roles are assigned to; None for those who may do everything: the operator and, on its own
    account, a key's holder."""
    app_roles: tuple[str, ...] = ()
    """What the issuer of a token, or Entra at sign-in, says the principal may do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plane:
    """Which credentials a group of routes accepts, and how it refuses the rest."""

    sources: tuple[Source, ...] = ()
    """Where a credential may be, in order of precedence."""
    audiences: Set[str] = frozenset()
    """The audiences of accepted tokens."""
    takes_sessions: bool = True
    """Whether the portal's session counts if there is no other credential."""
    unauthenticated: Callable[[HTTPConnection, Credential | None], ApiError]
    """The error for a wrong or missing credential."""
    place: Callable[[HTTPConnection], str] = lambda connection: path_within(connection.scope)
    """What refusals call the thing that a request is about."""
    forbidden: Callable[[Caller, Action, str], ApiError]
    """The error for a caller who may not do the action at the place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorizer:
    """Identifies callers, and lets them do what they may. Refusals are logged with a reason, but reported without."""

    plane: Plane
    keys: AccountKeys
    tokens: TokenVerifier
    sessions: PortalSessions
    roles: RoleAssignments
    refusals: Pace
    """Shared by all planes."""

    async def authorize(
        self, connection: HTTPConnection, action: Action, *, scope: Scope, account: Account | None = None
    ) -> Caller:
        """Identify the caller, who may do `action` on everything in the scope. Raises as `identify` and `check`."""
        caller = await self.identify(connection, account)
        await self.check(caller, action, scope=scope, place=self.plane.place(connection))
        return caller

    async def identify(self, connection: HTTPConnection, account: Account | None = None) -> Caller:
        """Identify the caller, by a key of the account (None: no key counts), a token or the portal's session.

        Raises the plane's error for a wrong or missing credential; `AuthenticationTypeDisabled` for any key if the
        account accepts only tokens; and `SessionExpired`.
        """
        try:
            return await self._identify(connection, account)
        except ApiError:
            await self.refusals.wait()
            raise

    async def _identify(self, connection: HTTPConnection, account: Account | None) -> Caller:
        shown = first_credential(connection, self.plane.sources)
        if shown is None and self.plane.takes_sessions:
            return caller_of(await self.session(connection))
        if shown is None:
            raise self._unauthenticated(connection, None, "it shows no credential")
        if account is None or shown.is_token:
            return await self._of_token(connection, shown)
        return await self._of_key(connection, shown, account)

    async def session(self, connection: HTTPConnection) -> PortalSession:
        """The portal session that a request carries.

        Raises the plane's error for a request that does not come from the portal, and `SessionExpired`.
        """
        if not shows_session(connection):
            raise self._unauthenticated(connection, None, "it shows no credential")
        token = session_token(connection)
        session = None if token is None else await self.sessions.find(token)
        if session is None:
            raise _refusal(SessionExpired(), "there is no session, or it has ended", level=logging.INFO)
        return session

    async def allows(self, caller: Caller, action: Action, *, scope: Scope) -> bool:
        """Whether the caller may do `action` on everything in the scope."""
        if caller.object_id is None:
            return True
        return await self.roles.allow(caller.object_id, action, scope=scope, app_roles=caller.app_roles)

    async def check(self, caller: Caller, action: Action, *, scope: Scope, place: str) -> None:
        """Raise the plane's error, which calls the scope `place`, unless the caller may do `action` on all of it."""
        if not await self.allows(caller, action, scope=scope):
            reason = f"the principal {caller.principal} has no role for {action} there ({place})"
            raise _refusal(self.plane.forbidden(caller, action, place), reason)

    async def _of_token(self, connection: HTTPConnection, shown: Credential) -> Caller:
        try:
            claims = await self.tokens.verify(shown.value, self.plane.audiences)
        except TokenRefused as refused:
            reason = f"the token is not right: {refused.message}"
            raise self._unauthenticated(connection, shown, reason) from None
        return Caller(
            principal=claims.object_id,
            name=claims.client_id,
            object_id=claims.object_id,
            app_roles=claims.app_roles,
        )

    async def _of_key(self, connection: HTTPConnection, shown: Credential, account: Account) -> Caller:
        if account.disable_local_auth:
            raise _refusal(AuthenticationTypeDisabled(), f"the account {account.name!r} takes no keys")
        name = await self.keys.verify(account.id, shown.value)
        if name is None:
            reason = f"the key is none of the account {account.name!r}'s"
            raise self._unauthenticated(connection, shown, reason)
        return Caller(principal=name, name=name, object_id=None)

    def _unauthenticated(self, connection: HTTPConnection, shown: Credential | None, reason: str) -> ApiError:
        level = logging.INFO if shown is None else logging.WARNING
        return _refusal(self.plane.unauthenticated(connection, shown), reason, level=level)


def caller_of(session: PortalSession) -> Caller:
    user = session.user
    return Caller(principal=user.principal, name=user.name, object_id=user.object_id, app_roles=user.app_roles)


def _refusal(error: ApiError, reason: str, *, level: int = logging.WARNING) -> ApiError:
    """Log the reason, and return the error to raise."""
    _log.log(level, "Refused with %s: %s", error.code, reason)
    return error
