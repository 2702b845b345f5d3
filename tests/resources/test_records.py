"""What was asked and answered: kept encrypted, whole, and no longer than it may be."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete

from antiphon.resources.accounts import Account, ensure_local_account
from antiphon.resources.errors import RecordNotFound
from antiphon.resources.records import COMPLETION, PROMPT, RecordFilter, Records
from antiphon.resources.stored_completions import StoredCompletions
from antiphon.store.blobs import Blobs
from antiphon.store.database import Database
from antiphon.store.errors import BlobNotFound, SealBroken
from antiphon.store.location import DataDirectory
from antiphon.store.sealing import Seal
from antiphon.store.tables import AccountRow, DeploymentRow

from ..clocks import HandClock
from .disk import SEAL, blob_files, make_old, write_and_be_killed
from .records import MONTH, SECRET, new, pieces, write

pytestmark = pytest.mark.anyio


# --- what is kept ----------------------------------------------------------------------------------------------------


async def test_what_was_recorded_can_be_read(records: Records, local: Account, clock: HandClock):
    record_id = await write(records, new(local, labels={"topic": "dogs"}))
    record = await records.get(record_id)
    assert (record.created_at, record.expires_at) == (clock.now, clock.now + MONTH)
    assert (record.principal, record.labels, record.audio) == ("key1", {"topic": "dogs"}, ["input-0.wav"])
    assert await records.piece(record_id, PROMPT) == SECRET
    assert await records.piece(record_id, "input-0.wav") == SECRET * 100


async def test_nothing_that_was_said_lies_in_the_data_folder_in_the_clear(
    records: Records, local: Account, data: DataDirectory
):
    await write(records, new(local))
    files = [path for path in data.path.rglob("*") if path.is_file()]
    assert len([path for path in files if path.parent.name == "records"]) == 4  # The excerpt among them.
    assert not any(SECRET in path.read_bytes() for path in files)


async def test_another_key_opens_nothing(records: Records, database: Database, blobs: Blobs, local: Account):
    record_id = await write(records, new(local))
    with pytest.raises(SealBroken, match="stored records cannot be decrypted"):
        await Records(database, blobs, Seal(b"1" * 32)).piece(record_id, PROMPT)


async def test_a_piece_cannot_be_passed_off_as_another_records(records: Records, blobs: Blobs, local: Account):
    await write(records, new(local, "chatcmpl-1"))
    await write(records, new(local, "chatcmpl-2"))
    await blobs.put("records/chatcmpl-2.prompt", await blobs.get("records/chatcmpl-1.prompt"))
    with pytest.raises(SealBroken):
        await records.piece("chatcmpl-2", PROMPT)


async def test_records_are_found_the_newest_first(records: Records, local: Account, clock: HandClock):
    for number in range(3):
        await write(records, new(local, f"chatcmpl-{number}", deployment=f"D{number % 2}"))
        clock.now += timedelta(minutes=1)

    async def found(**wanted: Any) -> list[str]:
        return [record.id[-1] for record in await records.find(RecordFilter(**wanted))]

    began = clock.now - timedelta(minutes=3)
    assert await found() == ["2", "1", "0"]
    assert await found(deployment="d0") == ["2", "0"]
    assert await found(account_id="another") == []
    assert await found(since=began + timedelta(minutes=1), until=began + timedelta(minutes=2)) == ["1"]
    assert [record.id[-1] for record in await records.find(RecordFilter(), limit=1)] == ["2"]


# --- for how long ----------------------------------------------------------------------------------------------------


async def test_purging_deletes_what_has_expired_and_nothing_else(
    records: Records, local: Account, clock: HandClock, data: DataDirectory
):
    await write(records, new(local, "chatcmpl-old"))
    clock.now += timedelta(days=1)
    await write(records, new(local, "chatcmpl-young"))
    clock.now += MONTH - timedelta(days=1)
    assert await records.purge() == 1
    with pytest.raises(RecordNotFound):
        await records.get("chatcmpl-old")
    names = ("prompt", "excerpt", "completion", "input-0.wav")
    assert blob_files(data) == {f"chatcmpl-young.{name}" for name in names}


async def test_what_clients_store_may_be_kept_longer(
    database: Database, blobs: Blobs, local: Account, clock: HandClock
):
    records = Records(database, blobs, SEAL, keep=timedelta(days=1), keep_stored=timedelta(days=9), clock=clock)
    await write(records, new(local, "chatcmpl-1"))
    await write(records, new(local, "chatcmpl-2", is_stored=True))
    clock.now += timedelta(days=1)
    assert await records.purge() == 1
    assert [record.id for record in await records.find(RecordFilter())] == ["chatcmpl-2"]
    clock.now += timedelta(days=8)
    assert await records.purge() == 1


async def test_records_go_with_their_account(
    records: Records, local: Account, database: Database, clock: HandClock, data: DataDirectory
):
    await write(records, new(local))
    async with database.begin() as session:
        await session.execute(delete(DeploymentRow))
        await session.execute(delete(AccountRow))
    assert await records.find(RecordFilter()) == []
    for path in data.blobs.rglob("*"):
        make_old(path)
    await records.purge()
    assert blob_files(data) == set()


async def test_what_an_account_that_is_gone_said_is_no_record(records: Records, local: Account):
    await write(records, new(local, account_id="gone"))
    assert await records.find(RecordFilter()) == []


async def test_pieces_whose_row_never_came_are_collected_once_they_are_old(
    records: Records, local: Account, clock: HandClock, data: DataDirectory
):
    await write(records, new(local, "chatcmpl-whole"))
    await records.write_pieces("chatcmpl-cut", pieces())
    for path in data.blobs.rglob("*"):
        make_old(path)
    await records.write_pieces("chatcmpl-new", pieces())
    await records.purge()
    assert {name.split(".")[0] for name in blob_files(data)} == {"chatcmpl-whole", "chatcmpl-new"}


async def test_deleting_leaves_nothing(records: Records, local: Account, data: DataDirectory):
    record_id = await write(records, new(local))
    assert await records.delete([record_id, "chatcmpl-none"]) == 1
    assert blob_files(data) == set()
    with pytest.raises(BlobNotFound):
        await records.piece(record_id, PROMPT)


# --- a kill ---------------------------------------------------------------------------------------------------------


WRITE_FOR_EVER = """
from antiphon.resources.records import COMPLETION, PROMPT, NewRecord, Piece, Records

async def write_for_ever(database, blobs, seal, account_id, writer):
    records = Records(database, blobs, seal)
    for number in itertools.count():
        record_id = f"chatcmpl-{writer}x{number}"
        data = record_id.encode() * 1000
        await records.write_pieces(record_id, [Piece(name=name, data=data) for name in (PROMPT, COMPLETION)])
        await records.add(NewRecord(
            id=record_id, account_id=account_id, deployment="d", model="m", principal="key1",
            operation="chatCompletion", prompt_tokens=0, completion_tokens=0, audio=(), is_stored=True,
        ))
        print(record_id, flush=True)
"""


async def test_a_kill_loses_nothing_that_was_acknowledged_and_leaves_nothing_that_is_not_whole(
    data: DataDirectory, database_url: str
):
    acknowledged = write_and_be_killed(WRITE_FOR_EVER, data, database_url, acknowledged_at_least=31)
    async with await Database.open(database_url) as database:
        account = await ensure_local_account(database)
        records = Records(database, Blobs.in_folder(data.blobs), SEAL)
        stored = StoredCompletions(database, records)
        for record_id in acknowledged:
            await stored.get(account.id, record_id)
        for record in await records.find(RecordFilter()):
            for name in (PROMPT, COMPLETION):
                assert await records.piece(record.id, name) == record.id.encode() * 1000
