"""Records are written beside the requests, and dropped rather than waited for."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from antiphon.resources.accounts import Account
from antiphon.resources.record_writer import Draft, RecordWriter
from antiphon.resources.records import PROMPT, Piece, RecordFilter, Records
from antiphon.store.blobs import Blobs

from .records import new, pieces

pytestmark = pytest.mark.anyio


async def test_what_waits_is_written_when_the_server_ends(records: Records, local: Account):
    async with RecordWriter(records) as writer:
        for number in range(20):
            writer.put(Draft(f"chatcmpl-{number}"), pieces(), new(local, f"chatcmpl-{number}"))
    assert len(await records.find(RecordFilter())) == 20


async def test_a_record_that_there_is_no_room_for_is_dropped_whole(
    records: Records, local: Account, caplog: pytest.LogCaptureFixture
):
    async with RecordWriter(records, max_bytes=10_000) as writer:
        large, small = Draft("chatcmpl-large"), Draft("chatcmpl-small")
        writer.put(large, [Piece(name=PROMPT, data=bytes(20_000))])
        writer.put(small, pieces(), new(local, small.record_id))
        await writer.flush()
        writer.put(large, pieces(), new(local, large.record_id))
    assert [record.id for record in await records.find(RecordFilter())] == ["chatcmpl-small"]
    assert writer.dropped == 1
    assert "A record was dropped: too much waits" in caplog.text


async def test_room_is_there_again_once_something_is_written(records: Records, local: Account):
    async with RecordWriter(records, max_bytes=10_000) as writer:
        for number in range(20):
            writer.put(Draft(f"chatcmpl-{number}"), pieces(), new(local, f"chatcmpl-{number}"))
            await writer.flush()
    assert writer.dropped == 0


async def test_a_disk_that_is_full_stops_neither_the_server_nor_later_records(
    records: Records, blobs: Blobs, local: Account, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    put, is_full = blobs.put, True

    async def perhaps(name: str, data: bytes) -> None:
        if is_full:
            raise OSError("No space left on device")
        await put(name, data)

    monkeypatch.setattr(blobs, "put", perhaps)
    async with RecordWriter(records) as writer:
        cut = Draft("chatcmpl-1")
        writer.put(cut, pieces()[:1])
        await writer.flush()
        is_full = False
        writer.put(cut, pieces()[1:], new(local, cut.record_id))
        writer.put(Draft("chatcmpl-2"), pieces(), new(local, "chatcmpl-2"))
    assert [record.id for record in await records.find(RecordFilter())] == ["chatcmpl-2"]
    assert "No space left" in caplog.text


async def test_a_store_that_does_not_answer_keeps_no_server_from_ending(
    records: Records, local: Account, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    async def hang(*_: Any) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(records, "write_pieces", hang)
    async with RecordWriter(records, flush_seconds=0.05) as writer:
        writer.put(Draft("chatcmpl-1"), pieces(), new(local))
    assert "before 1 pieces of records were written" in caplog.text
