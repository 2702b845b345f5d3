"""Builds authorization: keys, tokens, sessions, roles and the local authority."""

from __future__ import annotations

import os
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace

from antiphon.api.authorization import Authorizer, Plane
from antiphon.api.data_plane import DATA_PLANE, DataAuthorizer
from antiphon.api.management.authorization import GRAPH_PLANE, MANAGEMENT_PLANE
from antiphon.api.management.graph import GraphRoutes
from antiphon.api.portal.gate import PORTAL_PLANE, PortalGate
from antiphon.api.sign_in.authority import Authority
from antiphon.api.sign_in.managed_identity import ManagedIdentity
from antiphon.errors import ConfigurationError
from antiphon.hardening.pace import Pace
from antiphon.identity.assignments import RoleAssignments
from antiphon.identity.audiences import DATA_AUDIENCES, MANAGEMENT_AUDIENCES
from antiphon.identity.authority import LocalAuthority
from antiphon.identity.directory import Directory
from antiphon.identity.entra import EntraTenant, create_http_client
from antiphon.identity.entra_sign_in import CLIENT_SECRET_VARIABLE, EntraSignIn
from antiphon.identity.keys import AccountKeys
from antiphon.identity.portal_sessions import PortalSessions
from antiphon.identity.principals import Principals
from antiphon.identity.secrets import IDENTITY_HEADER, ServerSecrets
from antiphon.identity.signing import SigningKeys
from antiphon.identity.tokens import LOCAL_TENANT, LocalIssuer, TokenVerifier
from antiphon.resources.accounts import Accounts
from antiphon.seat import ALONE, Seat
from antiphon.settings import IdentitySettings
from antiphon.store.database import Database
from antiphon.store.sealing import Seal


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorization:
    data: DataAuthorizer
    """For the data plane."""
    management: Authorizer
    """For the resource manager."""
    authority: Authority
    """Issues tokens."""
    directory: Directory
    """The principals and their roles."""
    graph: GraphRoutes
    """Microsoft Graph's part of the directory."""
    portal: PortalGate
    """For the portal's own routes."""
    sessions: PortalSessions
    roles: RoleAssignments
    entra: EntraSignIn | None
    """Sign-in to the portal; None if it is not set up."""


async def open_authorization(
    database: Database,
    seal: Seal,
    accounts: Accounts,
    keys: AccountKeys,
    settings: IdentitySettings,
    resources: AsyncExitStack,
    *,
    seat: Seat = ALONE,
) -> Authorization:
    """Build it all, and create what a new data folder lacks; `resources` takes what has to be closed.

    Raises `ConfigurationError`, and `SealBroken` if the data folder's secrets were encrypted with another key.
    """
    principals, signing_keys = Principals(database), SigningKeys(database, seal)
    await principals.ensure_local()
    data_audiences = DATA_AUDIENCES | set(settings.audiences)
    tokens, entra = await _tokens(settings, LocalIssuer(keys=signing_keys), resources)
    local = LocalAuthority(signing_keys, principals, tokens, audiences=data_audiences | MANAGEMENT_AUDIENCES)
    roles = RoleAssignments(database)
    directory = Directory(principals=principals, roles=roles, has_strangers=bool(settings.tenants))
    sessions, refusals = PortalSessions(database), Pace(share=1 / seat.count)

    def authorizer(plane: Plane) -> Authorizer:
        return Authorizer(plane=plane, keys=keys, tokens=tokens, sessions=sessions, roles=roles, refusals=refusals)

    return Authorization(
        data=DataAuthorizer(accounts=accounts, authorizer=authorizer(replace(DATA_PLANE, audiences=data_audiences))),
        management=authorizer(MANAGEMENT_PLANE),
        portal=PortalGate(accounts=accounts, authorizer=authorizer(PORTAL_PLANE)),
        sessions=sessions,
        roles=roles,
        entra=entra,
        directory=directory,
        graph=GraphRoutes(directory=directory, authorizer=authorizer(GRAPH_PLANE)),
        authority=Authority(
            local=local,
            managed_identity=ManagedIdentity(
                authority=local,
                identity_header=await ServerSecrets(database, seal).get(IDENTITY_HEADER),
                serves_instance_metadata=settings.imds,
            ),
        ),
    )


async def _tokens(
    settings: IdentitySettings, local: LocalIssuer, resources: AsyncExitStack
) -> tuple[TokenVerifier, EntraSignIn | None]:
    """Whose tokens are accepted, and how users of Entra's tenants sign in to the portal."""
    if not settings.tenants:
        return TokenVerifier([local]), None
    if LOCAL_TENANT in {tenant.lower() for tenant in settings.tenants}:
        raise ConfigurationError(f"The tenant {LOCAL_TENANT} is the local authority's. Remove it from [identity].")
    client = await resources.enter_async_context(create_http_client())
    tenants = [EntraTenant(tenant, client, authority=settings.authority) for tenant in settings.tenants]
    for tenant in tenants:
        resources.push_async_callback(tenant.close)
    tokens = TokenVerifier([local, *tenants])
    if settings.portal_client_id is None:
        return tokens, None
    return tokens, EntraSignIn(
        client_id=settings.portal_client_id,
        client_secret=os.environ.get(CLIENT_SECRET_VARIABLE) or None,
        tenants=tenants,
        tokens=tokens,
        client=client,
        authority=settings.authority,
    )
