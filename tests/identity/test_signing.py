from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from antiphon.identity.principals import Principals
from antiphon.identity.signing import SigningKeys
from antiphon.identity.tokens import TokenIssuer
from antiphon.store.database import Database
from antiphon.store.errors import SealBroken
from antiphon.store.sealing import Seal
from antiphon.store.tables import SigningKeyRow

from ..clocks import HandClock
from .forging import AUDIENCE

pytestmark = pytest.mark.anyio


def _kids(jwks: dict[str, Any]) -> list[str]:
    return [key["kid"] for key in jwks["keys"]]


async def test_the_first_key_is_made_once(database: Database, seal: Seal) -> None:
    first = await SigningKeys(database, seal).current()
    assert (await SigningKeys(database, seal).current()).id == first.id


async def test_processes_that_start_at_once_sign_with_the_same_key(database: Database, seal: Seal) -> None:
    signing = await asyncio.gather(*(SigningKeys(database, seal).current() for _ in range(3)))
    assert len({key.id for key in signing}) == 1


async def test_the_published_keys_are_public(database: Database, seal: Seal) -> None:
    keys = SigningKeys(database, seal)
    [published] = (await keys.jwks())["keys"]
    assert published.keys() == {"kty", "n", "e", "kid", "use", "alg"}
    assert published["kid"] == (await keys.current()).id


async def test_private_keys_are_sealed_in_the_store(database: Database, seal: Seal) -> None:
    await SigningKeys(database, seal).current()
    async with database.session() as session:
        row = (await session.scalars(select(SigningKeyRow))).one()
    assert b"PRIVATE KEY" not in row.sealed_private_key
    assert b"PRIVATE KEY" in seal.unseal(row.sealed_private_key, purpose=f"signing-keys/{row.id}")
    with pytest.raises(SealBroken, match=r"seal\.key"):
        await SigningKeys(database, Seal(b"x" * 32)).current()


async def test_private_keys_do_not_show_when_they_are_logged(database: Database, seal: Seal) -> None:
    key = await SigningKeys(database, seal).current()
    assert "private" not in repr(key)


async def test_a_replaced_key_is_published_until_its_tokens_have_expired(database: Database, seal: Seal) -> None:
    clock = HandClock()
    keys = SigningKeys(database, seal, remembered_seconds=0.0, clock=clock)
    old = await keys.current()
    new = await keys.rotate()
    assert _kids(await keys.jwks()) == [new.id, old.id]
    clock.turn(hours=1)
    assert await keys.find(old.id) is not None
    clock.turn(minutes=2)
    assert _kids(await keys.jwks()) == [new.id]
    assert await keys.find(old.id) is None


async def test_a_key_stays_as_long_as_the_longest_lived_token_it_has_signed(database: Database, seal: Seal) -> None:
    clock = HandClock()
    keys = SigningKeys(database, seal, remembered_seconds=0.0, clock=clock)
    old = await keys.current()
    principal = await Principals(database).ensure_local()
    await TokenIssuer(keys, clock=clock).issue(principal, AUDIENCE, lifetime=timedelta(days=30))
    await keys.rotate()
    clock.turn(days=30)
    assert await keys.find(old.id) is not None
    clock.turn(minutes=2)
    assert await keys.find(old.id) is None


async def test_the_key_that_signs_does_not_retire_with_a_token_that_has_expired(database: Database, seal: Seal) -> None:
    clock = HandClock()
    keys = SigningKeys(database, seal, remembered_seconds=0.0, clock=clock)
    principal = await Principals(database).ensure_local()
    await TokenIssuer(keys, clock=clock).issue(principal, AUDIENCE, lifetime=timedelta(days=1))
    clock.turn(days=2)
    signing = await keys.current()
    assert await keys.find(signing.id) is not None
    await keys.rotate()
    clock.turn(hours=1)
    assert await keys.find(signing.id) is not None


async def test_keys_that_have_retired_are_deleted_when_another_is_made(database: Database, seal: Seal) -> None:
    clock = HandClock()
    keys = SigningKeys(database, seal, clock=clock)
    old = await keys.current()
    await keys.rotate()
    clock.turn(hours=2)
    await keys.rotate()
    async with database.session() as session:
        kids = (await session.scalars(select(SigningKeyRow.id))).all()
    assert old.id not in kids
    assert len(kids) == 2


async def test_a_key_replaced_at_once_is_gone(database: Database, seal: Seal) -> None:
    keys = SigningKeys(database, seal)
    old = await keys.current()
    new = await keys.rotate(at_once=True)
    assert await keys.find(old.id) is None
    assert _kids(await keys.jwks()) == [new.id]


async def test_another_process_accepts_the_tokens_of_a_new_key_at_once(database: Database, seal: Seal) -> None:
    here, there = SigningKeys(database, seal), SigningKeys(database, seal, monotonic=lambda: 0.0)
    await there.current()
    new = await here.rotate()
    assert await there.find(new.id) is not None


async def test_another_process_signs_with_a_new_key_within_seconds(database: Database, seal: Seal) -> None:
    seconds = 0.0
    here = SigningKeys(database, seal)
    there = SigningKeys(database, seal, remembered_seconds=2.0, monotonic=lambda: seconds)
    await there.current()
    new = await here.rotate()
    seconds = 2.0
    assert (await there.current()).id == new.id


async def test_a_new_key_signs_though_the_clock_was_turned_back(database: Database, seal: Seal) -> None:
    clock = HandClock()
    keys = SigningKeys(database, seal, clock=clock)
    old = await keys.current()
    clock.turn(days=-1)
    assert (await keys.rotate()).id != old.id
