from __future__ import annotations

from typing import Any

import pytest

from antiphon.resources.accounts import LOCAL_DEPLOYMENTS

from .conftest import ACCOUNTS, LOCAL, VERSION, Management, account, deployment

pytestmark = pytest.mark.anyio

DEPLOYMENTS = f"{LOCAL}/deployments"
VOICE = f"{DEPLOYMENTS}/voice"


async def test_a_deployment_is_answered_in_azures_shape(management: Management):
    response = await management.send("PUT", VOICE, deployment(capacity=10, tags={"a": "b"}))
    body = response.json()
    assert response.status_code == 201
    assert (body["id"], body["type"]) == (VOICE, "Microsoft.CognitiveServices/accounts/deployments")
    assert (body["sku"], body["tags"]) == ({"name": "GlobalStandard", "capacity": 10}, {"a": "b"})
    properties = body["properties"]
    assert properties["model"] == {"format": "OpenAI", "name": "gpt-4o-audio-preview", "version": "2024-12-17"}
    assert properties["provisioningState"] == "Succeeded"
    assert properties["capabilities"] == {"audio": "true", "chatCompletion": "true"}
    assert properties["rateLimits"] == [
        {"key": "request", "renewalPeriod": 10, "count": 10},
        {"key": "token", "renewalPeriod": 60, "count": 10_000},
    ]
    assert (properties["currentCapacity"], properties["raiPolicyName"]) == (10, "Microsoft.DefaultV2")
    assert await management.get(VOICE) == body


async def test_putting_it_again_is_no_new_deployment(management: Management):
    await management.put(VOICE, deployment())
    again = await management.send("PUT", VOICE, deployment())
    assert again.status_code == 200
    assert [each["name"] for each in (await management.get(DEPLOYMENTS))["value"]].count("voice") == 1


async def test_azures_command_line_sends_the_capacity_as_a_string(management: Management):
    body = await management.put(VOICE, deployment(capacity="25"))
    assert body["sku"]["capacity"] == 25


async def test_without_a_sku_it_has_the_first_there_was_and_the_usual_capacity(management: Management):
    body = deployment()
    del body["sku"]
    assert (await management.put(VOICE, body))["sku"] == {"name": "Standard", "capacity": 10_000}


@pytest.mark.parametrize("version", [None, ""])
async def test_without_a_version_the_default_one_is_deployed(management: Management, version: str | None):
    body = deployment(model="gpt-4o-realtime-preview")
    body["properties"]["model"]["version"] = version
    assert (await management.put(VOICE, body))["properties"]["model"]["version"] == "2024-12-17"


async def test_a_tag_chooses_the_profile(management: Management):
    await management.put(VOICE, deployment(tags={"antiphon-profile": "fast"}))
    (account_id,) = [each.id for each in await management.plane.accounts.list()]
    assert (await management.plane.deployments.get(account_id, "voice")).profile == "fast"


def answered_by(profile: Any) -> dict[str, Any]:
    body = deployment()
    body["properties"]["profile"] = profile
    return body


async def test_a_property_chooses_the_profile_which_stays_where_none_is_named(management: Management):
    assert (await management.put(VOICE, deployment()))["properties"]["profile"] == "default"
    assert (await management.put(VOICE, answered_by("fast")))["properties"]["profile"] == "fast"
    assert (await management.put(VOICE, deployment()))["properties"]["profile"] == "fast"
    changed = await management.send("PATCH", VOICE, {"properties": {"profile": "default"}})
    assert changed.json()["properties"]["profile"] == "default"
    assert (await management.get(VOICE))["properties"]["profile"] == "default"


async def test_a_patch_to_a_profile_that_there_is_none_of_is_refused(management: Management):
    await management.put(VOICE, deployment())
    refused = await management.error("PATCH", VOICE, {"properties": {"profile": "nobody"}})
    assert refused[:2] == (400, "InvalidResourceProperties")
    assert (await management.get(VOICE))["properties"]["profile"] == "default"


def model(**changed: Any) -> dict[str, Any]:
    body = deployment()
    body["properties"]["model"] |= changed
    return body


@pytest.mark.parametrize(
    ("body", "code", "told"),
    [
        (model(name="gpt-9"), "DeploymentModelNotSupported", "gpt-9"),
        (model(version="1999-01-01"), "DeploymentModelNotSupported", "1999-01-01"),
        (model(format="Cohere"), "DeploymentModelNotSupported", "Cohere"),
        (model(name=None), "InvalidRequestContent", "model"),
        ({"sku": {"name": "GlobalStandard"}}, "InvalidRequestContent", "model"),
        (deployment(sku="GlobalBatch"), "InvalidResourceProperties", "specified SKU 'GlobalBatch'"),
        (deployment(sku="ProvisionedManaged"), "InvalidResourceProperties", "specified SKU 'ProvisionedManaged'"),
        (deployment(sku="globalstandard"), "InvalidResourceProperties", "'globalstandard' is invalid"),
        (deployment(capacity=0), "InvalidResourceProperties", "at least 1"),
        (deployment(capacity="0"), "InvalidResourceProperties", "at least 1"),
        (deployment(capacity=-1), "InvalidResourceProperties", "at least 1"),
        (deployment(capacity="ten"), "InvalidRequestContent", "$.sku.capacity"),
        (deployment(capacity="٣"), "InvalidRequestContent", "$.sku.capacity"),
        (deployment(capacity="9" * 5000), "InvalidRequestContent", "$.sku.capacity"),
        (deployment(capacity=True), "InvalidRequestContent", "capacity"),
        (deployment(capacity=1.5), "InvalidRequestContent", "capacity"),
        (deployment(capacity=10**30), "InvalidRequestContent", "capacity"),
        (deployment(capacity=300_000), "InsufficientQuota", "current available capacity 290000"),
        (deployment(tags={"antiphon-profile": "nobody"}), "InvalidResourceProperties", "default, fast"),
        (answered_by("nobody"), "InvalidResourceProperties", "default, fast"),
        (answered_by(1), "InvalidRequestContent", "$.properties.profile"),
    ],
)
async def test_what_cannot_be_deployed_is_refused_without_a_trace(
    management: Management, body: Any, code: str, told: str
):
    status, answered, message = await management.error("PUT", VOICE, body)
    assert (status, answered) == (400, code)
    assert told in message
    assert (await management.error("GET", VOICE))[:2] == (404, "ResourceNotFound")


@pytest.mark.parametrize("name", ["a", ".hidden", "-x", "a%20b", "a%5Cb", "%252e%252e", "x" * 65, "caf%C3%A9"])
async def test_a_name_that_could_lead_elsewhere_is_refused(management: Management, name: str):
    assert (await management.error("PUT", f"{DEPLOYMENTS}/{name}", deployment()))[:2] == (400, "InvalidResourceName")


async def test_an_encoded_slash_makes_no_deployment(management: Management):
    response = await management.client.put(f"{DEPLOYMENTS}/a%2Fb", params={"api-version": VERSION}, json=deployment())
    assert response.status_code == 404
    assert len((await management.get(DEPLOYMENTS))["value"]) == len(LOCAL_DEPLOYMENTS)


async def test_a_patch_changes_what_it_names(management: Management):
    await management.put(VOICE, deployment(capacity=5, tags={"a": "b"}))
    changed = (await management.send("PATCH", VOICE, {"sku": {"name": "GlobalStandard", "capacity": "9"}})).json()
    assert (changed["sku"]["capacity"], changed["tags"]) == (9, {"a": "b"})
    changed = (await management.send("PATCH", VOICE, {"tags": {}})).json()
    assert (changed["sku"]["capacity"], changed["tags"]) == (9, {})
    assert (await management.error("PATCH", f"{DEPLOYMENTS}/nothing", {}))[:2] == (404, "ResourceNotFound")


async def test_a_deployment_can_be_deleted_once(management: Management):
    await management.put(VOICE, deployment())
    assert (await management.send("DELETE", VOICE)).status_code == 200
    assert (await management.send("DELETE", VOICE)).status_code == 204


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
async def test_there_is_no_deployment_without_its_account(management: Management, method: str):
    status, code, message = await management.error(
        method, f"{ACCOUNTS}/nothing/deployments/voice", deployment() if method in {"PUT", "PATCH"} else None
    )
    assert (status, code) == (404, "ParentResourceNotFound")
    assert "'nothing'" in message


async def test_deployments_of_accounts_in_one_place_share_a_pool(management: Management):
    for name in ("one", "two"):
        await management.put(f"{ACCOUNTS}/{name}", account())
    await management.put(f"{ACCOUNTS}/one/deployments/voice", deployment(capacity=299_999))
    status, code, _ = await management.error("PUT", f"{ACCOUNTS}/two/deployments/voice", deployment(capacity=2))
    assert (status, code) == (400, "InsufficientQuota")
    await management.put(f"{ACCOUNTS}/two/deployments/voice", deployment(capacity=1))
