from __future__ import annotations

import asyncio
import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from antiphon.resources.accounts import AccountPlan, Accounts
from antiphon.resources.capacity import DEFAULT_CAPACITY, CapacityPool
from antiphon.resources.deployment_plan import DeploymentPlan
from antiphon.resources.deployments import Deployments
from antiphon.resources.errors import InsufficientQuota
from antiphon.store.database import Database

pytestmark = pytest.mark.anyio

AUDIO = "gpt-4o-audio-preview"
REALTIME = "gpt-4o-realtime-preview"


def plan(capacity: int, *, model: str = AUDIO, sku: str = "GlobalStandard") -> DeploymentPlan:
    return DeploymentPlan(model_name=model, sku_name=sku, capacity=capacity)


async def account_in(database: Database, name: str, *, subscription: str = "sub", location: str = "eastus2") -> str:
    wanted = AccountPlan(location=location, subscription_id=subscription)
    return (await Accounts(database).put(name, wanted))[0].id


def deployments_with(database: Database, limit: int) -> Deployments:
    return Deployments(database, pool=CapacityPool(database=database, limit=limit))


async def test_the_refusal_has_azures_words(database: Database) -> None:
    account_id = await account_in(database, "one")
    deployments = deployments_with(database, 10)
    await deployments.put(account_id, "first", plan(7))
    with pytest.raises(InsufficientQuota) as caught:
        await deployments.put(account_id, "second", plan(4))
    assert caught.value.message.startswith(
        "This operation require 4 new capacity in quota Tokens Per Minute (thousands) - gpt-4o-audio-preview - "
        "GlobalStandard, which is bigger than the current available capacity 3. The current quota usage is 7 and the "
        "quota limit is 10 for quota Tokens Per Minute (thousands) - gpt-4o-audio-preview - GlobalStandard."
    )


async def test_a_pool_is_all_accounts_of_the_subscription_in_the_location(database: Database) -> None:
    deployments = deployments_with(database, 10)
    await deployments.put(await account_in(database, "one"), "voice", plan(10))
    with pytest.raises(InsufficientQuota):
        await deployments.put(await account_in(database, "two", subscription="SUB"), "voice", plan(1))
    await deployments.put(await account_in(database, "three", location="westus"), "voice", plan(10))
    await deployments.put(await account_in(database, "four", subscription="other"), "voice", plan(10))


async def test_each_model_and_sku_has_a_pool_of_its_own(database: Database) -> None:
    account_id = await account_in(database, "one")
    deployments = deployments_with(database, 10)
    await deployments.put(account_id, "voice", plan(10))
    await deployments.put(account_id, "standard", plan(10, sku="Standard"))
    await deployments.put(account_id, "realtime", plan(10, model=REALTIME))
    with pytest.raises(InsufficientQuota):
        await deployments.put(
            account_id,
            "october",
            DeploymentPlan(model_name=REALTIME, model_version="2024-10-01", sku_name="Standard", capacity=11),
        )
    assert await CapacityPool(database=database).taken("SUB", "eastus2") == {
        (AUDIO, "GlobalStandard"): 10,
        (AUDIO, "Standard"): 10,
        (REALTIME, "GlobalStandard"): 10,
    }


async def test_who_chooses_no_capacity_gets_the_usual_one_or_half_of_what_is_left(database: Database) -> None:
    account_id = await account_in(database, "one")
    unchosen = DeploymentPlan(model_name=AUDIO, sku_name="GlobalStandard")
    deployments = deployments_with(database, 3 * DEFAULT_CAPACITY)
    for name, capacity in (("first", 10_000), ("second", 10_000), ("third", 5_000), ("fourth", 2_500)):
        assert (await deployments.put(account_id, name, unchosen))[0].capacity == capacity
    assert (await deployments.put(account_id, "second", unchosen))[0].capacity == 10_000


async def test_a_pool_without_any_left_gives_nothing(database: Database) -> None:
    account_id = await account_in(database, "one")
    unchosen = DeploymentPlan(model_name=AUDIO, sku_name="GlobalStandard")
    deployments = deployments_with(database, 2)
    for name in ("first", "second"):
        assert (await deployments.put(account_id, name, unchosen))[0].capacity == 1
    with pytest.raises(InsufficientQuota, match="require 1 new capacity"):
        await deployments.put(account_id, "third", unchosen)


async def test_what_is_given_back_can_be_taken_again(database: Database) -> None:
    account_id = await account_in(database, "one")
    deployments = deployments_with(database, 10)
    await deployments.put(account_id, "voice", plan(10))
    await deployments.put(account_id, "voice", plan(10))
    await deployments.update(account_id, "voice", capacity=4)
    await deployments.put(account_id, "second", plan(6))
    await deployments.delete(account_id, "voice")
    await deployments.update(account_id, "second", capacity=10)


async def test_a_pool_that_was_made_smaller_still_lets_deployments_shrink(database: Database) -> None:
    account_id = await account_in(database, "one")
    await deployments_with(database, 10).put(account_id, "voice", plan(10))
    shrunk = deployments_with(database, 5)
    assert (await shrunk.update(account_id, "voice", capacity=8)).capacity == 8
    with pytest.raises(InsufficientQuota):
        await shrunk.update(account_id, "voice", capacity=9)


async def test_two_processes_that_deploy_at_once_never_exceed_the_pool(database_url: str) -> None:
    async with await Database.open(database_url) as one, await Database.open(database_url) as two:
        account_ids = [await account_in(one, "one"), await account_in(one, "two")]
        both = [deployments_with(one, 10), deployments_with(two, 10)]
        outcomes = await asyncio.gather(
            *(both[number % 2].put(account_ids[number // 2 % 2], f"voice-{number}", plan(3)) for number in range(12)),
            return_exceptions=True,
        )
        assert [type(each) for each in outcomes if isinstance(each, Exception)] == [InsufficientQuota] * 9
        assert await CapacityPool(database=one).taken("sub", "eastus2") == {(AUDIO, "GlobalStandard"): 9}


OPERATIONS = st.lists(
    st.tuples(st.sampled_from("aabbc"), st.sampled_from(["put", "update", "delete"]), st.integers(1, 12)), max_size=12
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(operations=OPERATIONS)
async def test_no_sequence_of_changes_exceeds_the_pool(
    database: Database, operations: list[tuple[str, str, int]]
) -> None:
    subscription = uuid.uuid4().hex  # The database is that of all examples; each has a pool of its own.
    account_id = await account_in(database, subscription, subscription=subscription)
    deployments = deployments_with(database, 10)
    for name, operation, capacity in operations:
        try:
            if operation == "put":
                await deployments.put(account_id, name * 2, plan(capacity))
            elif operation == "delete":
                await deployments.delete(account_id, name * 2)
            elif name * 2 in await deployments.stored(account_id):
                await deployments.update(account_id, name * 2, capacity=capacity)
        except InsufficientQuota:
            pass
        stored = await deployments.stored(account_id)
        assert sum(each.capacity for each in stored.values()) <= 10
