from __future__ import annotations

import base64
from pathlib import Path

import pytest
from sqlalchemy import delete

from antiphon.identity.secrets import ServerSecrets
from antiphon.identity.signing import SigningKeys
from antiphon.store.database import Database
from antiphon.store.errors import StoreError
from antiphon.store.sealing import ENVIRONMENT_VARIABLE, open_seal, share_key
from antiphon.store.tables import ServerSecretRow

pytestmark = pytest.mark.anyio

OTHER_KEY = base64.b64encode(b"k" * 32).decode()


@pytest.fixture(autouse=True)
def no_key_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ENVIRONMENT_VARIABLE, raising=False)


async def test_a_new_database_gets_a_key_which_opens_it_again(database: Database, tmp_path: Path) -> None:
    seal = await open_seal(tmp_path / "seal.key", database)
    secret = await ServerSecrets(database, seal).get("any")
    again = await open_seal(tmp_path / "seal.key", database)
    assert await ServerSecrets(database, again).get("any") == secret


async def test_another_machine_is_told_that_it_lacks_the_key(database: Database, tmp_path: Path) -> None:
    await open_seal(tmp_path / "one" / "seal.key", database)
    with pytest.raises(StoreError, match=r"two/seal.key is missing.*from another machine of this database"):
        await open_seal(tmp_path / "two" / "seal.key", database)
    assert not (tmp_path / "two" / "seal.key").exists()


async def test_another_machine_is_told_that_its_key_is_another(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await open_seal(tmp_path / "seal.key", database)
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, OTHER_KEY)
    with pytest.raises(StoreError, match=r"The key in ANTIPHON_SEAL_KEY is not the one that the stored data was encr"):
        await open_seal(tmp_path / "seal.key", database)


async def test_machines_share_the_key_in_the_environment(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, OTHER_KEY)
    one, two = [await open_seal(tmp_path / name / "seal.key", database) for name in ("one", "two")]
    assert (await SigningKeys(database, one).current()).id == (await SigningKeys(database, two).current()).id
    assert not any((tmp_path / name).exists() for name in ("one", "two"))


@pytest.mark.parametrize("sealed", ["a secret", "a signing key"])
async def test_a_wrong_key_for_data_from_before_there_was_a_sample_is_noticed_and_changes_nothing(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sealed: str
) -> None:
    seal = await open_seal(tmp_path / "seal.key", database)
    await database_without_sample(database)
    if sealed == "a secret":
        await ServerSecrets(database, seal).get("any")
    else:
        await SigningKeys(database, seal).current()
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, OTHER_KEY)
    with pytest.raises(StoreError, match="is not the one that the stored data was encrypted with"):
        await open_seal(tmp_path / "seal.key", database)
    monkeypatch.delenv(ENVIRONMENT_VARIABLE)
    await open_seal(tmp_path / "seal.key", database)


async def database_without_sample(database: Database) -> None:
    async with database.begin() as session:
        await session.execute(delete(ServerSecretRow))


def test_a_key_is_shared_by_copying_it(tmp_path: Path) -> None:
    (tmp_path / "one").write_text(OTHER_KEY)
    share_key(tmp_path / "one", tmp_path / "new" / "two")
    assert (tmp_path / "new" / "two").read_text() == OTHER_KEY
    share_key(tmp_path / "one", tmp_path / "new" / "two")


def test_another_key_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "one").write_text(OTHER_KEY)
    (tmp_path / "two").write_text(base64.b64encode(bytes(32)).decode())
    with pytest.raises(StoreError, match="holds another key than"):
        share_key(tmp_path / "one", tmp_path / "two")
