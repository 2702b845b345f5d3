"""Who there is, as Azure's tools ask Microsoft Graph."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest
from starlette.requests import Request

from antiphon.api.management.errors import ManagementTokenInvalid
from antiphon.identity.principals import Principal, Principals
from antiphon.identity.roles import COGNITIVE_SERVICES_USER, OPENAI_USER, ManagementAction, Role
from antiphon.identity.scopes import Scope
from antiphon.identity.tokens import LOCAL_TENANT

from ..conftest import Backend

pytestmark = pytest.mark.anyio

OWN = "https://localhost:8443"
STRANGER = "0b5e3f0c-0000-4000-8000-000000000001"
PRINCIPALS = "/v1.0/servicePrincipals"


@pytest.fixture
async def http(backend: Backend) -> AsyncGenerator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(backend.api, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=OWN) as client:
        yield client


async def signed_in(backend: Backend, http: httpx.AsyncClient, name: str, *roles: Role) -> Principal:
    """A principal with roles on the account `local`; from now on it is the one that asks, as `az` would."""
    principal, secret = await Principals(backend.database).add(name)
    for role in roles:
        await backend.services.management.directory.roles.assign(principal.id, role, scope=backend.account_id)
    form = {
        "grant_type": "client_credentials",
        "client_id": principal.client_id,
        "client_secret": secret,
        "scope": f"{OWN}/.default",
    }
    answer = await http.post(f"/{LOCAL_TENANT}/oauth2/v2.0/token", data=form)
    http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    return principal


@pytest.fixture
async def robot(backend: Backend, http: httpx.AsyncClient) -> Principal:
    return await signed_in(backend, http, "Robot", OPENAI_USER)


async def found(http: httpx.AsyncClient, condition: str | None = None) -> list[str]:
    params = {} if condition is None else {"$filter": condition}
    response = await http.get(PRINCIPALS, params=params)
    assert response.status_code == 200, response.text
    return [each["displayName"] for each in response.json()["value"]]


async def error(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]


async def test_a_principal_is_found_by_what_az_takes_for_an_assignee(http: httpx.AsyncClient, robot: Principal):
    for named in (robot.client_id, robot.client_id.upper(), "Robot", "robot"):
        assert await found(http, f"servicePrincipalNames/any(c:c eq '{named}')") == ["Robot"]
    assert await found(http, f"servicePrincipalNames/any(x: x eq '{robot.id}')") == []
    assert sorted(await found(http)) == ["Robot", "local"]


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("startswith(displayName,'ro')", ["Robot"]),
        ("startswith(displayName, 'LOC')", ["local"]),
        ("displayName eq 'robot'", ["Robot"]),
        ("displayName eq 'o''robot'", []),
        ("startswith(displayName,'ro') and displayName eq 'local'", []),
    ],
)
async def test_principals_are_found_by_their_names(
    http: httpx.AsyncClient, robot: Principal, condition: str, names: list[str]
):
    assert await found(http, condition) == names


async def test_a_principal_is_found_by_its_ids(http: httpx.AsyncClient, robot: Principal):
    for condition in (f"appId eq '{robot.client_id}'", f"id eq '{robot.id.upper()}'"):
        assert await found(http, condition) == ["Robot"]
    for path in (f"{PRINCIPALS}/{robot.id}", f"{PRINCIPALS}(appId='{robot.client_id}')"):
        shown = (await http.get(path)).json()
        assert (shown["id"], shown["appId"], shown["servicePrincipalType"]) == (
            robot.id,
            robot.client_id,
            "Application",
        )
        assert shown["@odata.context"].startswith(OWN)
    assert await error(await http.get(f"{PRINCIPALS}/{STRANGER}")) == (404, "Request_ResourceNotFound")


async def test_object_ids_are_told_apart_in_one_request(http: httpx.AsyncClient, robot: Principal):
    body = {"ids": [robot.id, STRANGER], "types": ["user", "group", "servicePrincipal"]}
    (shown,) = (await http.post("/v1.0/directoryObjects/getByIds", json=body)).json()["value"]
    assert (shown["@odata.type"], shown["id"]) == ("#microsoft.graph.servicePrincipal", robot.id)
    users = {"ids": [robot.id], "types": ["user"]}
    assert (await http.post("/v1.0/directoryObjects/getByIds", json=users)).json()["value"] == []


async def test_there_are_neither_users_nor_groups(http: httpx.AsyncClient, robot: Principal):
    assert (await http.get("/v1.0/users", params={"$filter": "userPrincipalName eq 'a@b'"})).json()["value"] == []
    assert (await http.get("/v1.0/groups")).json()["value"] == []
    assert await error(await http.get("/v1.0/users/a@b")) == (404, "Request_ResourceNotFound")
    assert await error(await http.get("/v1.0/me")) == (400, "BadRequest")


@pytest.mark.parametrize("condition", ["tags/any(t:t eq 'x')", "displayName ne 'x'", "displayName eq 'x' or id eq 'y'"])
async def test_a_filter_that_is_not_understood_is_refused(http: httpx.AsyncClient, robot: Principal, condition: str):
    refused = await http.get(PRINCIPALS, params={"$filter": condition})
    assert await error(refused) == (400, "Request_UnsupportedQuery")


@pytest.mark.parametrize("body", [b"", b"[]", b'{"ids": "x"}', b'{"ids": [1]}', b"\xff"])
async def test_a_body_that_names_no_ids_is_refused(http: httpx.AsyncClient, robot: Principal, body: bytes):
    refused = await http.post("/v1.0/directoryObjects/getByIds", content=body)
    assert await error(refused) == (400, "Request_UnsupportedQuery")


@pytest.mark.parametrize("roles", [(), (COGNITIVE_SERVICES_USER,)])
async def test_who_does_not_see_who_has_which_role_sees_themselves_alone(
    backend: Backend, http: httpx.AsyncClient, roles: tuple[Role, ...]
):
    local = await Principals(backend.database).named("local")
    own = await signed_in(backend, http, "own", *roles)
    assert await found(http) == ["own"]
    assert await found(http, f"servicePrincipalNames/any(c:c eq '{own.client_id}')") == ["own"]
    assert (await http.get(f"{PRINCIPALS}/{own.id}")).status_code == 200
    denied = (403, "Authorization_RequestDenied")
    for named in (local.client_id, "nobody"):
        params = {"$filter": f"servicePrincipalNames/any(c:c eq '{named}')"}
        assert await error(await http.get(PRINCIPALS, params=params)) == denied
    for object_id in (local.id, STRANGER):
        assert await error(await http.get(f"{PRINCIPALS}/{object_id}")) == denied
        body = {"ids": [own.id, object_id]}
        assert await error(await http.post("/v1.0/directoryObjects/getByIds", json=body)) == denied


async def test_only_a_token_for_the_graph_is_taken(backend: Backend, http: httpx.AsyncClient):
    authority = backend.services.authority.local
    tokens: list[Any] = ["", "Bearer", "Bearer x", f"Bearer {backend.key}"]
    for resource in ("https://management.azure.com", "https://cognitiveservices.azure.com"):
        _, issued = await authority.token_of_managed_identity(resource)
        tokens.append(f"Bearer {issued.value}")
    paths = [PRINCIPALS, f"{PRINCIPALS}/x", f"{PRINCIPALS}(appId='x')", "/v1.0/users", "/v1.0/groups/x", "/v1.0/me"]
    for token in tokens:
        for path in paths:
            refused = await http.get(path, headers={"Authorization": token})
            assert await error(refused) == (401, "InvalidAuthenticationToken")
    refused = await http.post("/v1.0/directoryObjects/getByIds", json={"ids": []})
    assert await error(refused) == (401, "InvalidAuthenticationToken")


async def test_a_token_for_the_graph_opens_nothing_else(backend: Backend, http: httpx.AsyncClient, robot: Principal):
    assert (await http.get("/openai/v1/models")).status_code == 401
    headers = [(b"authorization", http.headers["Authorization"].encode())]
    request = Request({"type": "http", "method": "GET", "path": "/subscriptions", "headers": headers})
    with pytest.raises(ManagementTokenInvalid):
        await backend.services.management.authorizer.authorize(request, ManagementAction.ACCOUNTS_READ, scope=Scope())


@pytest.mark.parametrize(
    ("resource", "is_own"),
    [
        (OWN, True),
        (f"{OWN}/", True),
        ("http://LOCALHOST:8080", True),
        ("https://graph.microsoft.com", False),
        ("https://localhost.example.org", False),
        ("https://example.org/localhost", False),
        ("https://[localhost", False),
        ("localhost", False),
    ],
)
async def test_the_servers_own_address_stands_for_the_graph(
    backend: Backend, http: httpx.AsyncClient, resource: str, is_own: bool
):
    principal, secret = await Principals(backend.database).add("robot")
    form = {
        "grant_type": "client_credentials",
        "client_id": principal.client_id,
        "client_secret": secret,
        "scope": f"{resource}/.default",
    }
    answer = await http.post(f"/{LOCAL_TENANT}/oauth2/v2.0/token", data=form)
    assert (answer.status_code == 200) is is_own
    if is_own:
        headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        assert (await http.get(PRINCIPALS, headers=headers)).status_code == 200


async def test_a_cloud_is_described_to_whom_who_knows_its_resource_manager(http: httpx.AsyncClient):
    described = (await http.get("/metadata/endpoints?api-version=2022-09-01")).json()
    assert described["resourceManager"] == described["microsoftGraphResourceId"] == OWN
    assert described["authentication"]["loginEndpoint"] == OWN
    assert described["authentication"]["audiences"][0] == "https://management.core.windows.net/"
