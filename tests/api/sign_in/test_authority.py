"""The local authority on the wire, as Azure's clients ask it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from antiphon.identity.audiences import DATA_AUDIENCES, MANAGEMENT_AUDIENCES
from antiphon.identity.principals import Principals
from antiphon.identity.tokens import LOCAL_ISSUER, LOCAL_TENANT, LocalIssuer, TokenVerifier

from ..conftest import Backend, serve_instance_metadata

pytestmark = pytest.mark.anyio

DATA = "https://cognitiveservices.azure.com"
MANAGEMENT = "https://management.core.windows.net/"
MSI = "/msi/token"
IMDS = "/metadata/identity/oauth2/token"
QUERY = {"api-version": "2019-08-01", "resource": DATA}
TOKEN = f"/{LOCAL_TENANT}/oauth2/v2.0/token"
GUID = "00000000-1111-4222-8333-444444444444"


@pytest.fixture
def client(backend: Backend) -> Callable[..., httpx.AsyncClient]:
    """Clients at chosen addresses."""

    def at(host: str = "127.0.0.1", base_url: str = "http://localhost:8080") -> httpx.AsyncClient:
        transport = httpx.ASGITransport(backend.api, client=(host, 50_000), raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url=base_url)

    return at


@pytest.fixture
def identity_header(backend: Backend) -> str:
    return backend.services.authority.managed_identity.identity_header


@pytest.fixture
def imds(backend: Backend) -> None:
    """The clients here come through no socket that could have an owner."""
    serve_instance_metadata(backend, is_of_own_user=lambda _: True)


async def whose(backend: Backend, token: str) -> tuple[str, str]:
    """Object id and audience."""
    verifier = TokenVerifier([LocalIssuer(keys=backend.services.authority.local.keys)])
    claims = await verifier.verify(token, DATA_AUDIENCES | MANAGEMENT_AUDIENCES)
    return claims.object_id, claims.audience


# --- App Service -----------------------------------------------------------------------------------------------------


async def test_app_services_endpoint_gives_tokens_for_local(
    backend: Backend, client: Callable[..., httpx.AsyncClient], identity_header: str
):
    response = await client().get(MSI, params=QUERY, headers={"X-IDENTITY-HEADER": identity_header})
    assert response.status_code == 200
    body = response.json()
    assert body.keys() == {"access_token", "client_id", "expires_on", "resource", "token_type"}
    assert body["expires_on"].isdecimal()
    local = await Principals(backend.database).named("local")
    assert body["client_id"] == local.client_id
    assert await whose(backend, body["access_token"]) == (local.id, DATA)
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("change", [None, lambda h: "", lambda h: h[:-1], lambda h: h + "0", lambda h: "ü"])
async def test_app_services_endpoint_wants_its_header(
    client: Callable[..., httpx.AsyncClient], identity_header: str, change: Callable[[str], str] | None
):
    headers = {} if change is None else {b"X-IDENTITY-HEADER": change(identity_header).encode()}
    response = await client().get(MSI, params=QUERY, headers=headers)
    assert response.status_code == 401
    assert response.json().keys() == {"statusCode", "message", "correlationId"}
    assert response.json()["statusCode"] == 401
    assert identity_header not in response.text


@pytest.mark.parametrize("host", ["10.0.0.7", "::ffff:10.0.0.7", "2001:db8::1", "169.254.169.254", "unix"])
@pytest.mark.parametrize("path", [MSI, IMDS])
@pytest.mark.usefixtures("imds")
async def test_other_machines_are_given_no_tokens(
    client: Callable[..., httpx.AsyncClient], identity_header: str, host: str, path: str
):
    headers = {"X-IDENTITY-HEADER": identity_header, "Metadata": "true"}
    response = await client(host).get(path, params=QUERY, headers=headers)
    assert response.status_code in {401, 403}
    assert "access_token" not in response.json()


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"])
@pytest.mark.usefixtures("imds")
async def test_this_machine_is_known_by_all_its_addresses(
    client: Callable[..., httpx.AsyncClient], identity_header: str, host: str
):
    headers = {"X-IDENTITY-HEADER": identity_header, "Metadata": "true"}
    for path in (MSI, IMDS):
        assert (await client(host).get(path, params=QUERY, headers=headers)).status_code == 200


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP", "X-Forwarded-Host"])
@pytest.mark.parametrize("path", [MSI, IMDS])
@pytest.mark.usefixtures("imds")
async def test_a_proxy_on_this_machine_is_given_no_tokens_for_others(
    client: Callable[..., httpx.AsyncClient], identity_header: str, header: str, path: str
):
    headers = {"X-IDENTITY-HEADER": identity_header, "Metadata": "true", header: "127.0.0.1"}
    response = await client().get(path, params=QUERY, headers=headers)
    assert response.status_code in {401, 403}


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"api-version": "2019-08-01"},
        {"resource": DATA},
        {**QUERY, "api-version": "latest"},
        {**QUERY, "resource": "https://graph.microsoft.com"},
        {**QUERY, "client_id": GUID},
        {**QUERY, "mi_res_id": "/subscriptions/x"},
    ],
)
@pytest.mark.parametrize("path", [MSI, IMDS])
@pytest.mark.usefixtures("imds")
async def test_a_query_that_is_not_right_is_told_so(
    client: Callable[..., httpx.AsyncClient], identity_header: str, path: str, query: dict[str, str]
):
    headers = {"X-IDENTITY-HEADER": identity_header, "Metadata": "true"}
    response = await client().get(path, params=query, headers=headers)
    assert response.status_code == 400
    assert response.json().keys() & {"message", "error_description"}


async def test_the_identity_may_be_asked_for_by_its_ids(
    backend: Backend, client: Callable[..., httpx.AsyncClient], identity_header: str
):
    local = await Principals(backend.database).named("local")
    for more in ({"client_id": local.client_id}, {"object_id": local.id}, {"principal_id": local.id.upper()}):
        response = await client().get(MSI, params=QUERY | more, headers={"X-IDENTITY-HEADER": identity_header})
        assert response.status_code == 200


# --- IMDS ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [IMDS, f"{IMDS}/"])
@pytest.mark.usefixtures("imds")
async def test_imds_gives_tokens_for_local(backend: Backend, client: Callable[..., httpx.AsyncClient], path: str):
    query = {"api-version": "2018-02-01", "resource": "https://management.azure.com/"}
    response = await client().get(path, params=query, headers={"Metadata": "true"})
    assert response.status_code == 200
    body = response.json()
    assert body.keys() >= {"access_token", "expires_in", "ext_expires_in", "expires_on", "not_before", "resource"}
    local = await Principals(backend.database).named("local")
    assert await whose(backend, body["access_token"]) == (local.id, "https://management.azure.com/")


@pytest.mark.parametrize("headers", [{}, {"Metadata": "false"}, {"Metadata": ""}])
@pytest.mark.usefixtures("imds")
async def test_imds_wants_its_header(client: Callable[..., httpx.AsyncClient], headers: dict[str, str]):
    response = await client().get(IMDS, params=QUERY, headers=headers)
    assert response.status_code == 400
    assert response.json() == {
        "error": "invalid_request",
        "error_description": "Required metadata header not specified",
    }


@pytest.mark.parametrize(
    "host",
    [
        "attacker.example",
        "attacker.example:8080",
        "localhost.attacker.example",
        "127.0.0.1.attacker.example",
        "my_host.attacker.example",
        "local host",
        "localhost:port",
        "169.254.169.254@attacker.example",
        "",
    ],
)
@pytest.mark.usefixtures("imds")
async def test_a_page_whose_name_leads_to_this_machine_is_given_no_tokens(
    client: Callable[..., httpx.AsyncClient], host: str
):
    response = await client().get(IMDS, params=QUERY, headers={"Metadata": "true", "Host": host})
    assert response.status_code == 403


@pytest.mark.parametrize("host", ["localhost", "localhost:8080", "127.0.0.1", "[::1]:8080", "169.254.169.254"])
@pytest.mark.usefixtures("imds")
async def test_imds_is_known_by_the_names_of_this_machine(client: Callable[..., httpx.AsyncClient], host: str):
    response = await client().get(IMDS, params=QUERY, headers={"Metadata": "true", "Host": host})
    assert response.status_code == 200


async def test_imds_is_off_unless_it_is_turned_on(client: Callable[..., httpx.AsyncClient], identity_header: str):
    response = await client().get(IMDS, params=QUERY, headers={"Metadata": "true"})
    assert response.status_code == 404
    response = await client().get(MSI, params=QUERY, headers={"X-IDENTITY-HEADER": identity_header})
    assert response.status_code == 200


# --- the token endpoint ----------------------------------------------------------------------------------------------


async def sign_in(
    client: Callable[..., httpx.AsyncClient], path: str = TOKEN, **form: str | None
) -> tuple[int, dict[str, Any]]:
    """Ask for a token as Azure's clients do, with whatever they add."""
    form = {"grant_type": "client_credentials", "client_info": "1", "claims": "{}", **form}
    response = await client().post(path, data={name: value for name, value in form.items() if value is not None})
    return response.status_code, response.json()


async def test_a_service_principal_signs_in_with_its_secret(backend: Backend, client: Callable[..., httpx.AsyncClient]):
    robot, secret = await Principals(backend.database).add("robot")
    form = {"client_id": robot.client_id, "client_secret": secret, "scope": f"{MANAGEMENT}/.default"}
    status, body = await sign_in(client, **form)
    assert status == 200
    assert body.keys() == {"token_type", "expires_in", "ext_expires_in", "access_token"}
    assert body["expires_in"] == 3600
    assert await whose(backend, body["access_token"]) == (robot.id, MANAGEMENT)


async def test_version_1_of_the_endpoint_asks_for_a_resource(
    backend: Backend, client: Callable[..., httpx.AsyncClient]
):
    robot, secret = await Principals(backend.database).add("robot")
    form = {"client_id": robot.client_id, "client_secret": secret, "resource": DATA}
    status, body = await sign_in(client, f"/{LOCAL_TENANT}/oauth2/token", **form)
    assert status == 200
    assert body["resource"] == DATA
    assert body["expires_in"] == "3600"
    assert await whose(backend, body["access_token"]) == (robot.id, DATA)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"client_secret": "wrong"}, (401, "invalid_client", 7000215)),
        ({"client_secret": None}, (401, "invalid_client", 7000218)),
        ({"client_id": GUID}, (400, "unauthorized_client", 700016)),
        ({"client_id": "robot"}, (400, "unauthorized_client", 700016)),
        ({"client_id": None}, (400, "invalid_request", 900144)),
        ({"grant_type": None}, (400, "invalid_request", 900144)),
        ({"grant_type": "password"}, (400, "unsupported_grant_type", 70003)),
        ({"scope": None}, (400, "invalid_scope", 1002012)),
        ({"scope": DATA}, (400, "invalid_scope", 1002012)),
        ({"scope": "https://graph.microsoft.com/.default"}, (400, "invalid_resource", 500011)),
        ({"client_secret": None, "client_assertion": "x"}, (400, "invalid_request", 900144)),
    ],
)
async def test_refusals_have_entras_shape(
    backend: Backend,
    client: Callable[..., httpx.AsyncClient],
    changes: dict[str, str],
    expected: tuple[int, str, int],
):
    robot, secret = await Principals(backend.database).add("robot")
    form = {"client_id": robot.client_id, "client_secret": secret, "scope": f"{DATA}/.default", **changes}
    status, body = await sign_in(client, **form)
    assert (status, body["error"], body["error_codes"][0]) == expected
    assert body["error_description"].startswith(f"AADSTS{expected[2]}: ")
    assert body.keys() == {"error", "error_description", "error_codes", "timestamp", "trace_id", "correlation_id"}
    assert secret not in body["error_description"]


@pytest.mark.parametrize("tenant", [LOCAL_TENANT, LOCAL_TENANT.upper(), "organizations", "common"])
async def test_the_tenant_is_known_by_its_names(
    backend: Backend, client: Callable[..., httpx.AsyncClient], tenant: str
):
    robot, secret = await Principals(backend.database).add("robot")
    form = {"client_id": robot.client_id, "client_secret": secret, "scope": f"{DATA}/.default"}
    assert (await sign_in(client, f"/{tenant}/oauth2/v2.0/token", **form))[0] == 200


async def test_another_tenant_is_not_found(client: Callable[..., httpx.AsyncClient]):
    status, body = await sign_in(client, f"/{GUID}/oauth2/v2.0/token", client_id=GUID)
    assert (status, body["error_codes"]) == (400, [90002])
    response = await client().get(f"/{GUID}/v2.0/.well-known/openid-configuration")
    assert (response.status_code, response.json()["error"]) == (400, "invalid_request")
    assert (await client().get(f"/{GUID}/discovery/v2.0/keys")).status_code == 404


@pytest.mark.parametrize("end", ["", "\n"])
async def test_a_federated_token_signs_in(backend: Backend, client: Callable[..., httpx.AsyncClient], end: str):
    local = await Principals(backend.database).named("local")
    assertion = await backend.services.authority.local.issuer.issue_federated(local, timedelta(hours=2))
    form = {
        "client_id": local.client_id,
        "client_assertion": assertion.value + end,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "scope": f"{DATA}/.default",
    }
    status, body = await sign_in(client, **form)
    assert status == 200
    assert await whose(backend, body["access_token"]) == (local.id, DATA)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"grant_type=client_credentials&grant_type=client_credentials&client_id=x",
        b"&".join(b"a%d=1" % number for number in range(100)),
        b"client_id=" + b"x" * 70_000,
        b'{"grant_type": "client_credentials"}',
    ],
)
async def test_a_body_that_is_no_form_is_refused(client: Callable[..., httpx.AsyncClient], body: bytes):
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    response = await client().post(TOKEN, content=body, headers=headers)
    assert response.status_code == 400
    assert response.json()["error"] == "invalid_request"


async def test_secrets_and_tokens_are_not_logged(
    backend: Backend, client: Callable[..., httpx.AsyncClient], identity_header: str, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    robot, secret = await Principals(backend.database).add("robot")
    form = {"client_id": robot.client_id, "client_secret": secret, "scope": f"{DATA}/.default"}
    _, body = await sign_in(client, **form)
    await sign_in(client, **{**form, "client_secret": f"{secret}wrong"})
    await client().get(MSI, params=QUERY, headers={"X-IDENTITY-HEADER": identity_header})
    assert robot.client_id in caplog.text  # The refusal is logged.
    for hidden in (secret, identity_header, body["access_token"]):
        assert hidden not in caplog.text


# --- discovery -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("base_url", ["https://localhost:8443", "http://127.0.0.1:8080", "https://contoso.example"])
async def test_discovery_leads_back_to_where_the_client_came_from(
    client: Callable[..., httpx.AsyncClient], base_url: str
):
    response = await client(base_url=base_url).get(f"/{LOCAL_TENANT}/v2.0/.well-known/openid-configuration")
    body = response.json()
    assert body["issuer"] == f"{base_url}/{LOCAL_TENANT}/v2.0"
    for name in ("token_endpoint", "authorization_endpoint", "device_authorization_endpoint", "jwks_uri"):
        assert body[name].startswith(f"{base_url}/{LOCAL_TENANT}/")
    response = await client(base_url=base_url).get("/common/discovery/instance")
    assert response.json()["tenant_discovery_endpoint"].startswith(f"{base_url}/{LOCAL_TENANT}/v2.0/")


async def test_a_host_that_is_none_is_not_repeated(client: Callable[..., httpx.AsyncClient]):
    path = f"/{LOCAL_TENANT}/v2.0/.well-known/openid-configuration"
    response = await client().get(path, headers={"Host": 'a"><script>'})
    assert "script" not in response.text


@pytest.mark.parametrize("path", ["discovery/v2.0/keys", "discovery/keys"])
async def test_the_published_keys_check_the_tokens(
    backend: Backend, client: Callable[..., httpx.AsyncClient], path: str
):
    _, issued = await backend.services.authority.local.token_of_managed_identity(DATA)
    keys = (await client().get(f"/common/{path}")).json()
    assert not any({"d", "p", "q"} & key.keys() for key in keys["keys"])
    decoded = jwt.decode(issued.value, KeySet.import_key_set(keys), algorithms=["RS256"])
    assert decoded.claims["iss"] == LOCAL_ISSUER
