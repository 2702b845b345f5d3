"""Roles, given and taken back as Azure's tools do it, by principals with tokens of their own."""

from __future__ import annotations

import dataclasses
import uuid
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from antiphon.identity.principals import Principal, Principals
from antiphon.identity.roles import (
    COGNITIVE_SERVICES_CONTRIBUTOR,
    COGNITIVE_SERVICES_USER,
    CONTRIBUTOR,
    OPENAI_USER,
    OWNER,
    ROLES,
    USER_ACCESS_ADMINISTRATOR,
    Role,
)
from antiphon.identity.scopes import ALL_ACCOUNTS, Scope
from antiphon.resources.account_plan import AccountPlan
from antiphon.resources.accounts import Account
from antiphon.store.tables import LOCAL_SUBSCRIPTION

from ..conftest import Backend

pytestmark = pytest.mark.anyio

SUBSCRIPTION = f"/subscriptions/{LOCAL_SUBSCRIPTION}"
LOCAL_GROUP = f"{SUBSCRIPTION}/resourceGroups/local"
LOCAL = f"{LOCAL_GROUP}/providers/Microsoft.CognitiveServices/accounts/local"
RG = f"{SUBSCRIPTION}/resourceGroups/rg"
CONTOSO = f"{RG}/providers/Microsoft.CognitiveServices/accounts/contoso"
AUTHORIZATION = "/providers/Microsoft.Authorization"
STRANGER = "0b5e3f0c-0000-4000-8000-000000000001"


def definition(role: Role, above: str = SUBSCRIPTION) -> str:
    return f"{above}{AUTHORIZATION}/roleDefinitions/{role.id}"


def http_client(backend: Backend) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(backend.api, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://localhost:8080")


@dataclass(frozen=True, slots=True)
class Client:
    """Somebody who signs in with a token, and asks."""

    backend: Backend
    principal: Principal
    token: str

    async def send(self, method: str, path: str, body: Any = None, condition: str | None = None) -> httpx.Response:
        params = {"api-version": "2022-04-01"} | ({} if condition is None else {"$filter": condition})
        headers = {"Authorization": f"Bearer {self.token}"}
        async with http_client(self.backend) as http:
            return await http.request(method, path, json=body, params=params, headers=headers)

    async def error(self, method: str, path: str, body: Any = None, **options: Any) -> tuple[int, str]:
        response = await self.send(method, path, body, **options)
        return response.status_code, response.json()["error"]["code"]

    async def give(
        self, scope: str, principal_id: str, role: Role = OPENAI_USER, *, name: str | None = None, **more: Any
    ) -> httpx.Response:
        properties = {"roleDefinitionId": definition(role), "principalId": principal_id, **more}
        path = f"{scope}{AUTHORIZATION}/roleAssignments/{name or uuid.uuid4()}"
        return await self.send("PUT", path, {"properties": properties})

    async def listed(self, scope: str, condition: str | None = None) -> set[tuple[str, str]]:
        """Scope and role of each that the robot has."""
        response = await self.send("GET", f"{scope}{AUTHORIZATION}/roleAssignments", condition=condition)
        assert response.status_code == 200, response.text
        robot = (await Principals(self.backend.database).named("robot")).id
        found = [each["properties"] for each in response.json()["value"]]
        return {
            (each["scope"], each["roleDefinitionId"].rpartition("/")[2])
            for each in found
            if each["principalId"] == robot
        }


async def client_of(backend: Backend, name: str, *roles: Role, scope: str = ALL_ACCOUNTS) -> Client:
    principal, _ = await Principals(backend.database).add(name)
    for role in roles:
        await backend.services.management.directory.roles.assign(principal.id, role, scope=scope)
    issued = await backend.services.authority.local.issuer.issue(principal, "https://management.azure.com")
    return Client(backend, principal, issued.value)


@pytest.fixture
async def contoso(backend: Backend) -> Account:
    plan = AccountPlan(location="eastus2", resource_group="rg")
    return (await backend.services.management.accounts.put("contoso", plan))[0]


@pytest.fixture
async def owner(backend: Backend, contoso: Account) -> Client:
    return await client_of(backend, "owner", OWNER)


@pytest.fixture
async def robot(backend: Backend) -> str:
    principal, _ = await Principals(backend.database).add("robot")
    return principal.id


async def may_chat(backend: Backend, principal_id: str, account: Account) -> bool:
    """Whether the data plane, which asks of the same roles, lets the principal in."""
    principal = await Principals(backend.database).with_id(principal_id)
    assert principal is not None
    issued = await backend.services.authority.local.issuer.issue(principal, "https://cognitiveservices.azure.com")
    headers = {"Authorization": f"Bearer {issued.value}", "host": f"{account.name}.localhost:8080"}
    async with http_client(backend) as http:
        response = await http.get("/openai/v1/models", headers=headers)
    return response.status_code == 200


@pytest.mark.parametrize("scope", ["", SUBSCRIPTION, RG, CONTOSO])
async def test_roles_are_azures_built_in_ones_at_every_scope(owner: Client, scope: str):
    response = await owner.send("GET", f"{scope}{AUTHORIZATION}/roleDefinitions")
    above = SUBSCRIPTION if scope else ""
    assert [each["id"] for each in response.json()["value"]] == [definition(role, above) for role in ROLES]
    for each in response.json()["value"]:
        assert each["properties"]["type"] == "BuiltInRole"
        assert (await owner.send("GET", each["id"])).json() == each


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("roleName eq 'Cognitive Services User'", [COGNITIVE_SERVICES_USER]),
        ("roleName eq 'cognitive services openai user'", [OPENAI_USER]),
        ("roleName eq 'Storage Blob Data Reader'", []),
        ("type eq 'CustomRole'", []),
        ("atScopeAndBelow()", list(ROLES)),
        ("type eq 'BuiltInRole' and roleName eq 'Owner'", [OWNER]),
    ],
)
async def test_a_role_is_found_by_its_name(owner: Client, condition: str, found: list[Role]):
    response = await owner.send("GET", f"{SUBSCRIPTION}{AUTHORIZATION}/roleDefinitions", condition=condition)
    assert [each["name"] for each in response.json()["value"]] == [role.id for role in found]


async def test_a_role_tells_what_it_allows_apart_by_plane(owner: Client):
    (permissions,) = (await owner.send("GET", definition(OPENAI_USER))).json()["properties"]["permissions"]
    assert "Microsoft.CognitiveServices/accounts/read" in permissions["actions"]
    assert all("/OpenAI/" in action for action in permissions["dataActions"])
    assert set(permissions["actions"]) | set(permissions["dataActions"]) == set(OPENAI_USER.actions)


async def test_an_unknown_role_is_not_found(owner: Client, robot: str):
    unknown = f"{SUBSCRIPTION}{AUTHORIZATION}/roleDefinitions/{STRANGER}"
    assert await owner.error("GET", unknown) == (404, "RoleDefinitionDoesNotExist")
    for role_id in (unknown, "Owner", OWNER.id, f"{SUBSCRIPTION}/roleDefinitions/{OWNER.id}", unknown + "x"):
        refused = await owner.give(RG, robot, roleDefinitionId=role_id)
        assert (refused.status_code, refused.json()["error"]["code"]) == (404, "RoleDefinitionDoesNotExist")


@pytest.mark.parametrize(
    ("scope", "opens"),
    [
        (CONTOSO, {"contoso"}),
        (RG.replace("/rg", "/RG"), {"contoso"}),
        (LOCAL_GROUP, {"local"}),
        (SUBSCRIPTION, {"contoso", "local"}),
        ("", {"contoso", "local"}),
    ],
)
async def test_a_role_counts_at_once_on_what_its_scope_holds_until_it_is_taken_back(
    backend: Backend, owner: Client, contoso: Account, robot: str, scope: str, opens: set[str]
):
    accounts = await backend.services.management.accounts.list()
    assert not any([await may_chat(backend, robot, account) for account in accounts])
    given = await owner.give(scope, robot, COGNITIVE_SERVICES_USER, principalType="ServicePrincipal")
    assert given.status_code == 201, given.text
    assert {account.name for account in accounts if await may_chat(backend, robot, account)} == opens
    taken = await owner.send("DELETE", given.json()["id"])
    assert (taken.status_code, taken.json()) == (200, given.json())
    assert not any([await may_chat(backend, robot, account) for account in accounts])
    assert (await owner.send("DELETE", given.json()["id"])).status_code == 204


async def test_an_assignment_tells_what_was_given_to_whom_where_and_by_whom(owner: Client, robot: str):
    name = str(uuid.uuid4())
    given = (await owner.give(RG, robot.upper(), name=name, description="For the robot")).json()
    assert given["id"] == f"{RG}{AUTHORIZATION}/roleAssignments/{name}"
    assert (given["name"], given["type"]) == (name, "Microsoft.Authorization/roleAssignments")
    expected = {
        "roleDefinitionId": definition(OPENAI_USER),
        "principalId": robot,
        "principalType": "ServicePrincipal",
        "scope": RG,
        "description": "For the robot",
        "createdBy": owner.principal.id,
    }
    assert given["properties"].items() >= expected.items()
    assert (await owner.send("GET", given["id"])).json() == given


async def test_a_group_made_but_empty_has_roles_that_its_accounts_inherit(backend: Backend, owner: Client, robot: str):
    group = f"{SUBSCRIPTION}/resourceGroups/new"
    assert (await owner.give(group, robot)).status_code == 404
    await owner.send("PUT", group, {"location": "eastus2"})
    assert (await owner.give(group, robot)).status_code == 201
    plan = AccountPlan(location="eastus2", resource_group="NEW")
    account, _ = await backend.services.management.accounts.put("fabrikam", plan)
    assert await may_chat(backend, robot, account)


async def test_the_same_again_is_no_other_assignment(owner: Client, robot: str):
    name = str(uuid.uuid4())
    first = await owner.give(RG, robot, name=name)
    again = await owner.give(RG, robot, name=name.upper(), description="now described")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["properties"]["description"] == "now described"
    other = await owner.give(RG, robot)
    assert (other.status_code, other.json()["error"]["code"]) == (409, "RoleAssignmentExists")
    assert name.replace("-", "") in other.json()["error"]["message"]
    for scope, principal, role in (
        (RG, robot, OWNER),
        (SUBSCRIPTION, robot, OPENAI_USER),
        (RG, owner.principal.id, OPENAI_USER),
    ):
        changed = await owner.give(scope, principal, role, name=name)
        assert (changed.status_code, changed.json()["error"]["code"]) == (400, "RoleAssignmentUpdateNotPermitted")
    assert await owner.listed(RG) == {(RG, OPENAI_USER.id)}


@pytest.mark.parametrize(
    ("scope", "condition", "expected"),
    [
        (SUBSCRIPTION, None, {"/", SUBSCRIPTION, RG, CONTOSO, LOCAL}),
        (SUBSCRIPTION, "atScope()", {"/", SUBSCRIPTION}),
        (RG, "atScope()", {"/", SUBSCRIPTION, RG}),
        (RG, None, {"/", SUBSCRIPTION, RG, CONTOSO}),
        (CONTOSO, "atScope()", {"/", SUBSCRIPTION, RG, CONTOSO}),
        (LOCAL, None, {"/", SUBSCRIPTION, LOCAL}),
        (LOCAL_GROUP, "atScope()", {"/", SUBSCRIPTION}),
        ("", "atScope()", {"/"}),
    ],
)
async def test_assignments_are_listed_from_above_and_from_below(
    owner: Client, robot: str, scope: str, condition: str | None, expected: set[str]
):
    for each in ("", SUBSCRIPTION, RG, CONTOSO, LOCAL):
        assert (await owner.give(each, robot)).status_code == 201
    assert await owner.listed(scope, condition) == {(each, OPENAI_USER.id) for each in expected}
    of_robot = [f"principalId eq '{robot}'", f"assignedTo('{robot.upper()}')"]
    for each in of_robot:
        joined = each if condition is None else f"{condition} and {each}"
        assert await owner.listed(scope, joined) == {(each, OPENAI_USER.id) for each in expected}
    assert await owner.listed(scope, f"principalId eq '{STRANGER}'") == set()


async def test_a_filter_of_assignments_that_is_not_understood_is_refused(owner: Client):
    for condition in ("roleName eq 'Owner'", "atScope", "atScope() or atScope()", "principalId eq 'x", "atScope() and"):
        refused = await owner.error("GET", f"{RG}{AUTHORIZATION}/roleAssignments", condition=condition)
        assert refused == (400, "InvalidFilterInQueryString")


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({"principalId": STRANGER}, "PrincipalNotFound"),
        ({"principalId": STRANGER, "principalType": "ServicePrincipal"}, "PrincipalNotFound"),
        ({"principalId": "robot"}, "InvalidPrincipalId"),
        ({"principalType": "User"}, "UnmatchedPrincipalType"),
        ({"principalType": "Group"}, "PrincipalTypeNotSupported"),
        ({"condition": "@Resource[x] StringEquals 'y'"}, "RoleAssignmentConditionNotSupported"),
        ({"principalId": None}, "InvalidRequestContent"),
        ({"description": 7}, "InvalidRequestContent"),
    ],
)
async def test_what_cannot_be_given_is_refused(owner: Client, robot: str, properties: dict[str, Any], code: str):
    body = {"roleDefinitionId": definition(OPENAI_USER), "principalId": robot, **properties}
    path = f"{RG}{AUTHORIZATION}/roleAssignments/{uuid.uuid4()}"
    assert await owner.error("PUT", path, {"properties": body}) == (400, code)
    assert await owner.listed(RG) == set()


async def test_an_assignment_has_a_guid_for_its_name(owner: Client, robot: str):
    for method in ("PUT", "GET", "DELETE"):
        body = {"properties": {"roleDefinitionId": definition(OWNER), "principalId": robot}}
        refused = await owner.error(method, f"{RG}{AUTHORIZATION}/roleAssignments/mine", body)
        assert refused == (400, "InvalidRoleAssignmentId")


async def test_somebody_of_entras_is_given_roles_unseen(backend: Backend, owner: Client):
    plane = backend.api.state.services.management
    plane = dataclasses.replace(plane, directory=dataclasses.replace(plane.directory, has_strangers=True))
    backend.api.state.services = dataclasses.replace(backend.api.state.services, management=plane)
    cases: list[tuple[str, dict[str, Any], str]] = [
        (RG, {"principalType": "user"}, "User"),
        (SUBSCRIPTION, {}, "Unknown"),
    ]
    for scope, more, shown in cases:
        given = await owner.give(scope, STRANGER, **more)
        assert (given.status_code, given.json()["properties"]["principalType"]) == (201, shown)


@pytest.mark.parametrize("role", [OPENAI_USER, COGNITIVE_SERVICES_USER, COGNITIVE_SERVICES_CONTRIBUTOR, CONTRIBUTOR])
async def test_those_alone_give_roles_who_may(backend: Backend, owner: Client, robot: str, role: Role):
    given = (await owner.give(RG, robot)).json()["id"]
    other = await client_of(backend, "other", role)
    for scope in ("", SUBSCRIPTION, RG, CONTOSO, LOCAL):
        refused = await other.give(scope, other.principal.id, OWNER)
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "AuthorizationFailed")
    assert await other.error("DELETE", given) == (403, "AuthorizationFailed")
    assert await owner.listed(RG) == {(RG, OPENAI_USER.id)}


@pytest.mark.parametrize("role", [OWNER, USER_ACCESS_ADMINISTRATOR])
async def test_an_accounts_owner_gives_roles_there_and_nowhere_else(
    backend: Backend, owner: Client, contoso: Account, robot: str, role: Role
):
    theirs = await client_of(backend, "theirs", role, scope=contoso.id)
    elsewhere = [(await owner.give(scope, robot)).json() for scope in ("", SUBSCRIPTION, RG, LOCAL)]
    given = await theirs.give(CONTOSO, robot)
    assert given.status_code == 201
    for scope in ("", SUBSCRIPTION, RG, LOCAL_GROUP, LOCAL):
        assert (await theirs.give(scope, theirs.principal.id, OWNER)).status_code == 403
        assert (await theirs.send("GET", f"{scope}{AUTHORIZATION}/roleAssignments")).status_code == 403
    for each in elsewhere:
        assert (await theirs.send("DELETE", each["id"])).status_code == 403
        # Nor by naming what is elsewhere as if it were there.
        assert (
            await theirs.send("DELETE", f"{CONTOSO}{AUTHORIZATION}/roleAssignments/{each['name']}")
        ).status_code == 204
        there = f"{CONTOSO}{AUTHORIZATION}/roleAssignments/{each['name']}"
        assert await theirs.error("GET", there) == (404, "RoleAssignmentNotFound")
        assert (await owner.send("GET", each["id"])).json() == each
        taken_over = await theirs.give(CONTOSO, theirs.principal.id, OWNER, name=each["name"])
        assert taken_over.json()["error"]["code"] == "RoleAssignmentUpdateNotPermitted"
    assert (await theirs.send("DELETE", given.json()["id"])).status_code == 200


async def test_a_groups_owner_gives_roles_in_it_and_manages_what_is_there(backend: Backend, owner: Client, robot: str):
    scope = Scope(subscription_id=LOCAL_SUBSCRIPTION, resource_group="rg").stored
    theirs = await client_of(backend, "theirs", OWNER, scope=scope)
    assert (await theirs.give(CONTOSO, robot)).status_code == 201
    assert (await theirs.give(RG, robot)).status_code == 201
    assert (await theirs.give(SUBSCRIPTION, robot)).status_code == 403
    assert (await theirs.give(LOCAL, robot)).status_code == 403
    groups = (await theirs.send("GET", f"{SUBSCRIPTION}/resourceGroups")).json()["value"]
    assert [group["name"] for group in groups] == ["rg"]
    accounts = await theirs.send("GET", f"{SUBSCRIPTION}/providers/Microsoft.CognitiveServices/accounts")
    assert accounts.status_code == 400  # Its versions are others.
    for path in (LOCAL_GROUP, f"{SUBSCRIPTION}/resourceGroups/other"):
        assert (await theirs.send("DELETE", path)).status_code == 403
        assert (await theirs.send("GET", path)).status_code == 403
        assert (await theirs.send("PUT", path, {"location": "eastus2"})).status_code == 403
    assert (await theirs.send("DELETE", RG)).status_code == 200
    assert (await theirs.send("GET", RG)).status_code == 403  # The role on it is gone with it.


async def test_another_subscriptions_owner_neither_gives_roles_here_nor_sees_what_is_here(
    backend: Backend, owner: Client, robot: str
):
    theirs = await client_of(backend, "theirs", OWNER, scope=Scope(subscription_id="other").stored)
    assert (await theirs.give("/subscriptions/OTHER", robot)).status_code == 201
    for scope in (SUBSCRIPTION, RG, CONTOSO, ""):
        assert (await theirs.give(scope, robot)).status_code == 403
    await owner.send("PUT", "/subscriptions/other/resourceGroups/rg", {"location": "eastus2"})
    await owner.send("PUT", "/subscriptions/third/resourceGroups/rg", {"location": "eastus2"})
    listed = (await theirs.send("GET", "/subscriptions")).json()["value"]
    assert [each["subscriptionId"] for each in listed] == [LOCAL_SUBSCRIPTION, "other"]
    assert (await theirs.send("GET", f"{SUBSCRIPTION}/resourceGroups")).json()["value"] == []
    assert await theirs.listed("/subscriptions/other") == {("/subscriptions/other", OPENAI_USER.id)}


async def test_cognitive_services_users_do_not_see_who_has_which_role(backend: Backend, contoso: Account):
    user = await client_of(backend, "user", COGNITIVE_SERVICES_USER)
    for path in ("roleAssignments", "roleDefinitions"):
        assert await user.error("GET", f"{CONTOSO}{AUTHORIZATION}/{path}") == (403, "AuthorizationFailed")


async def test_roles_on_an_account_that_is_not_there_are_refused(owner: Client, robot: str):
    missing = CONTOSO.replace("contoso", "fabrikam")
    given = await owner.give(missing, robot)
    assert (given.status_code, given.json()["error"]["code"]) == (404, "ResourceNotFound")
    moved = CONTOSO.replace("/rg/", "/local/")
    assert (await owner.give(moved, robot)).status_code == 404
