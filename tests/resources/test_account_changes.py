from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from antiphon.identity.keys import AccountKeys
from antiphon.resources.accounts import Account, AccountPlan, Accounts
from antiphon.resources.deployment_plan import DeploymentPlan
from antiphon.resources.deployments import Deployments
from antiphon.resources.errors import (
    AccountElsewhere,
    AccountHasDeployments,
    AccountNameTaken,
    AccountNotFound,
    InsufficientQuota,
    InvalidKind,
    InvalidResourceName,
)
from antiphon.store.database import Database
from antiphon.store.tables import AccountKeyRow, RoleAssignmentRow

pytestmark = pytest.mark.anyio


def plan(**properties: Any) -> AccountPlan:
    options: dict[str, Any] = {"location": "eastus2", "resource_group": "rg", **properties}
    return AccountPlan(**options)


async def make(database: Database, name: str = "contoso", **properties: Any) -> Account:
    return (await Accounts(database).put(name, plan(**properties)))[0]


async def test_a_new_account_has_two_keys_and_no_deployments(database: Database) -> None:
    account, is_new = await Accounts(database).put("Contoso", plan(location="East US 2", tags={"a": "b"}))
    assert is_new
    assert (account.name, account.location, account.tags) == ("Contoso", "eastus2", {"a": "b"})
    pair = await AccountKeys(database).pair(account.id)
    assert pair is not None
    assert pair.key1 != pair.key2
    assert await Deployments(database).list(account.id) == ()


async def test_it_is_reached_at_once_in_the_process_that_made_it(database: Database) -> None:
    accounts = Accounts(database, monotonic=lambda: 0.0)
    with pytest.raises(AccountNotFound):
        await accounts.of_host("contoso.localhost")
    account, _ = await accounts.put("contoso", plan())
    assert await accounts.of_host("contoso.localhost") == account
    await accounts.delete(account)
    with pytest.raises(AccountNotFound):
        await accounts.of_host("contoso.localhost")


async def test_putting_it_again_changes_it_and_keeps_id_and_keys(database: Database) -> None:
    before = await make(database, tags={"a": "b"}, disable_local_auth=True)
    keys = await AccountKeys(database).pair(before.id)
    after, is_new = await Accounts(database).put("CONTOSO", plan(kind="AIServices", resource_group="RG"))
    assert not is_new
    assert (after.id, after.name, after.kind, after.tags) == (before.id, "contoso", "AIServices", {})
    assert after.disable_local_auth is True
    assert await AccountKeys(database).pair(before.id) == keys


async def test_a_change_is_seen_at_once_in_the_process_that_made_it(database: Database) -> None:
    accounts = Accounts(database, monotonic=lambda: 0.0)
    account, _ = await accounts.put("contoso", plan())
    assert (await accounts.get("contoso")).disable_local_auth is False
    await accounts.put("Contoso", plan(disable_local_auth=True))
    assert (await accounts.get("contoso")).disable_local_auth is True
    await accounts.update(account.id, disable_local_auth=False)
    assert (await accounts.get("contoso")).disable_local_auth is False


@pytest.mark.parametrize("elsewhere", [{"resource_group": "other"}, {"subscription_id": "other"}])
async def test_a_name_is_one_accounts_on_the_whole_server(database: Database, elsewhere: dict[str, str]) -> None:
    before = await make(database)
    with pytest.raises(AccountNameTaken):
        await make(database, "CONTOSO", **elsewhere, tags={"stolen": "yes"})
    assert await Accounts(database).stored("contoso") == before


async def test_an_account_cannot_move(database: Database) -> None:
    await make(database)
    with pytest.raises(AccountElsewhere, match="already exists in location 'eastus2'"):
        await make(database, location="westus")


@pytest.mark.parametrize(
    ("name", "properties", "error"),
    [("a.b", {}, InvalidResourceName), ("contoso", {"kind": "SpeechServices"}, InvalidKind)],
)
async def test_what_cannot_be_is_refused_without_a_trace(
    database: Database, name: str, properties: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        await make(database, name, **properties)
    assert await Accounts(database).list() == ()


async def test_a_location_of_a_subscription_holds_thirty_accounts(database: Database) -> None:
    for number in range(30):
        await make(database, f"account-{number}", subscription_id="sub")
    with pytest.raises(InsufficientQuota, match="the quota limit is 30"):
        await make(database, "one-more", subscription_id="SUB")
    await make(database, "account-7", subscription_id="sub", tags={"still": "changeable"})
    await make(database, "elsewhere", subscription_id="sub", location="westus")
    await make(database, "another", subscription_id="another")


async def test_what_is_not_named_stays_in_an_update(database: Database) -> None:
    account = await make(database, tags={"a": "b"})
    accounts = Accounts(database)
    changed = await accounts.update(account.id, disable_local_auth=True)
    assert (changed.tags, changed.kind, changed.disable_local_auth) == ({"a": "b"}, "OpenAI", True)
    assert await accounts.get("contoso") == changed


async def test_an_account_is_deleted_after_its_deployments(database: Database) -> None:
    account = await make(database)
    deployments = Deployments(database)
    await deployments.put(account.id, "voice", DeploymentPlan(model_name="gpt-4o-audio-preview"))
    with pytest.raises(AccountHasDeployments, match="accounts/contoso/deployments/voice'"):
        await Accounts(database).delete(account)
    await deployments.delete(account.id, "voice")
    await Accounts(database).delete(account)
    assert await Accounts(database).stored("contoso") is None


async def test_another_account_of_the_same_name_gets_nothing_of_the_deleted_one(database: Database) -> None:
    before = await make(database)
    keys = await AccountKeys(database).pair(before.id)
    async with database.begin() as session:
        session.add(
            RoleAssignmentRow(
                id="1", principal_id="p", role="r", scope=before.id, created_at=datetime(2026, 1, 2, tzinfo=UTC)
            )
        )
    await Accounts(database).delete(before)
    after = await make(database)
    assert after.id != before.id
    assert await AccountKeys(database).pair(after.id) != keys
    async with database.session() as session:
        assert await session.scalar(select(func.count()).select_from(AccountKeyRow)) == 2
        assert await session.scalar(select(func.count()).select_from(RoleAssignmentRow)) == 0


async def test_accounts_are_listed_by_subscription_and_group_in_any_case(database: Database) -> None:
    for name, subscription, group in [("aa", "one", "x"), ("bb", "one", "y"), ("cc", "two", "x")]:
        await make(database, name, subscription_id=subscription, resource_group=group)
    accounts = Accounts(database)

    async def names(*arguments: str, **options: str) -> list[str]:
        return [account.name for account in await accounts.list(*arguments, **options)]

    assert await names() == ["aa", "bb", "cc"]
    assert await names("ONE") == ["aa", "bb"]
    assert await names("one", resource_group="X") == ["aa"]
