"""What is recorded is no larger than what was asked, and a list reads no more of it than it shows."""

from __future__ import annotations

import json
from typing import Any

import pytest

from antiphon.resources.record_search import RecordSearch
from antiphon.resources.records import PROMPT, RecordFilter, Records

from ..conftest import Backend, Server, spoken

pytestmark = pytest.mark.anyio

LARGE = "x" * 1_000_000


async def prompt_of(backend: Backend) -> dict[str, Any]:
    await backend.record_writer.flush()
    (record,) = await backend.records.find(RecordFilter())
    return json.loads(await backend.records.piece(record.id, PROMPT))


@pytest.mark.parametrize("store", [True, False])
@pytest.mark.parametrize(
    "ignored",
    [
        {"prediction": {"type": "content", "content": LARGE}},
        {"prediction": {"type": "content", "content": [{"type": "text", "text": LARGE}] * 3}},
        {"user": LARGE},
        {"user_security_context": {"application_name": LARGE}},
        {"safety_identifier": LARGE, "prompt_cache_key": LARGE},
    ],
)
async def test_what_has_no_effect_is_not_recorded(
    server: Server, backend: Backend, ignored: dict[str, Any], store: bool
):
    assert (await server.chat(spoken(**ignored, store=store))).status_code == 200
    prompt = await prompt_of(backend)
    assert prompt.keys().isdisjoint(ignored)
    assert len(json.dumps(prompt)) < 1_000


async def test_who_asks_is_recorded(server: Server, backend: Backend):
    assert (await server.chat(spoken(user="somebody"))).status_code == 200
    assert (await prompt_of(backend))["user"] == "somebody"


async def test_a_list_shows_excerpts_and_opens_nothing_else(
    server: Server, backend: Backend, monkeypatch: pytest.MonkeyPatch
):
    opened: list[str] = []
    piece = Records.piece

    async def noted(records: Records, record_id: str, name: str) -> bytes:
        opened.append(name)
        return await piece(records, record_id, name)

    for number in range(3):
        message = {"role": "user", "content": f"Question {number}: " + "and so on " * 1000}
        assert (await server.chat(spoken(messages=[message]))).status_code == 200
    await backend.record_writer.flush()
    monkeypatch.setattr(Records, "piece", noted)
    search = RecordSearch(backend.records)
    found = await search.find(RecordFilter(), "", limit=2)
    assert [each.excerpt[:12] for each in found.records] == ["Question 2: ", "Question 1: "]
    assert found.after is not None
    assert opened == ["excerpt", "excerpt"]
    assert len((await search.find(RecordFilter(), "question 0", limit=2)).records) == 1


async def test_records_without_an_excerpt_are_listed_by_their_prompt(server: Server, backend: Backend):
    assert (await server.chat(spoken())).status_code == 200
    await backend.record_writer.flush()
    (with_excerpt,) = (await RecordSearch(backend.records).find(RecordFilter(), "", limit=1)).records
    await backend.services.chat.recorder.records._blobs.delete(  # pyright: ignore[reportPrivateUsage]
        f"records/{with_excerpt.record.id}.excerpt"
    )
    (without,) = (await RecordSearch(backend.records).find(RecordFilter(), "", limit=1)).records
    assert without.excerpt == with_excerpt.excerpt != ""
