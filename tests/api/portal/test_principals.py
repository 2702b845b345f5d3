"""Who signs in, and which roles they have, in the portal."""

from __future__ import annotations

from typing import Any

import pytest

from antiphon.identity.principals import Principals, is_secret_of
from antiphon.identity.roles import CONTRIBUTOR, OPENAI_USER, OWNER, ROLES, USER_ACCESS_ADMINISTRATOR
from antiphon.resources.account_plan import AccountPlan
from antiphon.resources.accounts import Account, Accounts
from antiphon.store.tables import LOCAL_SUBSCRIPTION

from ...identity.forging import OBJECT_ID
from ..conftest import Backend
from .conftest import Browser, signed_in_as_ada

pytestmark = pytest.mark.anyio

PRINCIPALS = "/portal/api/principals"
STRANGER = "0b5e3f0c-0000-4000-8000-000000000001"
USER = {"role": "Cognitive Services OpenAI User", "scope": "*"}


async def listed(browser: Browser) -> dict[str, dict[str, Any]]:
    """By name, or by id where there is none."""
    response = await browser.client.get(PRINCIPALS)
    assert response.status_code == 200, response.text
    return {each["name"] or each["id"]: each for each in response.json()["principals"]}


async def add(browser: Browser, **body: Any) -> dict[str, Any]:
    response = await browser.client.post(PRINCIPALS, json={"name": "robot", **body})
    assert response.status_code == 201, response.text
    return response.json()


async def change(browser: Browser, method: str, principal_id: str, assignment: Any) -> tuple[int, str | None]:
    response = await browser.client.request(method, f"{PRINCIPALS}/{principal_id}/assignments", json=assignment)
    return response.status_code, response.json()["error"]["code"] if response.content else None


@pytest.fixture
async def contoso(backend: Backend) -> Account:
    return (await Accounts(backend.database).put("Contoso", AccountPlan(location="eastus2")))[0]


async def test_a_new_data_folder_has_the_machines_own_identity(operator: Browser):
    (local,) = (await listed(operator)).values()
    assert (local["name"], local["has_secret"]) == ("local", False)
    assert local["assignments"] == [
        {"role": "Cognitive Services Contributor", "scope": "*"},
        {"role": "Cognitive Services OpenAI User", "scope": "*"},
    ]


async def test_the_roles_there_are_come_with_what_they_are_for(operator: Browser):
    roles = (await operator.client.get(PRINCIPALS)).json()["roles"]
    assert [role["name"] for role in roles] == [role.name for role in ROLES]
    assert all(role["description"].endswith(".") for role in roles)


async def test_a_secret_is_told_once_and_opens(operator: Browser, backend: Backend):
    added = await add(operator)
    secret = added.pop("secret")
    principal = await Principals(backend.database).named("robot")
    assert is_secret_of(principal, secret)
    assert added == (await listed(operator))["robot"]
    assert (added["has_secret"], added["assignments"], added["client_id"]) == (True, [], principal.client_id)


async def test_a_principal_can_do_without_a_secret(operator: Browser):
    added = await add(operator, secret=False)
    assert (added["secret"], added["has_secret"]) == (None, False)


async def test_a_removed_principal_is_gone_with_its_roles(operator: Browser, backend: Backend):
    robot = (await add(operator))["id"]
    assert await change(operator, "PUT", robot, USER) == (204, None)
    assert (await operator.client.delete(f"{PRINCIPALS}/{robot}")).status_code == 204
    assert list(await listed(operator)) == ["local"]
    assert robot not in {each.principal_id for each in await backend.services.portal.roles.list()}


async def test_roles_are_given_and_taken_back(operator: Browser, contoso: Account):
    robot = (await add(operator))["id"]
    there = {"role": "cognitiveservicesopenaiuser", "scope": "CONTOSO"}
    assert await change(operator, "PUT", robot, USER) == (204, None)
    assert await change(operator, "PUT", robot, USER) == (204, None)
    assert await change(operator, "PUT", robot, there) == (204, None)
    scopes = [each["scope"] for each in (await listed(operator))["robot"]["assignments"]]
    assert sorted(scopes) == ["*", "Contoso"]
    assert await change(operator, "DELETE", robot, USER) == (204, None)
    assert (await listed(operator))["robot"]["assignments"] == [{**USER, "scope": "Contoso"}]
    assert await change(operator, "DELETE", robot, USER) == (404, "role_not_assigned")


async def test_somebody_of_entras_is_listed_while_they_have_a_role(operator: Browser):
    assert await change(operator, "PUT", STRANGER.upper(), USER) == (204, None)
    assert (await listed(operator))[STRANGER] == {
        "id": STRANGER,
        "client_id": None,
        "name": None,
        "created_at": None,
        "has_secret": False,
        "assignments": [USER],
    }
    assert await change(operator, "DELETE", STRANGER, USER) == (204, None)
    assert STRANGER not in await listed(operator)


async def test_roles_on_an_account_that_is_gone_are_not_shown(operator: Browser, backend: Backend, contoso: Account):
    assert await change(operator, "PUT", STRANGER, {**USER, "scope": "contoso"}) == (204, None)
    await Accounts(backend.database).delete(contoso)
    assert STRANGER not in await listed(operator)


async def test_roles_on_groups_and_subscriptions_are_seen_and_taken_back(operator: Browser, backend: Backend):
    group = {**USER, "scope": "/subscriptions/sub-1/resourceGroups/rg"}
    assert await change(operator, "PUT", STRANGER, group) == (204, None)
    shown = {**USER, "scope": "/subscriptions/sub-1/resourcegroups/rg"}
    assert (await listed(operator))[STRANGER]["assignments"] == [shown]
    assert await change(operator, "DELETE", STRANGER, shown) == (204, None)
    assert STRANGER not in await listed(operator)


async def test_an_accounts_owner_sees_which_roles_it_inherits(browser: Browser, backend: Backend):
    await signed_in_as_ada(browser)
    roles = backend.services.portal.roles
    await roles.assign(OBJECT_ID, OWNER, scope=backend.account_id)
    own = f"/subscriptions/{LOCAL_SUBSCRIPTION}"
    for scope in (own, f"{own}/resourcegroups/local", f"{own}/resourcegroups/other", "/subscriptions/other"):
        await roles.assign(STRANGER, OPENAI_USER, scope=scope)
    shown = {each["scope"] for each in (await listed(browser))[STRANGER]["assignments"]}
    assert shown == {own, f"{own}/resourcegroups/local"}
    assert await change(browser, "DELETE", STRANGER, {**USER, "scope": own}) == (403, "AuthorizationFailed")


@pytest.mark.parametrize(
    ("principal_id", "assignment", "expected"),
    [
        (STRANGER, {**USER, "role": "God"}, (400, "role_not_found")),
        (STRANGER, {**USER, "scope": "nobody"}, (404, "ResourceNotFound")),
        (STRANGER, {**USER, "scope": ""}, (404, "ResourceNotFound")),
        (STRANGER, {"role": "Owner"}, (400, "InvalidRequestContent")),
        (STRANGER, [], (400, "InvalidRequestContent")),
        ("robot", USER, (404, "principal_not_found")),
        ("%00", USER, (404, "principal_not_found")),
    ],
)
async def test_a_role_that_cannot_be_given_is_refused(
    operator: Browser, principal_id: str, assignment: Any, expected: tuple[int, str]
):
    await add(operator)
    for method in ("PUT", "DELETE"):
        assert await change(operator, method, principal_id, assignment) == expected
    assert list(await listed(operator)) == ["local", "robot"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"name": "Local"}, (409, "principal_exists")),
        ({"name": "a b"}, (400, "invalid_principal")),
        ({"name": STRANGER}, (400, "invalid_principal")),
        ({"name": ""}, (400, "invalid_principal")),
        ({}, (400, "InvalidRequestContent")),
        ({"name": "robot", "secret": "mine"}, (400, "InvalidRequestContent")),
    ],
)
async def test_a_principal_that_cannot_be_added_is_refused(operator: Browser, body: Any, expected: tuple[int, str]):
    response = await operator.client.post(PRINCIPALS, json=body)
    assert (response.status_code, response.json()["error"]["code"]) == expected
    assert list(await listed(operator)) == ["local"]


async def test_the_machines_own_identity_and_strangers_are_not_removed(operator: Browser):
    local = (await listed(operator))["local"]["id"]
    for principal_id, status in [(local, 400), (STRANGER, 404), ("local", 404)]:
        assert (await operator.client.delete(f"{PRINCIPALS}/{principal_id}")).status_code == status
    assert list(await listed(operator)) == ["local"]


async def test_a_contributor_gives_no_roles(browser: Browser, backend: Backend):
    await signed_in_as_ada(browser)
    await backend.services.portal.roles.assign(OBJECT_ID, CONTRIBUTOR)
    refused = (403, "AuthorizationFailed")
    assert await change(browser, "PUT", OBJECT_ID, {"role": "Owner", "scope": "*"}) == refused
    assert await change(browser, "PUT", OBJECT_ID, {"role": "Owner", "scope": "local"}) == refused
    assert (await browser.client.post(PRINCIPALS, json={"name": "robot"})).status_code == 403
    assert (await browser.client.delete(f"{PRINCIPALS}/{STRANGER}")).status_code == 403
    assert set(await listed(browser)) == {"local", OBJECT_ID}


async def test_an_accounts_owner_gives_roles_on_it_and_nowhere_else(
    browser: Browser, backend: Backend, contoso: Account
):
    await signed_in_as_ada(browser)
    roles = backend.services.portal.roles
    await roles.assign(OBJECT_ID, OWNER, scope=backend.account_id)
    await roles.assign(STRANGER, OPENAI_USER, scope=contoso.id)
    assert STRANGER not in await listed(browser)
    assert await change(browser, "PUT", STRANGER, {**USER, "scope": "local"}) == (204, None)
    assert (await listed(browser))[STRANGER]["assignments"] == [{**USER, "scope": "local"}]
    for scope in ("*", "contoso"):
        assert await change(browser, "PUT", STRANGER, {**USER, "scope": scope}) == (403, "AuthorizationFailed")
    assert (await browser.client.post(PRINCIPALS, json={"name": "robot"})).status_code == 403


async def test_a_user_access_administrator_adds_principals_and_gives_roles(browser: Browser, backend: Backend):
    await signed_in_as_ada(browser)
    await backend.services.portal.roles.assign(OBJECT_ID, USER_ACCESS_ADMINISTRATOR)
    robot = (await add(browser))["id"]
    assert await change(browser, "PUT", robot, USER) == (204, None)


async def test_who_uses_models_sees_who_has_roles_and_others_see_nothing(browser: Browser, backend: Backend):
    await signed_in_as_ada(browser)
    assert (await browser.client.get(PRINCIPALS)).status_code == 403
    await backend.services.portal.roles.assign(OBJECT_ID, OPENAI_USER)
    assert set(await listed(browser)) == {"local", OBJECT_ID}
