"""Who may manage accounts: holders of a token for Azure's resource manager, or of a portal session, who have a role."""

from __future__ import annotations

from starlette.requests import HTTPConnection

from antiphon.api.authorization import Caller, Plane
from antiphon.api.credentials import Credential, authorization_header, bearer_header
from antiphon.api.errors import ApiError
from antiphon.api.management.directory_errors import DirectoryAccessDenied, DirectoryTokenInvalid
from antiphon.api.management.errors import AuthorizationFailed, ManagementTokenInvalid
from antiphon.identity.audiences import GRAPH_AUDIENCE, MANAGEMENT_AUDIENCES
from antiphon.identity.roles import Action


def authorization_failed(caller: Caller, action: Action, place: str) -> ApiError:
    return AuthorizationFailed(client_id=caller.name, principal_id=caller.principal, action=action, scope=place)


def _management_token_invalid(_: HTTPConnection, __: Credential | None) -> ApiError:
    return ManagementTokenInvalid()


def _directory_token_invalid(_: HTTPConnection, __: Credential | None) -> ApiError:
    return DirectoryTokenInvalid()


def _directory_access_denied(_: Caller, __: Action, ___: str) -> ApiError:
    return DirectoryAccessDenied()


MANAGEMENT_PLANE = Plane(
    sources=(authorization_header,),
    audiences=MANAGEMENT_AUDIENCES,
    unauthenticated=_management_token_invalid,
    forbidden=authorization_failed,
)
GRAPH_PLANE = Plane(
    sources=(bearer_header,),
    audiences=frozenset({GRAPH_AUDIENCE}),
    takes_sessions=False,
    unauthenticated=_directory_token_invalid,
    forbidden=_directory_access_denied,
)
