"""What clients store: each account finds its own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from antiphon.resources.accounts import Account
from antiphon.resources.errors import CompletionNotFound
from antiphon.resources.records import RecordFilter, Records
from antiphon.resources.stored_completions import CompletionFilter, StoredCompletions
from antiphon.store.blobs import Blobs
from antiphon.store.database import Database
from antiphon.store.location import DataDirectory

from ..clocks import HandClock
from .disk import SEAL, blob_files
from .records import MONTH, new, write

pytestmark = pytest.mark.anyio


async def test_only_what_an_account_has_stored_is_there_for_it(
    records: Records, stored: StoredCompletions, local: Account
):
    await write(records, new(local, "chatcmpl-mine", is_stored=True))
    await write(records, new(local, "chatcmpl-recorded"))
    found, has_more = await stored.list(local.id, CompletionFilter())
    assert ([record.id for record in found], has_more) == (["chatcmpl-mine"], False)
    assert await stored.list("another", CompletionFilter()) == ([], False)
    with pytest.raises(CompletionNotFound):
        await stored.get(local.id, "chatcmpl-recorded")
    with pytest.raises(CompletionNotFound):
        await stored.get("another", "chatcmpl-mine")


@pytest.mark.parametrize(
    "completion_id", ["", "x", "chatcmpl-\0", "chatcmpl-\udcff", "../chatcmpl-1", "chatcmpl-" * 99]
)
async def test_any_text_may_be_asked_for(stored: StoredCompletions, local: Account, completion_id: str):
    with pytest.raises(CompletionNotFound):
        await stored.get(local.id, completion_id)


@pytest.mark.parametrize("newest_first", [False, True])
async def test_pages_follow_each_other_without_gaps(
    records: Records, stored: StoredCompletions, local: Account, clock: HandClock, newest_first: bool
):
    for number in range(7):  # Some at the same moment.
        await write(records, new(local, f"chatcmpl-{number}", is_stored=True, labels={"odd": str(number % 2)}))
        clock.now += timedelta(seconds=number % 2)
    wanted = CompletionFilter(newest_first=newest_first)
    pages: list[list[str]] = []
    after, has_more = None, True
    while has_more:
        found, has_more = await stored.list(local.id, wanted, after=after, limit=3)
        pages.append([record.id[-1] for record in found])
        after = found[-1].id
    order = "6543210" if newest_first else "0123456"
    assert pages == [list(order[:3]), list(order[3:6]), list(order[6:])]


async def test_labels_and_models_narrow_a_list(records: Records, stored: StoredCompletions, local: Account):
    await write(records, new(local, "chatcmpl-1", is_stored=True, labels={"a": "1", "b": "2"}))
    await write(records, new(local, "chatcmpl-2", is_stored=True, labels={"a": "1"}, deployment="Mine"))

    async def found(**wanted: Any) -> list[str]:
        return [record.id[-1] for record in (await stored.list(local.id, CompletionFilter(**wanted)))[0]]

    assert await found(labels={"a": "1"}) == ["1", "2"]
    assert await found(labels={"a": "1", "b": "2"}) == ["1"]
    assert await found(labels={"b": "1"}) == []
    assert await found(model="mine") == ["2"]
    assert await found(model="gpt-4o-audio-preview-2024-12-17") == ["1", "2"]
    assert await found(model="gpt-4o") == []


async def test_what_a_client_deletes_stays_on_record(
    records: Records, stored: StoredCompletions, local: Account, clock: HandClock
):
    await write(records, new(local, is_stored=True, labels={"a": "1"}))
    await stored.delete(local.id, "chatcmpl-1")
    with pytest.raises(CompletionNotFound):
        await stored.get(local.id, "chatcmpl-1")
    record = await records.get("chatcmpl-1")
    assert (record.is_stored, record.labels, record.expires_at) == (False, {}, clock.now + MONTH)


async def test_where_nothing_is_recorded_what_a_client_deletes_is_gone(
    database: Database, blobs: Blobs, local: Account, data: DataDirectory
):
    records = Records(database, blobs, SEAL, keep=timedelta(0))
    await write(records, new(local, is_stored=True))
    await StoredCompletions(database, records).delete(local.id, "chatcmpl-1")
    assert await records.find(RecordFilter()) == []
    assert blob_files(data) == set()
