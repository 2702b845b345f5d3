from __future__ import annotations

import asyncio

import pytest

from antiphon.identity.assignments import RoleAssignments
from antiphon.identity.roles import COGNITIVE_SERVICES_CONTRIBUTOR, OPENAI_USER, OWNER, DataAction, ManagementAction
from antiphon.identity.scopes import ALL_ACCOUNTS, EVERYTHING, Scope, wider_scope
from antiphon.store.database import Database

from .forging import OBJECT_ID

pytestmark = pytest.mark.anyio


async def test_without_a_role_nothing_is_allowed(database: Database) -> None:
    assert not await RoleAssignments(database).allow(OBJECT_ID, DataAction.CHAT, scope=Scope(account_id="mine"))


async def test_a_role_allows_on_its_account_alone(database: Database) -> None:
    roles = RoleAssignments(database)
    await roles.assign(OBJECT_ID, OPENAI_USER, scope="mine")
    assert await roles.allow(OBJECT_ID, DataAction.CHAT, scope=Scope(account_id="mine"))
    assert not await roles.allow(OBJECT_ID, DataAction.CHAT, scope=Scope(account_id="theirs"))
    assert not await roles.allow(OBJECT_ID, ManagementAction.ACCOUNTS_READ, scope=EVERYTHING)


async def test_a_role_on_all_accounts_allows_on_each(database: Database) -> None:
    roles = RoleAssignments(database)
    await roles.assign(OBJECT_ID, OPENAI_USER)
    assert await roles.allow(OBJECT_ID, DataAction.CHAT, scope=Scope(account_id="one to come"))
    assert await roles.allow(OBJECT_ID, ManagementAction.ACCOUNTS_READ, scope=EVERYTHING)


async def test_a_role_allows_only_what_is_in_it(database: Database) -> None:
    roles = RoleAssignments(database)
    await roles.assign(OBJECT_ID, COGNITIVE_SERVICES_CONTRIBUTOR)
    assert not await roles.allow(OBJECT_ID, DataAction.CHAT, scope=Scope(account_id="mine"))


async def test_who_has_a_role_on_one_account_sees_the_subscription(database: Database) -> None:
    roles = RoleAssignments(database)
    await roles.assign(OBJECT_ID, OPENAI_USER, scope="mine")
    assert await roles.allow(OBJECT_ID, ManagementAction.SUBSCRIPTIONS_READ, scope=EVERYTHING)


async def test_an_account_whose_id_is_the_sign_for_all_does_not_matter(database: Database) -> None:
    roles = RoleAssignments(database)
    await roles.assign(OBJECT_ID, OPENAI_USER, scope="mine")
    assert not await roles.allow(OBJECT_ID, DataAction.CHAT, scope=Scope(account_id=ALL_ACCOUNTS))


@pytest.mark.parametrize("app_role", ["Cognitive Services OpenAI User", "CognitiveServicesOpenAIUser"])
async def test_a_role_that_the_token_brings_counts_on_all_accounts(database: Database, app_role: str) -> None:
    roles = RoleAssignments(database)
    assert await roles.allow(
        OBJECT_ID, DataAction.CHAT, scope=Scope(account_id="mine"), app_roles=["Task.Write", app_role]
    )
    assert not await roles.allow(
        OBJECT_ID, ManagementAction.KEYS_REGENERATE, scope=Scope(account_id="mine"), app_roles=[app_role]
    )


async def test_a_role_taken_back_is_gone_at_once(database: Database) -> None:
    roles = RoleAssignments(database, monotonic=lambda: 0.0)
    await roles.assign(OBJECT_ID, OPENAI_USER)
    assert await roles.allow(OBJECT_ID, DataAction.CHAT, scope=Scope(account_id="mine"))
    assert await roles.revoke(OBJECT_ID, OPENAI_USER)
    assert not await roles.allow(OBJECT_ID, DataAction.CHAT, scope=Scope(account_id="mine"))


async def test_a_role_is_taken_back_from_the_scope_it_was_given_on(database: Database) -> None:
    roles = RoleAssignments(database)
    await roles.assign(OBJECT_ID, OPENAI_USER)
    assert not await roles.revoke(OBJECT_ID, OPENAI_USER, scope="mine")
    assert await roles.allow(OBJECT_ID, DataAction.CHAT, scope=Scope(account_id="mine"))


async def test_what_another_process_takes_back_is_gone_within_seconds(database: Database) -> None:
    seconds = 0.0
    here, there = RoleAssignments(database), RoleAssignments(database, monotonic=lambda: seconds)
    await here.assign(OBJECT_ID, OPENAI_USER)
    assert await there.allow(OBJECT_ID, DataAction.CHAT, scope=Scope(account_id="mine"))
    await here.revoke(OBJECT_ID, OPENAI_USER)
    seconds = 2.0
    assert not await there.allow(OBJECT_ID, DataAction.CHAT, scope=Scope(account_id="mine"))


async def test_a_known_principal_costs_no_query(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    roles = RoleAssignments(database, monotonic=lambda: 0.0)
    await roles.assign(OBJECT_ID, OPENAI_USER)
    await roles.allow(OBJECT_ID, DataAction.CHAT, scope=Scope(account_id="mine"))
    monkeypatch.setattr(database, "session", None)
    assert await roles.allow(OBJECT_ID, DataAction.CHAT, scope=Scope(account_id="mine"))


async def test_a_role_given_twice_is_there_once(database: Database) -> None:
    roles = RoleAssignments(database)
    await asyncio.gather(*(roles.assign(OBJECT_ID, OWNER) for _ in range(3)))
    assert [assignment.role for assignment in await roles.list()] == [OWNER]


SUBSCRIPTION = Scope(subscription_id="Sub-1")
GROUP = Scope(subscription_id="sub-1", resource_group="RG")
ACCOUNT = Scope(subscription_id="sub-1", resource_group="rg", account_id="mine")


@pytest.mark.parametrize("given", [EVERYTHING, SUBSCRIPTION, GROUP, ACCOUNT])
async def test_a_role_given_above_counts_below_and_not_beside(database: Database, given: Scope) -> None:
    roles = RoleAssignments(database)
    await roles.assign(OBJECT_ID, OPENAI_USER, scope=given.stored)
    line = [EVERYTHING, SUBSCRIPTION, GROUP, ACCOUNT]
    counts = [scope for scope in line if await roles.allow(OBJECT_ID, ManagementAction.ACCOUNTS_READ, scope=scope)]
    assert counts == line[line.index(given) :]
    for beside in (
        Scope(subscription_id="sub-2"),
        Scope(subscription_id="sub-2", resource_group="rg"),
        Scope(subscription_id="sub-2", resource_group="rg", account_id="theirs"),
    ):
        assert await roles.allow(OBJECT_ID, DataAction.CHAT, scope=beside) is (given == EVERYTHING)


@pytest.mark.parametrize(
    ("written", "scope"),
    [
        ("*", EVERYTHING),
        ("/", EVERYTHING),
        ("/subscriptions/Sub-1", SUBSCRIPTION),
        ("/Subscriptions/sub-1/resourceGroups/RG/", GROUP),
        (ACCOUNT.stored, None),
        ("/subscriptions", None),
        ("/subscriptions/sub-1/resourceGroups/rg/providers/x", None),
        ("", None),
    ],
)
def test_wider_scopes_are_read_as_azure_writes_them(written: str, scope: Scope | None) -> None:
    found = wider_scope(written)
    assert (None if found is None else found.stored) == (None if scope is None else scope.stored)
