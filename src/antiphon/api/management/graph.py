"""The directory, in the shapes of Microsoft Graph: as much of it as Azure's tools ask for before they assign a role.

All principals of the local authority are service principals. Callers who may see on any scope who has which role see
all of them, as in the portal; everyone else sees only themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from antiphon.api.authorization import Authorizer
from antiphon.api.bodies import BodyReader
from antiphon.api.chat.completion import JsonObject
from antiphon.api.management.directory_errors import (
    DirectoryAccessDenied,
    DirectoryObjectNotFound,
    NoSignedInUser,
    UnsupportedDirectoryQuery,
)
from antiphon.api.own_address import own_url
from antiphon.api.routing import Table
from antiphon.identity.directory import Directory
from antiphon.identity.principals import LOCAL_PRINCIPAL, Principal
from antiphon.identity.tokens import LOCAL_TENANT

_MAX_BODY_BYTES = 256 * 1024
_MAX_IDS = 1000
"""As at Microsoft."""
_OBJECT_TYPE = "#microsoft.graph.servicePrincipal"
_TEXT = r"'((?:[^']|'')*)'"
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_FITTING: Mapping[str, Callable[[Principal, str], bool]] = {
    rf"servicePrincipalNames/any\((\w+):\s*\1 eq {_TEXT}\)": lambda each, wanted: wanted in _names(each),
    rf"()startswith\(displayName,\s*{_TEXT}\)": lambda each, wanted: each.name.lower().startswith(wanted),
    rf"()displayName eq {_TEXT}": lambda each, wanted: each.name.lower() == wanted,
    rf"()appId eq {_TEXT}": lambda each, wanted: each.client_id == wanted,
    rf"()id eq {_TEXT}": lambda each, wanted: each.id == wanted,
}
"""What a filter may say, and whether a principal matches the text (the second group), in lower case."""
_CONDITIONS = {re.compile(pattern, re.IGNORECASE): fits for pattern, fits in _FITTING.items()}


class _IdsBody(msgspec.Struct, frozen=True, kw_only=True):
    ids: list[str]
    types: list[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphRoutes:
    """The operations. Paging and field selection (`$top`, `$select`) are ignored: there is one short page."""

    directory: Directory
    authorizer: Authorizer
    bodies: BodyReader = field(default_factory=lambda: BodyReader(max_bytes=_MAX_BODY_BYTES))

    async def list_service_principals(self, request: Request) -> Response:
        """`GET /v1.0/servicePrincipals?$filter=…`. Raises `DirectoryError`."""
        seen, are_all = await self._seen(request)
        found = _filtered(seen, request.query_params.get("$filter", ""))
        if not are_all and not found:
            raise DirectoryAccessDenied
        return _list(request, "servicePrincipals", [_json(principal) for principal in found])

    async def get_service_principal(self, request: Request) -> Response:
        """`GET /v1.0/servicePrincipals/{id}` and `/v1.0/servicePrincipals(appId='{id}')`. Raises `DirectoryError`."""
        named = request.path_params
        object_id, client_id = named.get("object_id", ""), named.get("client_id", "")
        seen, are_all = await self._seen(request)
        for principal in seen:
            if object_id.lower() == principal.id or client_id.lower() == principal.client_id:
                return JSONResponse(
                    {"@odata.context": _context(request, "servicePrincipals/$entity"), **_json(principal)}
                )
        raise DirectoryObjectNotFound(object_id or client_id) if are_all else DirectoryAccessDenied()

    async def get_by_ids(self, request: Request) -> Response:
        """`POST /v1.0/directoryObjects/getByIds`: the principals with those ids, if any. Raises `DirectoryError`."""
        seen, are_all = await self._seen(request)
        async with self.bodies.read(request) as body:
            try:
                asked = msgspec.json.decode(body, type=_IdsBody)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                raise UnsupportedDirectoryQuery(str(error)) from None
        if len(asked.ids) > _MAX_IDS:
            raise UnsupportedDirectoryQuery(f"at most {_MAX_IDS} ids can be looked up at once")
        ids = {each.lower() for each in asked.ids}
        found = [{"@odata.type": _OBJECT_TYPE, **_json(principal)} for principal in seen if principal.id in ids]
        if not are_all and len(found) < len(ids):
            raise DirectoryAccessDenied
        are_wanted = not asked.types or {"serviceprincipal", "directoryobject"} & {each.lower() for each in asked.types}
        return _list(request, "directoryObjects", found if are_wanted else [])

    async def list_users(self, request: Request) -> Response:
        """`GET /v1.0/users`: always empty."""
        await self._seen(request)
        return _list(request, "users", [])

    async def list_groups(self, request: Request) -> Response:
        """`GET /v1.0/groups`: always empty."""
        await self._seen(request)
        return _list(request, "groups", [])

    async def get_nobody(self, request: Request) -> Response:
        await self._seen(request)
        raise DirectoryObjectNotFound(request.path_params["object_id"])

    async def get_signed_in_user(self, request: Request) -> Response:
        """`GET /v1.0/me`: the caller is always an application. Raises `NoSignedInUser`."""
        await self._seen(request)
        raise NoSignedInUser

    async def _seen(self, request: Request) -> tuple[Sequence[Principal], bool]:
        """The principals that the caller may see, and whether these are all. Raises `DirectoryTokenInvalid`."""
        caller = await self.authorizer.identify(request)
        principals = await self.directory.principals.list()
        if await self.directory.shows_all(caller.principal, caller.app_roles):
            return principals, True
        return [principal for principal in principals if principal.id == caller.principal], False


GRAPH_TABLE: Table[GraphRoutes] = (
    ("GET", "/v1.0/servicePrincipals", GraphRoutes.list_service_principals),
    ("GET", "/v1.0/servicePrincipals(appId='{client_id}')", GraphRoutes.get_service_principal),
    ("GET", "/v1.0/servicePrincipals/{object_id}", GraphRoutes.get_service_principal),
    ("POST", "/v1.0/directoryObjects/getByIds", GraphRoutes.get_by_ids),
    ("GET", "/v1.0/users", GraphRoutes.list_users),
    ("GET", "/v1.0/groups", GraphRoutes.list_groups),
    ("GET", "/v1.0/users/{object_id}", GraphRoutes.get_nobody),
    ("GET", "/v1.0/groups/{object_id}", GraphRoutes.get_nobody),
    ("GET", "/v1.0/me", GraphRoutes.get_signed_in_user),
)


def _filtered(principals: Sequence[Principal], text: str) -> Sequence[Principal]:
    """The principals that match every condition of the filter. Raises `UnsupportedDirectoryQuery`."""
    position, text = 0, text.strip()
    while position < len(text):
        joined = _AND.match(text, position) if position else None
        if position and joined is None:
            raise UnsupportedDirectoryQuery(text)
        position = joined.end() if joined else position
        for pattern, fits in _CONDITIONS.items():
            if match := pattern.match(text, position):
                wanted = match[2].replace("''", "'").lower()
                principals = [principal for principal in principals if fits(principal, wanted)]
                position = match.end()
                break
        else:
            raise UnsupportedDirectoryQuery(text)
    return principals


def _names(principal: Principal) -> tuple[str, ...]:
    """What an application can be found by when a role is to be assigned to it, including its name."""
    return principal.client_id, principal.name.lower()


def _json(principal: Principal) -> JsonObject:
    return {
        "id": principal.id,
        "appId": principal.client_id,
        "displayName": principal.name,
        "appDisplayName": principal.name,
        "servicePrincipalNames": [principal.client_id, principal.name],
        "servicePrincipalType": "ManagedIdentity" if principal.name == LOCAL_PRINCIPAL else "Application",
        "accountEnabled": True,
        "appOwnerOrganizationId": LOCAL_TENANT,
        "createdDateTime": principal.created_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "alternativeNames": [],
        "tags": [],
    }


def _list(request: Request, kind: str, value: Sequence[Mapping[str, Any]]) -> Response:
    return JSONResponse({"@odata.context": _context(request, kind), "value": list(value)})


def _context(request: Request, kind: str) -> str:
    return f"{own_url(request)}/v1.0/$metadata#{kind}"
