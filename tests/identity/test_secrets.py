from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select

from antiphon.identity.secrets import IDENTITY_HEADER, ServerSecrets
from antiphon.store.database import Database
from antiphon.store.errors import SealBroken
from antiphon.store.sealing import Seal
from antiphon.store.tables import ServerSecretRow

pytestmark = pytest.mark.anyio


async def test_a_secret_is_made_once_for_all_processes(database: Database, seal: Seal) -> None:
    told = await asyncio.gather(*(ServerSecrets(database, seal).get(IDENTITY_HEADER) for _ in range(4)))
    assert len(set(told)) == 1
    assert len(told[0]) == 64


async def test_each_name_has_its_own_secret(database: Database, seal: Seal) -> None:
    secrets = ServerSecrets(database, seal)
    assert await secrets.get("one") != await secrets.get("another")


async def test_secrets_are_sealed_in_the_store(database: Database, seal: Seal) -> None:
    secret = await ServerSecrets(database, seal).get("one")
    async with database.session() as session:
        sealed = (await session.scalars(select(ServerSecretRow.sealed_value))).one()
    assert secret.encode() not in sealed
    with pytest.raises(SealBroken):
        await ServerSecrets(database, Seal(b"x" * 32)).get("one")


async def test_a_secret_cannot_be_passed_off_as_another(database: Database, seal: Seal) -> None:
    await ServerSecrets(database, seal).get("one")
    async with database.begin() as session:
        row = (await session.scalars(select(ServerSecretRow))).one()
        session.add(ServerSecretRow(name="another", sealed_value=row.sealed_value))
    with pytest.raises(SealBroken):
        await ServerSecrets(database, seal).get("another")
