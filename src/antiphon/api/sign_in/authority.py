"""The local authority on the wire: OAuth's token endpoint and discovery documents, in Entra's shapes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from antiphon.api.bodies import BodyReader
from antiphon.api.environment import MANAGED_IDENTITY_PATH
from antiphon.api.error_responses import JSON
from antiphon.api.errors import PayloadTooLarge, ResourceNotFound
from antiphon.api.own_address import leads_here, own_url
from antiphon.api.routing import Table
from antiphon.api.sign_in.managed_identity import ManagedIdentity
from antiphon.identity.authority import Credentials, LocalAuthority, resource_of_scope
from antiphon.identity.errors import SignInRefused
from antiphon.identity.tokens import LOCAL_TENANT, IssuedToken
from antiphon.request_id import request_id
from antiphon.store.utc import utc_now

_TENANTS = frozenset({LOCAL_TENANT, "common", "organizations"})
"""Names that clients may use for the tenant; there is only one."""
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_MAX_FORM_BYTES = 64 * 1024
_MAX_FORM_FIELDS = 64
NOT_TO_BE_STORED = {"Cache-Control": "no-store", "Pragma": "no-cache"}

Form: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """The operations, whichever route they are called through."""

    local: LocalAuthority
    managed_identity: ManagedIdentity
    bodies: BodyReader = field(default_factory=lambda: BodyReader(max_bytes=_MAX_FORM_BYTES))

    async def create_token(self, request: Request) -> Response:
        """`POST /{tenant}/oauth2/v2.0/token`."""
        return await self._token(request, version=2)

    async def create_version_1_token(self, request: Request) -> Response:
        """`POST /{tenant}/oauth2/token`."""
        return await self._token(request, version=1)

    async def describe_tenant(self, request: Request) -> Response:
        """`GET /{tenant}/v2.0/.well-known/openid-configuration`."""
        try:
            _check_tenant(request.path_params["tenant"])
        except SignInRefused as refused:
            return _refusal(refused)
        return _json(_openid_configuration(own_url(request)))

    async def describe_instance(self, request: Request) -> Response:
        """`GET /common/discovery/instance`."""
        return _json(_instance(own_url(request)))

    async def list_signing_keys(self, request: Request) -> Response:
        """`GET /{tenant}/discovery/v2.0/keys`: the keys with which tokens can be verified."""
        if request.path_params["tenant"].lower() not in _TENANTS:
            raise ResourceNotFound
        return _json(await self.local.keys.jwks())

    async def get_app_service_token(self, request: Request) -> Response:
        return await self.managed_identity.app_service(request)

    async def get_instance_metadata_token(self, request: Request) -> Response:
        return await self.managed_identity.instance_metadata(request)

    async def _token(self, request: Request, *, version: int) -> Response:
        try:
            _check_tenant(request.path_params["tenant"])
            form = await self._form(request)
            _check_grant(form)
            resource = form.get("resource", "") if version == 1 else resource_of_scope(form.get("scope", ""))
            is_own = leads_here(resource, request)
            issued = await self.local.sign_in(_credentials(form), resource, is_own_address=is_own)
        except SignInRefused as refused:
            return _refusal(refused)
        return _json(_token_json(issued, resource, version), headers=NOT_TO_BE_STORED)

    async def _form(self, request: Request) -> Form:
        try:
            async with self.bodies.read(request) as body:
                fields = parse_qsl(bytes(body).decode("utf-8", "replace"), max_num_fields=_MAX_FORM_FIELDS)
        except (PayloadTooLarge, ValueError):
            raise SignInRefused("invalid_request", 9000411, "The request is not properly formatted.") from None
        form = dict(fields)
        if len(form) != len(fields):
            raise SignInRefused(
                "invalid_request", 9000411, "The request is not properly formatted. A parameter is duplicated."
            )
        return form


AUTHORITY_TABLE: Table[Authority] = (
    ("POST", "/{tenant}/oauth2/v2.0/token", Authority.create_token),
    ("POST", "/{tenant}/oauth2/token", Authority.create_version_1_token),
    ("GET", "/{tenant}/v2.0/.well-known/openid-configuration", Authority.describe_tenant),
    ("GET", "/{tenant}/.well-known/openid-configuration", Authority.describe_tenant),
    ("GET", "/common/discovery/instance", Authority.describe_instance),
    ("GET", "/{tenant}/discovery/v2.0/keys", Authority.list_signing_keys),
    ("GET", "/{tenant}/discovery/keys", Authority.list_signing_keys),
    ("GET", MANAGED_IDENTITY_PATH, Authority.get_app_service_token),
    ("GET", "/metadata/identity/oauth2/token", Authority.get_instance_metadata_token),
    ("GET", "/metadata/identity/oauth2/token/", Authority.get_instance_metadata_token),
)


def _check_tenant(tenant: str) -> None:
    if tenant.lower() not in _TENANTS:
        raise SignInRefused(
            "invalid_request",
            90002,
            f"Tenant '{tenant[:64]}' not found. Check to make sure you have the correct tenant ID and are signing into "
            f"the correct cloud. The tenant here is {LOCAL_TENANT}.",
        )


def _check_grant(form: Form) -> None:
    for parameter in ("grant_type", "client_id"):
        if not form.get(parameter):
            raise SignInRefused(
                "invalid_request",
                900144,
                f"The request body must contain the following parameter: '{parameter}'.",
            )
    if form["grant_type"] != "client_credentials":
        raise SignInRefused(
            "unsupported_grant_type",
            70003,
            f"The app requested an unsupported grant type '{form['grant_type'][:64]}'. Only client_credentials is "
            "supported: sign in as a service principal or a managed identity.",
        )


def _credentials(form: Form) -> Credentials:
    assertion = form.get("client_assertion")
    if assertion is not None and form.get("client_assertion_type") != _ASSERTION_TYPE:
        raise SignInRefused(
            "invalid_request",
            900144,
            f"The request body must contain the following parameter: 'client_assertion_type', '{_ASSERTION_TYPE}'.",
        )
    return Credentials(
        client_id=form["client_id"],
        client_secret=form.get("client_secret"),
        # Azure's clients send the file that they read it from unchanged, including the line break at its end.
        client_assertion=None if assertion is None else assertion.strip(),
    )


def _token_json(issued: IssuedToken, resource: str, version: int) -> Mapping[str, Any]:
    seconds = issued.lifetime_seconds
    if version == 2:
        return {
            "token_type": "Bearer",
            "expires_in": seconds,
            "ext_expires_in": seconds,
            "access_token": issued.value,
        }
    return {
        "token_type": "Bearer",
        "expires_in": str(seconds),
        "ext_expires_in": str(seconds),
        "expires_on": str(issued.expires_at),
        "not_before": str(issued.issued_at),
        "resource": resource,
        "access_token": issued.value,
    }


def _openid_configuration(own_url: str) -> Mapping[str, Any]:
    """The issuer is the address that was asked, which is what clients check. Tokens have another, as at Entra: see
    `LOCAL_ISSUER`."""
    tenant_url = f"{own_url}/{LOCAL_TENANT}"
    return {
        "issuer": f"{tenant_url}/v2.0",
        "token_endpoint": f"{tenant_url}/oauth2/v2.0/token",
        "authorization_endpoint": f"{tenant_url}/oauth2/v2.0/authorize",
        "device_authorization_endpoint": f"{tenant_url}/oauth2/v2.0/devicecode",
        "jwks_uri": f"{tenant_url}/discovery/v2.0/keys",
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
        "response_types_supported": ["token"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "tenant_region_scope": None,
    }


def _instance(own_url: str) -> Mapping[str, Any]:
    host = own_url.partition("://")[2]
    return {
        "api-version": "1.1",
        "tenant_discovery_endpoint": f"{own_url}/{LOCAL_TENANT}/v2.0/.well-known/openid-configuration",
        "metadata": [{"preferred_network": host, "preferred_cache": host, "aliases": [host]}],
    }


def _refusal(refused: SignInRefused) -> Response:
    trace_id = request_id.get() or ""
    timestamp = utc_now().strftime("%Y-%m-%d %H:%M:%SZ")
    description = (
        f"AADSTS{refused.aadsts}: {refused.message} Trace ID: {trace_id} Correlation ID: {trace_id} "
        f"Timestamp: {timestamp}"
    )
    body = {
        "error": refused.error,
        "error_description": description,
        "error_codes": [refused.aadsts],
        "timestamp": timestamp,
        "trace_id": trace_id,
        "correlation_id": trace_id,
    }
    status = 401 if refused.error == "invalid_client" else 400
    return _json(body, status=status, headers=NOT_TO_BE_STORED)


def _json(body: Mapping[str, Any], *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(msgspec.json.encode(body), status, headers, JSON)
