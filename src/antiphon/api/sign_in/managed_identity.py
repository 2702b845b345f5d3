"""Tokens for programs on this machine, as Azure gives them to its own: the endpoints of App Service and IMDS.

Only clients on this machine are answered, and not those that a proxy speaks for. App Service's endpoint also requires a
secret that the operator passes on (`antiphon env`), since not every proxy identifies itself as one. IMDS (the metadata
service of virtual machines) requires none: it is off unless the settings turn it on, and then serves only programs of
the server's user. Its header and its hosts keep out web pages, which can send requests to it as well.
"""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from antiphon.api.credentials import credential_header
from antiphon.api.error_responses import JSON
from antiphon.api.errors import ResourceNotFound
from antiphon.api.own_address import leads_here
from antiphon.api.sign_in.peer import is_of_own_user
from antiphon.identity.authority import LocalAuthority
from antiphon.identity.errors import SignInRefused
from antiphon.identity.principals import Principal
from antiphon.identity.tokens import IssuedToken
from antiphon.request_id import request_id

_FORWARDING_HEADERS = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
_IMDS_HOST = re.compile(r"(localhost|127\.0\.0\.1|\[::1\]|169\.254\.169\.254)(:[0-9]{1,5})?", re.IGNORECASE)
_WHICH_IDENTITY = ("client_id", "principal_id", "object_id", "mi_res_id", "msi_res_id")
"""Parameters with which a client asks for one of several identities."""
_NO_SUCH_IDENTITY = (
    "No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId. There is one "
    "identity here: leave the id out, or unset AZURE_CLIENT_ID."
)
_API_VERSION = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}")
_NOT_TO_BE_STORED = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagedIdentity:
    authority: LocalAuthority
    identity_header: str = field(repr=False)
    """The required value of `X-IDENTITY-HEADER`."""
    serves_instance_metadata: bool = False
    is_of_own_user: Callable[[Request], bool] = is_of_own_user
    """Whether the client's program runs as the server's user; may block."""

    async def app_service(self, request: Request) -> Response:
        """`GET /msi/token`, to which the variables IDENTITY_ENDPOINT and IDENTITY_HEADER lead."""
        presented = credential_header(request, "x-identity-header") or ""
        if not is_from_here(request) or not hmac.compare_digest(
            self.identity_header.encode(), presented.encode("utf-8", "surrogatepass")
        ):
            return _app_service_error(401, "The X-IDENTITY-HEADER is missing or wrong, or the request is not local.")
        fault = await self._fault(request)
        if fault is not None:
            return _app_service_error(400, fault)
        resource = request.query_params["resource"]
        try:
            principal, issued = await self._token(request, resource)
        except SignInRefused as refused:
            return _app_service_error(400, f"AADSTS{refused.aadsts}: {refused.message}")
        return _json(_token_json(principal, issued, resource))

    async def instance_metadata(self, request: Request) -> Response:
        """`GET /metadata/identity/oauth2/token`. Raises `ResourceNotFound` if it is not turned on."""
        if not self.serves_instance_metadata:
            raise ResourceNotFound
        if (credential_header(request, "metadata") or "").lower() != "true":
            return _imds_error("invalid_request", "Required metadata header not specified")
        # A page whose host name has been made to resolve to this machine sends that name (DNS rebinding). The header
        # itself is checked, since `request.url` replaces a name that it finds odd with our own address.
        if not is_from_here(request) or not _IMDS_HOST.fullmatch(request.headers.get("host", "")):
            return _imds_error("invalid_request", "The request does not come from this machine", status=403)
        # A proxy that adds no header looks like any program on this machine, but usually runs as a user of its own.
        if not await asyncio.to_thread(self.is_of_own_user, request):
            return _imds_error("invalid_request", "The request does not come from the server's own user", status=403)
        fault = await self._fault(request)
        if fault is not None:
            return _imds_error("invalid_request", fault)
        resource = request.query_params["resource"]
        try:
            principal, issued = await self._token(request, resource)
        except SignInRefused as refused:
            return _imds_error(refused.error, f"AADSTS{refused.aadsts}: {refused.message}")
        seconds = str(issued.lifetime_seconds)
        more = {"expires_in": seconds, "ext_expires_in": seconds, "not_before": str(issued.issued_at)}
        return _json({**_token_json(principal, issued, resource), **more})

    async def _token(self, request: Request, resource: str) -> tuple[Principal, IssuedToken]:
        is_own = leads_here(resource, request)
        return await self.authority.token_of_managed_identity(resource, is_own_address=is_own)

    async def _fault(self, request: Request) -> str | None:
        """What is wrong with the query, if anything."""
        query = request.query_params
        if not _API_VERSION.match(query.get("api-version", "")):
            return "The query needs an api-version, such as 2019-08-01."
        if not query.get("resource"):
            return "The query needs a resource, such as https://cognitiveservices.azure.com."
        asked_for = {query[name].lower() for name in _WHICH_IDENTITY if query.get(name)}
        if asked_for:
            principal = await self.authority.managed_identity()
            if not asked_for <= {principal.id, principal.client_id}:
                return _NO_SUCH_IDENTITY
        return None


def is_from_here(request: Request) -> bool:
    """Whether the client runs on this machine, and is not a proxy for one that does not."""
    if request.client is None or any(name in request.headers for name in _FORWARDING_HEADERS):
        return False
    try:
        address = ipaddress.ip_address(request.client.host)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return address.is_loopback


def _token_json(principal: Principal, issued: IssuedToken, resource: str) -> Mapping[str, Any]:
    return {
        "access_token": issued.value,
        "client_id": principal.client_id,
        "expires_on": str(issued.expires_at),
        "resource": resource,
        "token_type": "Bearer",
    }


def _app_service_error(status: int, message: str) -> Response:
    return _json({"statusCode": status, "message": message, "correlationId": request_id.get() or ""}, status=status)


def _imds_error(error: str, description: str, *, status: int = 400) -> Response:
    return _json({"error": error, "error_description": description}, status=status)


def _json(body: Mapping[str, Any], *, status: int = 200) -> Response:
    return Response(msgspec.json.encode(body), status, _NOT_TO_BE_STORED, JSON)
