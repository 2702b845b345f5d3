"""Resource groups: made, found, tagged, and deleted with what is in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from antiphon.identity.roles import OPENAI_USER
from antiphon.identity.scopes import Scope
from antiphon.resources.groups import ResourceGroups
from antiphon.store.database import Database
from antiphon.store.tables import LOCAL_SUBSCRIPTION

from .conftest import ACCOUNTS, GROUP, VERSION, Management, account, deployment

pytestmark = pytest.mark.anyio

GROUPS = f"/subscriptions/{LOCAL_SUBSCRIPTION}/resourceGroups"
STRANGER = "0b5e3f0c-0000-4000-8000-000000000001"


async def names(management: Management, condition: str = "") -> list[str]:
    params = {"api-version": VERSION, "$filter": condition}
    response = await management.send("GET", GROUPS, params=params)
    assert response.status_code == 200, response.text
    return [each["name"] for each in response.json()["value"]]


async def test_an_empty_group_is_there_from_its_making_to_its_deletion(management: Management):
    assert (await management.send("HEAD", GROUP)).status_code == 404
    created = await management.send("PUT", GROUP, {"location": "East US 2", "tags": {"a": "b"}})
    assert created.status_code == 201
    group = created.json()
    assert (group["name"], group["location"], group["tags"]) == ("rg", "eastus2", {"a": "b"})
    assert (await management.send("HEAD", GROUP)).status_code == 204
    assert await management.get(GROUP.replace("/rg", "/RG")) == group
    assert await names(management) == ["local", "rg"]
    assert (await management.send("DELETE", GROUP)).status_code == 200
    assert (await management.send("HEAD", GROUP)).status_code == 404
    assert await names(management) == ["local"]


async def test_a_group_survives_a_restart(management: Management, database_location: Path | str):
    await management.put(GROUP, {"location": "eastus2"})
    async with await Database.open(database_location) as database:
        assert [each.name for each in await ResourceGroups(database).list(LOCAL_SUBSCRIPTION)] == ["local", "rg"]


async def test_a_group_is_made_by_the_first_account_that_names_it_and_outlives_it(management: Management):
    await management.put(f"{ACCOUNTS}/contoso", account())
    assert (await management.get(GROUP))["location"] == "eastus2"
    await management.send("DELETE", f"{ACCOUNTS}/contoso")
    assert await names(management) == ["local", "rg"]


async def test_a_group_that_is_put_again_keeps_its_name_and_gets_other_tags(management: Management):
    await management.put(GROUP, {"location": "eastus2", "tags": {"a": "b"}})
    again = await management.send("PUT", GROUP.replace("/rg", "/Rg"), {"location": "eastus2"})
    assert (again.status_code, again.json()["name"], again.json()["tags"]) == (200, "rg", {})


async def test_a_group_stays_where_it_is(management: Management):
    await management.put(GROUP, {"location": "eastus2"})
    status, code, _ = await management.error("PUT", GROUP, {"location": "swedencentral"})
    assert (status, code) == (409, "InvalidResourceGroupLocation")


async def test_a_patch_changes_tags_alone(management: Management):
    await management.put(GROUP, {"location": "eastus2", "tags": {"a": "b"}})
    assert (await management.send("PATCH", GROUP, {})).json()["tags"] == {"a": "b"}
    assert (await management.send("PATCH", GROUP, {"tags": {"c": "d"}})).json()["tags"] == {"c": "d"}
    assert (await management.get(GROUP))["tags"] == {"c": "d"}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("tagName eq 'team'", ["rg"]),
        ("tagName eq 'team' and tagValue eq 'voice'", ["rg"]),
        ("tagName eq 'team' and tagValue eq 'other'", []),
    ],
)
async def test_groups_are_found_by_their_tags(management: Management, condition: str, expected: list[str]):
    await management.put(GROUP, {"location": "eastus2", "tags": {"team": "voice"}})
    assert await names(management, condition) == expected


async def test_a_filter_that_is_not_understood_is_refused(management: Management):
    params = {"api-version": VERSION, "$filter": "location eq 'eastus2'"}
    assert (await management.error("GET", GROUPS, params=params))[:2] == (400, "InvalidFilterInQueryString")


@pytest.mark.parametrize(("method", "body"), [("GET", None), ("PATCH", {"tags": {}}), ("DELETE", None), ("PATCH", {})])
async def test_a_group_that_nobody_made_is_not_found(management: Management, method: str, body: Any):
    status, code, message = await management.error(method, GROUP, body)
    assert (status, code) == (404, "ResourceGroupNotFound")
    assert "'rg'" in message


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        (GROUP, {}, "InvalidRequestContent"),
        (GROUP, {"location": "a/b"}, "LocationNotAvailableForResourceType"),
        (GROUP, {"location": "eastus2", "tags": {"": "x"}}, "InvalidTagNameOrValue"),
        (f"{GROUPS}/rg.", {"location": "eastus2"}, "InvalidResourceGroup"),
    ],
)
async def test_a_group_that_cannot_be_is_refused(management: Management, path: str, body: Any, code: str):
    assert (await management.error("PUT", path, body))[:2] == (400, code)
    assert await names(management) == ["local"]


async def test_a_deleted_group_takes_its_accounts_deployments_and_roles_along(management: Management):
    for name in ("contoso", "fabrikam"):
        await management.put(f"{ACCOUNTS}/{name}", account())
        await management.put(f"{ACCOUNTS}/{name}/deployments/voice", deployment())
    roles = management.plane.directory.roles
    for each in await management.plane.accounts.list(LOCAL_SUBSCRIPTION, resource_group="rg"):
        await roles.assign(STRANGER, OPENAI_USER, scope=each.id)
    group = Scope(subscription_id=LOCAL_SUBSCRIPTION, resource_group="RG")
    await roles.assign(STRANGER, OPENAI_USER, scope=group.stored)
    await roles.assign(STRANGER, OPENAI_USER, scope=Scope(subscription_id=LOCAL_SUBSCRIPTION).stored)

    assert (await management.send("DELETE", GROUP)).status_code == 200
    assert [each.name for each in await management.plane.accounts.list()] == ["local"]
    assert [each.scope for each in await roles.of_principal(STRANGER)] == [f"/subscriptions/{LOCAL_SUBSCRIPTION}"]
    await management.put(f"{ACCOUNTS}/contoso", account())
    assert (await management.get(f"{ACCOUNTS}/contoso/deployments"))["value"] == []


async def test_who_has_a_role_on_one_account_sees_its_group_alone(management: Management):
    await management.put(GROUP.replace("/rg", "/empty"), {"location": "eastus2"})
    contoso = await management.put(f"{ACCOUNTS}/contoso", account())
    management.authorizer.only_account = contoso["properties"]["internalId"]
    management.authorizer.sees_subscriptions = True
    assert await names(management) == ["rg"]
