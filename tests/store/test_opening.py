from __future__ import annotations

import asyncio
import json
import stat
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from typer.testing import CliRunner

from antiphon.cli.main import app
from antiphon.compose.storage import open_storage
from antiphon.identity.keys import AccountKeys, KeyPair
from antiphon.resources.accounts import get_account
from antiphon.settings import Settings, StoreSettings
from antiphon.store.errors import StoreError
from antiphon.store.location import DataDirectory
from antiphon.store.opening import remember, remembered

from ..postgresql import Cluster
from ..s3 import S3

ELSEWHERE = StoreSettings(url="postgresql://antiphon:secret@db.example.org/antiphon", blobs="s3://bucket/prefix")


@pytest.fixture
def data(tmp_path: Path) -> DataDirectory:
    return DataDirectory(path=tmp_path / "data")


def test_where_data_is_is_remembered_for_the_owner_alone(data: DataDirectory) -> None:
    remember(ELSEWHERE, data)
    assert remembered(data) == ELSEWHERE
    assert stat.S_IMODE(data.store.stat().st_mode) == 0o600


def test_nothing_is_remembered_when_all_of_it_is_in_the_folder(data: DataDirectory) -> None:
    assert remembered(data) == StoreSettings()
    remember(ELSEWHERE, data)
    remember(StoreSettings(), data)
    assert not data.store.exists()


def test_a_note_that_cannot_be_read_is_told(data: DataDirectory) -> None:
    remember(ELSEWHERE, data)
    data.store.write_text("{")
    with pytest.raises(StoreError, match=r"store\.json cannot be read.*Delete it, and start the server again"):
        remembered(data)


async def started(settings: StoreSettings, data: DataDirectory) -> KeyPair:
    """Open what a server would, and return the keys of its account."""
    async with AsyncExitStack() as resources:
        storage = await open_storage(Settings(store=settings), data, resources)
        account = await get_account(storage.database, "local")
        pair = await AccountKeys(storage.database).pair(account.id)
        assert pair is not None
        return pair


def test_a_server_elsewhere_leaves_no_data_in_the_folder_and_commands_on_it_find_the_server_s(
    data: DataDirectory, cluster: Cluster, s3: S3
) -> None:
    settings = StoreSettings(url=cluster.create(), blobs=f"s3://{s3.new_bucket()}", blobs_endpoint=s3.endpoint)
    pair = asyncio.run(started(settings, data))
    assert {path.name for path in data.path.iterdir()} == {"seal.key", "store.json"}
    listed = CliRunner().invoke(app, ["keys", "list", "--json", "--data", str(data.path)])
    assert json.loads(listed.stdout) == {"key1": pair.key1, "key2": pair.key2}
    assert not data.database.exists()


def test_a_bucket_that_does_not_exist_keeps_a_server_from_starting(
    data: DataDirectory, cluster: Cluster, s3: S3
) -> None:
    settings = StoreSettings(url=cluster.create(), blobs="s3://no-such-bucket/x", blobs_endpoint=s3.endpoint)
    with pytest.raises(StoreError, match=r"s3://no-such-bucket/x cannot be used: the bucket does not exist. Create it"):
        asyncio.run(started(settings, data))
