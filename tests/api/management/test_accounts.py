from __future__ import annotations

from typing import Any

import pytest

from antiphon.store.tables import LOCAL_SUBSCRIPTION

from .conftest import ACCOUNTS, GROUP, LOCAL, PROVIDER, Management, account, deployment

pytestmark = pytest.mark.anyio

CONTOSO = f"{ACCOUNTS}/contoso"


async def test_an_account_is_answered_in_azures_shape(management: Management):
    response = await management.send("PUT", CONTOSO, account() | {"tags": {"a": "b"}})
    body = response.json()
    assert response.status_code == 201
    assert body["id"] == CONTOSO
    assert (body["type"], body["kind"], body["sku"]) == (
        "Microsoft.CognitiveServices/accounts",
        "OpenAI",
        {"name": "S0"},
    )
    assert (body["location"], body["tags"]) == ("eastus2", {"a": "b"})
    assert body["properties"]["endpoint"] == "http://contoso.localhost:8080/"
    assert body["properties"]["endpoints"]["OpenAI Language Model Instance API"] == "http://contoso.localhost:8080/"
    assert body["properties"]["customSubDomainName"] == "contoso"
    assert body["properties"]["provisioningState"] == "Succeeded"
    assert body["properties"]["dateCreated"] == body["systemData"]["createdAt"]
    assert await management.get(CONTOSO) == body


async def test_putting_it_again_answers_200_with_a_new_etag_only_if_it_changed(management: Management):
    first = await management.put(CONTOSO, account())
    again = await management.send("PUT", CONTOSO, account())
    changed = await management.put(CONTOSO, account(disableLocalAuth=True))
    assert again.status_code == 200
    assert again.json()["etag"] == first["etag"] != changed["etag"]


async def test_the_account_local_is_reached_as_the_server_is(management: Management):
    body = await management.send("GET", LOCAL, headers={"host": "192.168.1.5:9000"})
    assert body.json()["properties"]["endpoint"] == "http://192.168.1.5:9000/"


@pytest.mark.parametrize("host", ["[", "localhost:port", "[::1]:8080"])
async def test_a_strange_host_does_no_harm(management: Management, host: str):
    response = await management.send("GET", LOCAL, headers={"host": host})
    assert response.status_code == 200
    assert response.json()["properties"]["endpoint"].startswith("http://")


async def test_paths_are_found_in_any_case_and_with_a_slash_too_many(management: Management):
    path = LOCAL.replace("resourceGroups", "resourcegroups").replace("CognitiveServices", "cognitiveservices/")
    assert (await management.get(path.replace("/accounts", "/ACCOUNTS")))["name"] == "local"


async def test_an_account_is_not_found_in_another_group_or_subscription(management: Management):
    for wrong in (f"{ACCOUNTS}/local", LOCAL.replace(LOCAL_SUBSCRIPTION, "another")):
        assert (await management.error("GET", wrong))[:2] == (404, "ResourceNotFound")
        assert (await management.error("POST", f"{wrong}/listKeys"))[:2] == (404, "ResourceNotFound")


async def test_its_name_is_taken_for_every_other_group(management: Management):
    status, code, message = await management.error("PUT", f"{ACCOUNTS}/LOCAL", account())
    assert (status, code) == (409, "CustomDomainInUse")
    assert "local" in message


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (account() | {"location": None}, 400, "LocationRequired"),
        (account() | {"location": "no/where"}, 400, "LocationNotAvailableForResourceType"),
        (account() | {"kind": "SpeechServices"}, 400, "InvalidApiSetId"),
        (account() | {"kind": None}, 400, "InvalidApiSetId"),
        (account() | {"sku": {"name": "F0"}}, 400, "InvalidSkuId"),
        (account() | {"tags": {"a": 1}}, 400, "InvalidRequestContent"),
        (account() | {"tags": {"a" * 513: "b"}}, 400, "InvalidTagNameOrValue"),
        (account(customSubDomainName="other"), 400, "InvalidResourceProperties"),
        (account(disableLocalAuth="yes"), 400, "InvalidRequestContent"),
        ([], 400, "InvalidRequestContent"),
        (None, 400, "InvalidRequestContent"),
    ],
)
async def test_what_cannot_be_made_is_refused_without_a_trace(
    management: Management, body: Any, status: int, code: str
):
    assert (await management.error("PUT", CONTOSO, body))[:2] == (status, code)
    assert (await management.get(f"{PROVIDER}/accounts"))["value"] == [await management.get(LOCAL)]


@pytest.mark.parametrize("content", [b"{", b"\xff", b"[" * 100_000, b'{"a":' * 5_000, b"{} {}"])
async def test_what_is_no_json_is_refused(management: Management, content: bytes):
    response = await management.client.put(CONTOSO, params={"api-version": "2025-09-01"}, content=content)
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "InvalidRequestContent"


async def test_a_body_that_is_no_description_of_anything_is_refused(management: Management):
    response = await management.client.put(CONTOSO, params={"api-version": "2025-09-01"}, content=b" " * 300_000)
    assert response.status_code == 413
    assert "audio" not in response.json()["error"]["message"]


@pytest.mark.parametrize("name", ["a", "-contoso", "con_toso", "con.toso", "%2e%2e", "con%00toso", "contoso%0a"])
async def test_a_name_that_no_host_could_have_is_refused(management: Management, name: str):
    assert (await management.error("PUT", f"{ACCOUNTS}/{name}", account()))[:2] == (400, "InvalidResourceName")


async def test_what_the_server_does_not_know_is_ignored(management: Management):
    body = account(userOwnedStorage=[{"x": 1}], apiProperties={}) | {"identity": {"type": "SystemAssigned"}}
    assert (await management.put(CONTOSO, body))["name"] == "contoso"


async def test_a_patch_changes_what_it_names(management: Management):
    await management.put(CONTOSO, account() | {"tags": {"a": "b"}})
    response = await management.send("PATCH", CONTOSO, {"properties": {"disableLocalAuth": True}})
    assert response.status_code == 200
    assert (response.json()["tags"], response.json()["properties"]["disableLocalAuth"]) == ({"a": "b"}, True)
    response = await management.send("PATCH", CONTOSO, {"tags": {}, "kind": "AIServices", "sku": {"name": "S0"}})
    assert (response.json()["tags"], response.json()["kind"]) == ({}, "AIServices")
    assert (await management.error("PATCH", f"{ACCOUNTS}/nothing", {}))[:2] == (404, "ResourceNotFound")


async def test_keys_of_an_account_that_takes_tokens_alone_are_not_told(management: Management):
    await management.put(CONTOSO, account())
    before = (await management.send("POST", f"{CONTOSO}/listKeys")).json()
    await management.send("PATCH", CONTOSO, {"properties": {"disableLocalAuth": True}})
    assert (await management.error("POST", f"{CONTOSO}/listKeys"))[:2] == (400, "BadRequest")
    assert (await management.error("POST", f"{CONTOSO}/regenerateKey", {"keyName": "Key1"}))[0] == 400
    await management.send("PATCH", CONTOSO, {"properties": {"disableLocalAuth": False}})
    assert (await management.send("POST", f"{CONTOSO}/listKeys")).json() == before


async def test_a_regenerated_key_opens_at_once_and_the_old_one_no_more(management: Management):
    created = await management.put(CONTOSO, account())
    account_id = created["properties"]["internalId"]
    old = (await management.send("POST", f"{CONTOSO}/listKeys")).json()
    assert await management.plane.keys.verify(account_id, old["key2"]) == "key2"
    new = (await management.send("POST", f"{CONTOSO}/regenerateKey", {"keyName": "Key2"})).json()
    assert new["key1"] == old["key1"]
    assert await management.plane.keys.verify(account_id, old["key2"]) is None
    assert await management.plane.keys.verify(account_id, new["key2"]) == "key2"


async def test_there_is_no_third_key(management: Management):
    assert (await management.error("POST", f"{LOCAL}/regenerateKey", {"keyName": "Key3"}))[:2] == (
        400,
        "InvalidRequestContent",
    )


async def test_an_account_can_be_deleted_once_and_made_anew(management: Management):
    first = await management.put(CONTOSO, account())
    keys = (await management.send("POST", f"{CONTOSO}/listKeys")).json()
    assert (await management.send("DELETE", CONTOSO)).status_code == 200
    assert (await management.send("DELETE", CONTOSO)).status_code == 204
    again = await management.send("PUT", CONTOSO, account())
    assert again.status_code == 201
    assert again.json()["properties"]["internalId"] != first["properties"]["internalId"]
    new_keys = (await management.send("POST", f"{CONTOSO}/listKeys")).json()
    assert set(new_keys.values()).isdisjoint(keys.values())


async def test_an_account_with_deployments_is_kept(management: Management):
    await management.put(CONTOSO, account())
    await management.put(f"{CONTOSO}/deployments/voice", deployment())
    status, code, message = await management.error("DELETE", CONTOSO)
    assert (status, code) == (409, "CannotDeleteResource")
    assert "Microsoft.CognitiveServices/accounts/contoso/deployments/voice" in message
    assert (await management.get(CONTOSO))["name"] == "contoso"


async def test_accounts_are_listed_by_subscription_and_by_group(management: Management):
    await management.put(CONTOSO, account())
    assert [each["name"] for each in (await management.get(f"{PROVIDER}/accounts"))["value"]] == ["contoso", "local"]
    assert [each["name"] for each in (await management.get(ACCOUNTS))["value"]] == ["contoso"]
    other = PROVIDER.replace(LOCAL_SUBSCRIPTION, "other")
    assert (await management.get(f"{other}/accounts"))["value"] == []


@pytest.mark.parametrize(
    ("name", "is_available"), [("contoso", True), ("LOCAL", False), ("no_host", False), ("a.b", False)]
)
async def test_a_name_can_be_asked_for_beforehand(management: Management, name: str, is_available: bool):
    body = {"subdomainName": name, "type": "Microsoft.CognitiveServices/accounts"}
    answered = (await management.send("POST", f"{PROVIDER}/checkDomainAvailability", body)).json()
    assert answered["isSubdomainAvailable"] is is_available
    assert (answered["reason"] is None) is is_available
    assert answered["subdomainName"] == name


async def test_nothing_deleted_is_kept(management: Management):
    deleted = f"{PROVIDER}/locations/eastus2/resourceGroups/rg/deletedAccounts/contoso"
    assert (await management.get(f"{PROVIDER}/deletedAccounts"))["value"] == []
    assert (await management.error("GET", deleted))[0] == 404
    assert (await management.send("DELETE", deleted)).status_code == 204


async def test_a_group_that_cannot_be_is_refused(management: Management):
    path = f"{GROUP}./providers/Microsoft.CognitiveServices/accounts/contoso"
    assert (await management.error("PUT", path, account()))[:2] == (400, "InvalidResourceGroup")
