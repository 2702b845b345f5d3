"""What all operations of resource management have in common: versions, ids, and who may ask."""

from __future__ import annotations

import re
from typing import Any

import pytest

from antiphon.api.management.routes import _AUTHORIZATION, _COGNITIVE_SERVICES, _RESOURCES
from antiphon.identity.roles import OPENAI_USER, ManagementAction
from antiphon.store.tables import LOCAL_SUBSCRIPTION

from .conftest import ACCOUNTS, GROUP, LOCAL, PROVIDER, VERSION, Management, account, deployment
from .doubles import TENANT

pytestmark = pytest.mark.anyio

EVERYTHING = [(method, path) for method, path, _ in (*_RESOURCES, *_COGNITIVE_SERVICES, *_AUTHORIZATION)]
SUBSCRIPTION = f"/subscriptions/{LOCAL_SUBSCRIPTION}"


def filled(path: str) -> str:
    values = {
        "subscription": LOCAL_SUBSCRIPTION,
        "group": "local",
        "account": "local",
        "deployment": "voice",
        "role": OPENAI_USER.id,
        "assignment": "0b5e3f0c-0000-4000-8000-000000000001",
    }
    return re.sub(r"\{(\w+)\}", lambda match: values.get(match[1], "eastus2"), path)


async def refused(management: Management, **options: Any) -> dict[str, int]:
    """The status that each operation answers with."""
    answers = {}
    for method, path in EVERYTHING:
        response = await management.send(method, filled(path), {}, **options)
        answers[f"{method} {path}"] = response.status_code
    return answers


async def test_nothing_is_answered_without_a_token(management: Management):
    management.authorizer.refuse_token = True
    assert set((await refused(management)).values()) == {401}


async def test_nothing_is_answered_without_a_role(management: Management):
    management.authorizer.only_account = "another"
    answers = await refused(management)
    lists = {
        operation for operation in answers if operation.endswith(("/accounts", "/resources"))
    }  # They can be empty.
    assert len(lists) == 4
    assert {status for operation, status in answers.items() if operation not in lists} == {403}
    assert (await management.get(f"{PROVIDER}/accounts"))["value"] == []


async def test_every_operation_wants_a_version(management: Management):
    assert set((await refused(management, params={})).values()) == {400}
    assert management.authorizer.asked == []


@pytest.mark.parametrize("version", ["2023-05-01", "2025-09-01", "2026-05-15-preview", "2031-01-01"])
async def test_any_version_from_2023_on_will_do(management: Management, version: str):
    assert (await management.send("GET", LOCAL, params={"api-version": version})).status_code == 200


@pytest.mark.parametrize(
    ("version", "code"),
    [
        ("", "MissingApiVersionParameter"),
        ("latest", "InvalidApiVersionParameter"),
        ("2025-13-01", "InvalidApiVersionParameter"),
        ("2025-09-01-beta", "InvalidApiVersionParameter"),
        ("٢٠٢٥-09-01", "InvalidApiVersionParameter"),
        ("2017-04-18", "NoRegisteredProviderFound"),
    ],
)
async def test_other_versions_are_refused(management: Management, version: str, code: str):
    assert (await management.error("GET", LOCAL, params={"api-version": version}))[:2] == (400, code)


async def test_subscriptions_have_older_versions(management: Management):
    response = await management.send("GET", "/subscriptions", params={"api-version": "2022-12-01"})
    assert response.status_code == 200


@pytest.mark.parametrize("path", [LOCAL, f"{ACCOUNTS}/nothing"])
async def test_every_answer_has_the_ids_that_azures_tools_refer_to(management: Management, path: str):
    response = await management.send("GET", path)
    assert response.headers["x-ms-request-id"] == response.headers["x-request-id"]
    assert response.headers["x-ms-correlation-request-id"] == response.headers["x-request-id"]
    response = await management.send("GET", path, headers={"x-ms-correlation-request-id": "mine"})
    assert response.headers["x-ms-correlation-request-id"] == "mine"


@pytest.mark.parametrize(
    ("method", "path", "action"),
    [
        ("GET", "", ManagementAction.ACCOUNTS_READ),
        ("PATCH", "", ManagementAction.ACCOUNTS_WRITE),
        ("POST", "/listKeys", ManagementAction.KEYS_LIST),
        ("POST", "/regenerateKey", ManagementAction.KEYS_REGENERATE),
        ("GET", "/deployments", ManagementAction.DEPLOYMENTS_READ),
        ("PUT", "/deployments/voice", ManagementAction.DEPLOYMENTS_WRITE),
        ("DELETE", "/deployments/voice", ManagementAction.DEPLOYMENTS_DELETE),
        ("GET", "/models", ManagementAction.MODELS_READ),
        ("GET", "/usages", ManagementAction.USAGES_READ),
        ("DELETE", "", ManagementAction.ACCOUNTS_DELETE),
    ],
)
async def test_what_is_done_with_an_account_needs_a_role_on_it(
    management: Management, method: str, path: str, action: ManagementAction
):
    (local,) = await management.plane.accounts.list()
    management.authorizer.only_account = local.id
    body: Any = {"properties": deployment()["properties"], "keyName": "Key1"}
    assert (await management.send(method, LOCAL + path, body)).status_code in {200, 201, 204, 409}
    assert management.authorizer.asked == [(action, local.id)]


async def test_who_has_a_role_on_one_account_sees_that_one(management: Management):
    other = await management.put(f"{ACCOUNTS}/contoso", account())
    management.authorizer.only_account = other["properties"]["internalId"]
    assert [each["name"] for each in (await management.get(f"{PROVIDER}/accounts"))["value"]] == ["contoso"]


async def test_whether_an_account_exists_is_told_to_those_alone_who_may_know(management: Management):
    management.authorizer.only_account = "another"
    assert (await management.send("GET", f"{ACCOUNTS}/nothing")).status_code == 403
    assert (await management.send("DELETE", f"{ACCOUNTS}/nothing")).status_code == 403


async def test_subscriptions_are_the_first_and_those_with_accounts(management: Management):
    await management.put(f"{ACCOUNTS}/one".replace(LOCAL_SUBSCRIPTION, "Sub-1"), account())
    await management.put(f"{ACCOUNTS}/two".replace(LOCAL_SUBSCRIPTION, "sub-1"), account())
    listed = (await management.get("/subscriptions"))["value"]
    assert [each["subscriptionId"].lower() for each in listed] == [LOCAL_SUBSCRIPTION, "sub-1"]
    assert {(each["state"], each["tenantId"]) for each in listed} == {("Enabled", TENANT)}
    assert (await management.get("/subscriptions/whatever"))["subscriptionId"] == "whatever"
    assert [each["tenantId"] for each in (await management.get("/tenants"))["value"]] == [TENANT]


@pytest.mark.parametrize("subscription", ["a%20b", "a.b", "x" * 65])
async def test_what_can_be_no_subscription_is_refused(management: Management, subscription: str):
    for path in ("", "/resourceGroups", "/providers/Microsoft.CognitiveServices/accounts"):
        status, code, _ = await management.error("GET", f"/subscriptions/{subscription}{path}")
        assert (status, code) == (400, "InvalidSubscriptionId")


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("", ["local", "contoso"]),
        ("resourceGroup eq 'RG'", ["contoso"]),
        ("resourceType eq 'Microsoft.CognitiveServices/accounts' and location eq 'local'", ["local"]),
        ("name eq 'contoso' and name eq 'local'", []),
        ("tagname eq 'team' and tagvalue eq 'o''voice'", ["contoso"]),
        ("resourceType eq 'Microsoft.Compute/virtualMachines'", []),
    ],
)
async def test_accounts_are_found_among_all_resources(management: Management, condition: str, names: list[str]):
    await management.put(f"{ACCOUNTS}/contoso", account() | {"tags": {"team": "o'voice"}})
    params = {"api-version": "2021-04-01", "$filter": condition}
    listed = (await management.send("GET", f"{SUBSCRIPTION}/resources", params=params)).json()["value"]
    assert sorted(each["name"] for each in listed) == sorted(names)
    assert {each["type"] for each in listed} <= {"Microsoft.CognitiveServices/accounts"}


async def test_the_resources_of_a_group_are_its_accounts(management: Management):
    created = await management.put(f"{ACCOUNTS}/contoso", account())
    assert [each["id"] for each in (await management.get(f"{GROUP}/resources"))["value"]] == [created["id"]]


@pytest.mark.parametrize(
    "condition", ["name", "name ne 'a'", "plan eq 'a'", "name eq 'a' or name eq 'b'", "name eq 'a"]
)
async def test_filters_of_resources_that_are_not_understood_are_refused(management: Management, condition: str):
    params = {"api-version": VERSION, "$filter": condition}
    assert (await management.error("GET", f"{SUBSCRIPTION}/resources", params=params))[:2] == (
        400,
        "InvalidFilterInQueryString",
    )


async def test_the_provider_is_registered_everywhere(management: Management):
    registration = await management.get(PROVIDER)
    assert registration["registrationState"] == "Registered"
    assert "accounts/deployments" in [each["resourceType"] for each in registration["resourceTypes"]]
    assert (await management.send("POST", f"{PROVIDER}/register")).json() == registration
    assert (await management.get(f"{SUBSCRIPTION}/providers"))["value"] == [registration]
    assert [each["name"] for each in (await management.get(f"{SUBSCRIPTION}/locations"))["value"]] == ["local"]


async def test_unknown_models_have_no_capacity_anywhere(management: Management):
    params = {"api-version": VERSION, "modelFormat": "OpenAI", "modelName": "gpt-9", "modelVersion": "1"}
    response = await management.send("GET", f"{PROVIDER}/modelCapacities", params=params)
    assert response.json() == {"value": []}


async def test_paths_of_the_data_plane_keep_their_case(management: Management):
    assert (await management.client.get("/HEALTH")).status_code == 404
    assert (await management.client.get("/health")).status_code == 200


@pytest.mark.parametrize(("method", "path", "status"), [("POST", LOCAL, 405), ("GET", f"{LOCAL}/projects", 404)])
async def test_what_there_is_not_is_refused_in_the_same_shape(
    management: Management, method: str, path: str, status: int
):
    assert (await management.error(method, path))[0] == status
