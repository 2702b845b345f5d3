from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Callable

import pytest
from sqlalchemy import select

from antiphon.identity.assignments import RoleAssignments
from antiphon.identity.errors import InvalidPrincipal, PrincipalExists, PrincipalNotFound
from antiphon.identity.principals import LOCAL_ROLES, Principals, is_guid, is_secret_of
from antiphon.identity.roles import OPENAI_USER, DataAction
from antiphon.identity.scopes import Scope
from antiphon.store.database import Database
from antiphon.store.tables import PrincipalRow

pytestmark = pytest.mark.anyio


@pytest.fixture
def principals(database: Database) -> Principals:
    return Principals(database)


async def test_a_principal_is_found_by_name_client_id_and_object_id(principals: Principals) -> None:
    added, _ = await principals.add("Robot")
    assert await principals.named("robot") == added
    assert await principals.with_client_id(added.client_id.upper()) == added
    assert await principals.with_id(added.id) == added
    assert is_guid(added.id)


async def test_the_secret_is_told_once_and_kept_as_a_hash(principals: Principals, database: Database) -> None:
    added, secret = await principals.add("robot")
    async with database.session() as session:
        kept = await session.scalar(select(PrincipalRow.secret_hash))
    assert kept == hashlib.sha256(secret.encode()).hexdigest()
    assert str(kept) not in repr(added)
    assert secret.isalnum()
    assert len(secret) == 40


CHANGES: list[Callable[[str], str]] = [lambda s: "", lambda s: s[:-1], lambda s: s + "x", lambda s: s.swapcase()]


@pytest.mark.parametrize("change", CHANGES)
async def test_only_its_own_secret_is_a_principals(principals: Principals, change: Callable[[str], str]) -> None:
    added, secret = await principals.add("robot")
    assert is_secret_of(added, secret)
    assert not is_secret_of(added, change(secret))


async def test_who_has_no_secret_has_not_even_an_empty_one(principals: Principals) -> None:
    local = await principals.ensure_local()
    assert not is_secret_of(local, "")
    assert not is_secret_of(None, "")
    assert not is_secret_of(local, "\ud800")


async def test_secrets_are_compared_in_constant_time(principals: Principals, monkeypatch: pytest.MonkeyPatch) -> None:
    added, _ = await principals.add("robot")
    compared: list[int] = []
    compare_digest = hmac.compare_digest

    def watched(one: str, other: str) -> bool:
        compared.append(len(one))
        return compare_digest(one, other)

    monkeypatch.setattr(hmac, "compare_digest", watched)
    for principal in (added, None):
        is_secret_of(principal, "wrong")
    assert compared == [64, 64]


@pytest.mark.parametrize("name", ["", "-x", "a b", "a" * 65, "ü", "a\n", "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"])
async def test_a_name_that_would_be_hard_to_tell_is_refused(principals: Principals, name: str) -> None:
    with pytest.raises(InvalidPrincipal):
        await principals.add(name)


async def test_two_principals_cannot_have_one_name(principals: Principals) -> None:
    await principals.add("robot")
    with pytest.raises(PrincipalExists):
        await principals.add("ROBOT")
    assert [principal.name for principal in await principals.list()] == ["robot"]


async def test_a_principal_is_removed_with_its_roles(principals: Principals, database: Database) -> None:
    robot, _ = await principals.add("robot")
    other, _ = await principals.add("other")
    roles = RoleAssignments(database)
    for principal in (robot, other):
        await roles.assign(principal.id, OPENAI_USER)
    await principals.remove("robot")
    assert await principals.with_id(robot.id) is None
    assert [assignment.principal_id for assignment in await roles.list()] == [other.id]


async def test_who_is_not_there_cannot_be_removed(principals: Principals) -> None:
    with pytest.raises(PrincipalNotFound):
        await principals.remove("nobody")


async def test_local_is_made_once_with_its_roles(principals: Principals, database: Database) -> None:
    made = await asyncio.gather(*(Principals(database).ensure_local() for _ in range(4)))
    assert len({principal.id for principal in made}) == 1
    assignments = await RoleAssignments(database).list()
    assert {assignment.role for assignment in assignments} == set(LOCAL_ROLES)
    assert len(assignments) == len(LOCAL_ROLES)


async def test_a_role_taken_from_local_stays_so(principals: Principals, database: Database) -> None:
    local = await principals.ensure_local()
    roles = RoleAssignments(database)
    await roles.revoke(local.id, OPENAI_USER)
    await principals.ensure_local()
    assert not await roles.allow(local.id, DataAction.CHAT, scope=Scope(account_id="mine"))


async def test_local_cannot_be_removed(principals: Principals) -> None:
    local = await principals.ensure_local()
    with pytest.raises(InvalidPrincipal, match="roles revoke"):
        await principals.remove("LOCAL")
    assert await principals.with_id(local.id) == local


@pytest.mark.parametrize("text", ["", "nobody", "\0", "\ud800", "%", "' OR 1=1 --"])
async def test_an_id_that_is_none_finds_nobody(principals: Principals, text: str) -> None:
    await principals.add("robot")
    assert await principals.with_client_id(text) is None
    assert await principals.with_id(text) is None
