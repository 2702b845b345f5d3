"""`antiphon store copy`, from a data folder to PostgreSQL and S3, and back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from antiphon.cli.main import app
from antiphon.identity.keys import AccountKeys
from antiphon.identity.principals import Principals
from antiphon.identity.signing import SigningKeys
from antiphon.resources.accounts import ensure_local_account
from antiphon.resources.audio_outputs import AudioOutputs, new_audio_id
from antiphon.resources.records import COMPLETION, PROMPT, NewRecord, Piece, Records
from antiphon.resources.stored_completions import CompletionFilter, StoredCompletions
from antiphon.settings import StoreSettings, read_settings
from antiphon.store.copying import Place, copy
from antiphon.store.database import Database
from antiphon.store.errors import CopyFailed
from antiphon.store.location import DataDirectory
from antiphon.store.opening import open_blobs, open_database, seal_key_file
from antiphon.store.sealing import open_seal
from antiphon.store.tables import Base

from ..postgresql import Cluster
from ..s3 import S3

RECORD = "chatcmpl-1"
LABELS = {"customer": "Zoë\0", "shop": "7"}


def antiphon(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.output


async def fill(settings: StoreSettings, data: DataDirectory) -> None:
    """Write something of everything."""
    async with await open_database(settings, data) as database:
        account = await ensure_local_account(database)
        seal, blobs = await open_seal(seal_key_file(settings, data), database), open_blobs(settings, data)
        await SigningKeys(database, seal).current()
        await Principals(database).add("somebody")
        await AudioOutputs(database, blobs, seal).keep(
            new_audio_id(), account_id=account.id, transcript="Hello.", data=b"RIFF", audio_format="wav"
        )
        records = Records(database, blobs, seal)
        await records.write_pieces(RECORD, [Piece(name=name, data=b"{}") for name in (PROMPT, COMPLETION)])
        await records.add(
            NewRecord(
                id=RECORD,
                account_id=account.id,
                deployment="d",
                model="m",
                principal="key1",
                operation="chatCompletion",
                prompt_tokens=1,
                completion_tokens=2,
                audio=(),
                labels=LABELS,
                is_stored=True,
            )
        )


async def read(settings: StoreSettings, data: DataDirectory) -> dict[str, Any]:
    """What a server on that place works with: all rows, and what takes the blobs and the key."""
    async with await open_database(settings, data) as database:
        account = await ensure_local_account(database)
        seal, blobs = await open_seal(seal_key_file(settings, data), database), open_blobs(settings, data)
        records = Records(database, blobs, seal)
        found, _ = await StoredCompletions(database, records).list(account.id, CompletionFilter(labels=LABELS))
        async with database.session() as session:
            rows = {
                table.name: sorted(repr(tuple(row)) for row in await session.execute(select(table)))
                for table in Base.metadata.sorted_tables
            }
        return {
            "rows": rows,
            "keys": await AccountKeys(database).pair(account.id),
            "signing": (await SigningKeys(database, seal).current()).id,
            "found": [record.id for record in found],
            "prompt": await records.piece(RECORD, PROMPT),
            "blobs": sorted([blob.name async for blob in blobs.walk()]),
        }


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    asyncio.run(fill(StoreSettings(), DataDirectory(path=folder)))
    return folder


@pytest.fixture
def shared(tmp_path: Path, cluster: Cluster, s3: S3) -> Callable[[], Path]:
    """Writes the configuration of new places."""

    def write() -> Path:
        path = tmp_path / "antiphon.toml"
        path.write_text(
            f'[store]\nurl = "{cluster.create()}"\nblobs = "s3://{s3.new_bucket()}/voices"\n'
            f'blobs_endpoint = "{s3.endpoint}"\nseal_key_file = "{tmp_path / "shared.key"}"\n'
        )
        return path

    return write


def test_a_folder_moves_to_postgresql_and_s3_and_back_and_is_the_same(
    source: Path, shared: Callable[[], Path], tmp_path: Path
) -> None:
    before = asyncio.run(read(StoreSettings(), DataDirectory(path=source)))
    configuration, other_data = shared(), tmp_path / "another machine"
    code, output = antiphon(
        "store", "copy", "--from", str(source), "--to", str(configuration), "--data", str(other_data)
    )
    assert code == 0, output
    assert "1 accounts, " in output
    assert "; 4 blobs of " in output
    there = asyncio.run(read(read_settings(configuration).store, DataDirectory(path=other_data)))
    assert there == before
    back = tmp_path / "back"
    code, output = antiphon("store", "copy", "--from", str(configuration), "--to", str(back))
    assert code == 0, output
    assert asyncio.run(read(StoreSettings(), DataDirectory(path=back))) == before


def test_a_target_with_anything_in_it_is_refused_and_left_as_it_is(
    source: Path, shared: Callable[[], Path], tmp_path: Path
) -> None:
    other = tmp_path / "other"
    asyncio.run(fill(StoreSettings(), DataDirectory(path=other)))
    before = asyncio.run(read(StoreSettings(), DataDirectory(path=other)))
    code, output = antiphon("store", "copy", "--from", str(source), "--to", str(other))
    assert code == 1
    assert "holds another key than" in output or "is not empty" in output
    assert asyncio.run(read(StoreSettings(), DataDirectory(path=other))) == before


def test_a_target_with_blobs_is_refused(source: Path, tmp_path: Path) -> None:
    target = DataDirectory(path=tmp_path / "target")
    asyncio.run(open_blobs(StoreSettings(), target).put("records/left", b"1"))
    code, output = antiphon("store", "copy", "--from", str(source), "--to", str(target.path))
    assert code == 1
    assert "The target's blobs are not empty: there is records/left." in output


def test_a_source_without_data_is_refused(tmp_path: Path) -> None:
    code, _ = antiphon("store", "copy", "--from", str(tmp_path / "nothing"), "--to", str(tmp_path / "new"))
    assert code != 0
    assert not (tmp_path / "new").exists()
    assert not (tmp_path / "nothing").exists()


def test_a_blob_that_arrives_changed_fails_the_copy(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = DataDirectory(path=tmp_path / "target")

    async def run() -> None:
        here = DataDirectory(path=source)
        async with await Database.open(here.database) as one, await Database.open(target.database) as two:
            blobs = open_blobs(StoreSettings(), target)
            put = blobs.put

            async def put_changed(name: str, content: bytes) -> None:
                await put(name, content + b"!" if name.endswith(PROMPT) else content)

            monkeypatch.setattr(blobs, "put", put_changed)
            await copy(Place(database=one, blobs=open_blobs(StoreSettings(), here)), Place(database=two, blobs=blobs))

    with pytest.raises(CopyFailed, match="did not arrive as it was"):
        asyncio.run(run())
