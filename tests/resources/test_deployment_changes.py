from __future__ import annotations

from typing import Any

import pytest

from antiphon.resources.accounts import Account, AccountPlan, Accounts
from antiphon.resources.deployment_plan import PROFILE_TAG, DeploymentPlan
from antiphon.resources.deployments import Deployments
from antiphon.resources.errors import (
    DeploymentModelNotSupported,
    DeploymentNotFound,
    InsufficientQuota,
    InvalidResourceName,
    InvalidResourceProperties,
    ParentResourceNotFound,
)
from antiphon.store.database import Database

pytestmark = pytest.mark.anyio

AUDIO = "gpt-4o-audio-preview"


def plan(**properties: Any) -> DeploymentPlan:
    options: dict[str, Any] = {"model_name": AUDIO, "sku_name": "GlobalStandard", **properties}
    return DeploymentPlan(**options)


@pytest.fixture
async def account(database: Database) -> Account:
    return (await Accounts(database).put("contoso", AccountPlan(location="eastus2")))[0]


@pytest.fixture
def deployments(database: Database) -> Deployments:
    return Deployments(database, profiles={"default", "fast"}, monotonic=lambda: 0.0)


async def test_a_deployment_is_used_at_once_in_the_process_that_made_it(
    deployments: Deployments, account: Account
) -> None:
    assert await deployments.list(account.id) == ()
    made, is_new = await deployments.put(account.id, "Voice", plan(capacity=5, tags={"a": "b"}))
    assert is_new
    assert await deployments.get(account.id, "voice") == made
    assert (made.name, made.capacity, made.profile, made.tags) == ("Voice", 5, "default", {"a": "b"})
    assert await deployments.delete(account.id, "VOICE") is True
    with pytest.raises(DeploymentNotFound):
        await deployments.get(account.id, "voice")
    assert await deployments.delete(account.id, "voice") is False


async def test_without_a_version_the_one_azure_would_choose_is_deployed(
    deployments: Deployments, account: Account
) -> None:
    made, _ = await deployments.put(account.id, "rt", plan(model_name="gpt-4o-realtime-preview"))
    assert made.model.version == "2024-12-17"


async def test_putting_it_again_replaces_all_but_name_date_profile_and_capacity(
    deployments: Deployments, account: Account
) -> None:
    before, _ = await deployments.put(account.id, "Voice", plan(capacity=5, tags={PROFILE_TAG: "fast"}))
    assert before.profile == "fast"
    after, is_new = await deployments.put(
        account.id, "voice", plan(model_name="gpt-4o-realtime-preview", version_upgrade_option="NoAutoUpgrade")
    )
    assert not is_new
    assert (after.name, after.created_at) == ("Voice", before.created_at)
    assert (after.model.name, after.capacity, after.tags) == ("gpt-4o-realtime-preview", 5, {})
    assert after.profile == "fast"
    assert list(await deployments.stored(account.id)) == ["voice"]


async def test_what_is_not_named_stays_in_an_update(deployments: Deployments, account: Account) -> None:
    await deployments.put(account.id, "voice", plan(capacity=5, tags={PROFILE_TAG: "fast"}))
    changed = await deployments.update(account.id, "voice", capacity=9)
    assert (changed.capacity, changed.sku_name, changed.profile) == (9, "GlobalStandard", "fast")
    assert (await deployments.update(account.id, "voice", tags={})).profile == "fast"
    assert (await deployments.get(account.id, "voice")).capacity == 9


async def test_a_profile_stays_until_another_is_named(deployments: Deployments, account: Account) -> None:
    assert (await deployments.put(account.id, "voice", plan(profile="fast")))[0].profile == "fast"
    assert (await deployments.put(account.id, "voice", plan()))[0].profile == "fast"
    assert (await deployments.put(account.id, "voice", plan(profile="default")))[0].profile == "default"
    assert (await deployments.update(account.id, "voice", profile="fast")).profile == "fast"
    assert (await deployments.update(account.id, "voice", tags={PROFILE_TAG: "default"})).profile == "default"


async def test_the_tag_follows_the_profile_that_is_named_beside_it(deployments: Deployments, account: Account) -> None:
    tags = {PROFILE_TAG: "default", "a": "b"}
    made, _ = await deployments.put(account.id, "voice", plan(profile="fast", tags=tags))
    assert (made.profile, made.tags) == ("fast", {PROFILE_TAG: "fast", "a": "b"})
    changed = await deployments.update(account.id, "voice", profile="default")
    assert (changed.profile, changed.tags) == ("default", tags)


async def test_there_must_be_something_to_update(deployments: Deployments, account: Account) -> None:
    with pytest.raises(DeploymentNotFound):
        await deployments.update(account.id, "nothing", capacity=1)


@pytest.mark.parametrize(
    ("name", "properties", "error", "told"),
    [
        ("../x", {}, InvalidResourceName, "invalid"),
        ("voice", {"model_name": "gpt-9"}, DeploymentModelNotSupported, "Name: gpt-9"),
        ("voice", {"model_version": "1999-01-01"}, DeploymentModelNotSupported, "Version: 1999-01-01"),
        ("voice", {"model_format": "Mistral"}, DeploymentModelNotSupported, "Format: Mistral"),
        ("voice", {"sku_name": "ProvisionedManaged"}, InvalidResourceProperties, "specified SKU 'ProvisionedManaged'"),
        ("voice", {"sku_name": "GlobalBatch"}, InvalidResourceProperties, "specified SKU 'GlobalBatch'"),
        ("voice", {"sku_name": "S0"}, InvalidResourceProperties, "sku name 'S0' is invalid"),
        ("voice", {"capacity": 0}, InvalidResourceProperties, "at least 1"),
        ("voice", {"capacity": -5}, InvalidResourceProperties, "at least 1"),
        ("voice", {"capacity": 300_001}, InsufficientQuota, "require 300001 new capacity"),
        ("voice", {"tags": {PROFILE_TAG: "nobody"}}, InvalidResourceProperties, "It has default, fast"),
        ("voice", {"profile": "nobody"}, InvalidResourceProperties, "It has default, fast"),
        ("voice", {"version_upgrade_option": "Never"}, InvalidResourceProperties, "NoAutoUpgrade"),
    ],
)
async def test_what_cannot_be_is_refused_without_a_trace(
    deployments: Deployments,
    account: Account,
    name: str,
    properties: dict[str, Any],
    error: type[Exception],
    told: str,
) -> None:
    with pytest.raises(error, match=told):
        await deployments.put(account.id, name, plan(**properties))
    assert await deployments.stored(account.id) == {}


@pytest.mark.parametrize(
    "change",
    [
        {"capacity": 0},
        {"sku_name": "S0"},
        {"profile": "nobody"},
        {"tags": {PROFILE_TAG: "nobody"}},
        {"capacity": 300_001},
    ],
)
async def test_an_update_that_cannot_be_changes_nothing(
    deployments: Deployments, account: Account, change: dict[str, Any]
) -> None:
    before, _ = await deployments.put(account.id, "voice", plan(capacity=5))
    with pytest.raises((InvalidResourceProperties, InsufficientQuota)):
        await deployments.update(account.id, "voice", **change)
    assert (await deployments.stored(account.id))["voice"] == before


async def test_an_account_has_at_most_32_deployments(deployments: Deployments, account: Account) -> None:
    for number in range(32):
        await deployments.put(account.id, f"voice-{number}", plan())
    with pytest.raises(InsufficientQuota, match="the quota limit is 32"):
        await deployments.put(account.id, "one-more", plan())
    await deployments.put(account.id, "voice-7", plan(capacity=2))
    await deployments.delete(account.id, "voice-8")
    await deployments.put(account.id, "one-more", plan())


async def test_an_account_that_is_gone_gets_no_deployment(deployments: Deployments) -> None:
    with pytest.raises(ParentResourceNotFound):
        await deployments.put("gone", "voice", plan())
