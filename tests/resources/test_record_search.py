"""Records are found by what was said in them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from antiphon.resources.accounts import Account
from antiphon.resources.record_search import FoundRecords, RecordSearch
from antiphon.resources.records import COMPLETION, PROMPT, NewRecord, Operation, Piece, RecordFilter, Records
from antiphon.store.blobs import Blobs
from antiphon.store.database import Database
from antiphon.store.location import DataDirectory
from antiphon.store.sealing import Seal

pytestmark = pytest.mark.anyio


class Clock:
    """A minute passes each time it is looked at."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


@pytest.fixture
def records(database: Database, data: DataDirectory) -> Records:
    return Records(database, Blobs.in_folder(data.blobs), Seal(bytes(32)), clock=Clock())


@pytest.fixture
def search(records: Records) -> RecordSearch:
    return RecordSearch(records)


def chat(question: Any, answer: str) -> tuple[Any, Any]:
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": question}]
    return {"messages": messages}, {"choices": [{"message": {"content": None, "audio": {"transcript": answer}}}]}


def realtime(heard: str, answer: str) -> tuple[Any, Any]:
    def item(role: str, transcript: str) -> Any:
        content = [{"type": "audio", "audio": "input-0.pcm16", "transcript": transcript}]
        return {"id": "item_1", "type": "message", "role": role, "status": "completed", "content": content}

    return {"instructions": "Be kind.", "input": [item("user", heard)]}, {"output": [item("assistant", answer)]}


async def write(
    records: Records, account: Account, record_id: str, said: tuple[Any, Any], operation: Operation = "chatCompletion"
) -> None:
    pieces = [
        Piece(name=name, data=json.dumps(each).encode()) for name, each in zip((PROMPT, COMPLETION), said, strict=True)
    ]
    await records.write_pieces(record_id, pieces)
    await records.add(
        NewRecord(
            id=record_id,
            account_id=account.id,
            deployment="voice",
            model="m",
            principal="key1",
            operation=operation,
            prompt_tokens=1,
            completion_tokens=2,
            audio=(),
        )
    )


async def write_many(records: Records, account: Account, count: int) -> None:
    for number in range(count):
        await write(records, account, f"r{number}", chat(f"Question {number}", "An answer"))


def ids(found: FoundRecords) -> Sequence[str]:
    return [each.record.id for each in found.records]


ALL = RecordFilter()


async def test_words_are_found_in_questions_answers_and_transcripts(
    records: Records, search: RecordSearch, local: Account
):
    await write(records, local, "typed", chat([{"type": "text", "text": "Where is Siena?"}], "In Tuscany."))
    await write(records, local, "spoken", realtime("Wo liegt die große Stadt?", "In der Toskana."), "realtime")
    for words, expected in {
        "siena": ["typed"],
        "tuscany": ["typed"],
        "GROSSE toskana": ["spoken"],
        "where tuscany": ["typed"],
        "siena toskana": [],
        "in": ["spoken", "typed"],
        "voice": [],
        "assistant": [],
    }.items():
        assert ids(await search.find(ALL, words, limit=10)) == expected, words


async def test_an_excerpt_is_the_beginning_of_what_was_asked_last(
    records: Records, search: RecordSearch, local: Account
):
    asked = [{"type": "text", "text": "Listen:\n"}, {"type": "input_audio", "input_audio": {"data": "input-0.wav"}}]
    await write(records, local, "short", chat(asked, "Yes."))
    await write(records, local, "long", chat("word " * 100, "Yes."))
    await write(records, local, "spoken", realtime("Hello there", "Hi"), "realtime")
    await write(records, local, "silent", chat([asked[1]], "Yes."))
    excerpts = {each.record.id: each.excerpt for each in (await search.find(ALL, "", limit=10)).records}
    assert (excerpts["short"], excerpts["spoken"], excerpts["silent"]) == ("Listen:", "Hello there", "")
    assert excerpts["long"] == "word " * 23 + "word…"


async def test_pages_follow_each_other_without_a_gap(records: Records, search: RecordSearch, local: Account):
    await write_many(records, local, 5)
    for words in ("", "question"):
        first = await search.find(ALL, words, limit=2)
        second = await search.find(ALL, words, limit=2, after=first.after)
        third = await search.find(ALL, words, limit=2, after=second.after)
        assert [ids(first), ids(second), ids(third)] == [["r4", "r3"], ["r2", "r1"], ["r0"]]
        assert (third.after, (await search.find(ALL, words, limit=5)).after) == (None, None)


async def test_a_page_goes_on_behind_a_record_that_has_been_deleted(
    records: Records, search: RecordSearch, local: Account
):
    await write_many(records, local, 3)
    first = await search.find(ALL, "", limit=1)
    await records.delete(["r2"])
    assert ids(await search.find(ALL, "", limit=5, after=first.after)) == ["r1", "r0"]


async def test_a_search_stops_after_so_many_records_and_goes_on_from_there(records: Records, local: Account):
    await write_many(records, local, 7)
    search = RecordSearch(records, looked_into=3)
    first = await search.find(ALL, "1", limit=10)
    second = await search.find(ALL, "1", limit=10, after=first.after)
    third = await search.find(ALL, "1", limit=10, after=second.after)
    assert [ids(first), ids(second), ids(third)] == [[], ["r1"], []]
    assert [first.after is None, second.after is None, third.after is None] == [False, False, True]


async def test_a_filter_holds_for_what_is_searched(records: Records, search: RecordSearch, local: Account):
    await write(records, local, "a", chat("Hello", "Hi"))
    await write(records, local, "b", realtime("Hello", "Hi"), "realtime")
    assert ids(await search.find(RecordFilter(operation="realtime"), "hello", limit=5)) == ["b"]
    assert ids(await search.find(RecordFilter(is_stored=True), "hello", limit=5)) == []
    assert ids(await search.find(RecordFilter(account_id="another"), "hello", limit=5)) == []


async def test_what_cannot_be_opened_is_listed_and_never_found(
    database: Database, data: DataDirectory, records: Records, local: Account
):
    await write_many(records, local, 1)
    blind = RecordSearch(Records(database, Blobs.in_folder(data.blobs), Seal(bytes(31) + b"1")))
    (seen,) = (await blind.find(ALL, "", limit=5)).records
    assert (seen.record.id, seen.excerpt) == ("r0", "")
    assert ids(await blind.find(ALL, "question", limit=5)) == []


async def test_all_that_match_are_walked_from_the_oldest_on(records: Records, search: RecordSearch, local: Account):
    await write_many(records, local, 12)
    assert [record.id async for record in search.walk(ALL, "question 1")] == ["r1", "r10", "r11"]
    assert [record.id async for record in search.walk(ALL, "")] == [f"r{number}" for number in range(12)]


async def test_a_walk_goes_on_over_many_pages_of_records_of_the_same_moment(
    monkeypatch: pytest.MonkeyPatch, records: Records, local: Account
):
    monkeypatch.setattr("antiphon.resources.records._AT_A_TIME", 2)
    monkeypatch.setattr(records, "_clock", lambda: datetime(2026, 3, 1, tzinfo=UTC))
    await write_many(records, local, 5)
    walked = [record.id async for record in records.walk(ALL)]
    assert walked == [record.id for record in reversed(await records.find(ALL))] == ["r4", "r3", "r2", "r1", "r0"]
