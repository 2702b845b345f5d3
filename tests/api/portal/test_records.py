"""What was asked and answered, in the portal."""

from __future__ import annotations

import io
import json
import wave
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from antiphon.identity.roles import (
    COGNITIVE_SERVICES_CONTRIBUTOR,
    COGNITIVE_SERVICES_USER,
    OPENAI_CONTRIBUTOR,
    OWNER,
    Role,
)
from antiphon.resources.account_plan import AccountPlan
from antiphon.resources.accounts import Accounts
from antiphon.resources.record_export import json_line
from antiphon.resources.records import COMPLETION, PROMPT, NewRecord, Piece, RecordFilter, Records
from antiphon.store.blobs import Blobs
from antiphon.store.sealing import Seal

from ...identity.forging import OBJECT_ID
from ..conftest import Backend, recording
from .conftest import PORTAL, Browser, browsing, signed_in_as_ada

pytestmark = pytest.mark.anyio

RECORDS = "/portal/api/records"
CHAT = "/openai/deployments/gpt-4o-audio-preview/chat/completions?api-version=2025-01-01-preview"
AUDIO = {"input-0.wav": b"RIFF", "choice-0.pcm16": bytes(48_000), "output-1.mp3": b"ID3"}


async def write(backend: Backend, record_id: str, question: str, **fields: Any) -> None:
    prompt = {"messages": [{"role": "user", "content": question}]}
    completion = {"choices": [{"message": {"audio": {"transcript": "Sì, certo."}}}]}
    pieces = [Piece(name=PROMPT, data=json.dumps(prompt).encode())]
    pieces += [Piece(name=COMPLETION, data=json.dumps(completion).encode())]
    pieces += [Piece(name=name, data=data) for name, data in AUDIO.items()]
    await backend.records.write_pieces(record_id, pieces)
    given: dict[str, Any] = {
        "account_id": backend.account_id,
        "deployment": "Voice",
        "operation": "chatCompletion",
        **fields,
    }
    await backend.records.add(
        NewRecord(
            id=record_id,
            model="gpt-4o-audio-preview-2024-12-17",
            principal="portal",
            prompt_tokens=3,
            completion_tokens=5,
            audio=list(AUDIO),
            labels={"a": "b"},
            **given,
        )
    )


async def listed(browser: Browser, **query: Any) -> list[str]:
    response = await browser.client.get(RECORDS, params=query)
    assert response.status_code == 200, response.text
    return [record["id"] for record in response.json()["records"]]


async def refusal(browser: Browser, path: str, *, method: str = "GET", **options: Any) -> tuple[int, str]:
    response = await browser.client.request(method, path, **options)
    return response.status_code, response.json()["error"]["code"]


async def test_what_was_asked_in_the_playground_is_found_and_heard(operator: Browser, backend: Backend):
    parts = [{"type": "text", "text": "Listen to this."}, recording()]
    body = {
        "messages": [{"role": "user", "content": parts}],
        "modalities": ["text", "audio"],
        "audio": {"voice": "alloy", "format": "pcm16"},
    }
    assert (await operator.client.post(CHAT, json=body)).status_code == 200
    await backend.record_writer.flush()
    (found,) = (await operator.client.get(RECORDS, params={"search": "GOOD day"})).json()["records"]
    assert (found["principal"], found["excerpt"]) == ("portal", "Listen to this.")
    assert found["audio"] == ["input-0.wav", "choice-0.pcm16"]
    heard = await operator.client.get(f"{RECORDS}/{found['id']}/audio/input-0.wav")
    assert heard.headers["content-type"] == "audio/wav"
    with wave.open(io.BytesIO(heard.content)) as file:
        assert file.getnframes() == 16_000


async def test_a_record_is_listed_with_what_is_known_of_it(operator: Browser, backend: Backend):
    await write(backend, "chatcmpl-1", "Where is Siena?", is_stored=True)
    page = (await operator.client.get(RECORDS)).json()
    assert (page["has_more"], page["after"]) == (False, None)
    (record,) = page["records"]
    created = record.pop("created_at")
    assert record.pop("expires_at") - created == 30 * 24 * 3600
    assert abs(created - datetime.now(UTC).timestamp()) < 60
    assert record == {
        "id": "chatcmpl-1",
        "deployment": "Voice",
        "model": "gpt-4o-audio-preview-2024-12-17",
        "principal": "portal",
        "operation": "chatCompletion",
        "is_stored": True,
        "labels": {"a": "b"},
        "prompt_tokens": 3,
        "completion_tokens": 5,
        "audio": list(AUDIO),
        "excerpt": "Where is Siena?",
    }


async def test_a_list_tells_whether_anything_but_what_clients_store_is_recorded(operator: Browser, backend: Backend):
    assert (await operator.client.get(RECORDS)).json()["is_recording"]
    backend.records.keep = timedelta()
    assert not (await operator.client.get(RECORDS)).json()["is_recording"]


async def test_one_record_comes_with_all_that_was_said(operator: Browser, backend: Backend):
    await write(backend, "chatcmpl-1", "Where is Siena?")
    record = (await operator.client.get(f"{RECORDS}/chatcmpl-1")).json()
    assert record["prompt"] == {"messages": [{"role": "user", "content": "Where is Siena?"}]}
    assert record["completion"]["choices"][0]["message"]["audio"]["transcript"] == "Sì, certo."
    assert (record["excerpt"], record["labels"]) == ("Where is Siena?", {"a": "b"})


async def test_a_filter_picks_records(operator: Browser, backend: Backend):
    await write(backend, "chatcmpl-1", "Hello", is_stored=True)
    await write(backend, "resp_2", "Good evening", operation="realtime", deployment="talk")
    for query, expected in [
        ({}, ["resp_2", "chatcmpl-1"]),
        ({"search": "certo hello"}, ["chatcmpl-1"]),
        ({"search": "nobody"}, []),
        ({"deployment": "voice"}, ["chatcmpl-1"]),
        ({"operation": "realtime"}, ["resp_2"]),
        ({"stored": "1"}, ["chatcmpl-1"]),
        ({"stored": "0"}, ["resp_2"]),
        ({"stored": "", "operation": "", "search": " "}, ["resp_2", "chatcmpl-1"]),
    ]:
        assert await listed(operator, **query) == expected, query


async def test_pages_are_followed_by_what_the_one_before_gave(operator: Browser, backend: Backend):
    for number in range(3):
        await write(backend, f"chatcmpl-{number}", "Hello")
    first = (await operator.client.get(RECORDS, params={"limit": 2})).json()
    assert ([each["id"] for each in first["records"]], first["has_more"]) == (["chatcmpl-2", "chatcmpl-1"], True)
    await operator.client.delete(f"{RECORDS}/chatcmpl-1")
    assert await listed(operator, limit=2, after=first["after"]) == ["chatcmpl-0"]


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "ten"},
        {"limit": "٣"},
        {"stored": "yes"},
        {"operation": "speech"},
        {"after": "chatcmpl-1"},
        {"after": f"{'9' * 40}-chatcmpl-1"},
        {"search": "x" * 201},
        {"deployment": "a\0b"},
        {"deployment": "x" * 65},
    ],
)
async def test_a_query_that_makes_no_sense_is_refused_with_the_name_of_what_is_wrong(
    operator: Browser, query: dict[str, str]
):
    response = await operator.client.get(RECORDS, params=query)
    (name,) = query
    assert (response.status_code, response.json()["error"]["code"]) == (400, "invalid_value")
    assert f"'{name}'" in response.json()["error"]["message"]


@pytest.mark.parametrize(
    ("name", "content_type", "file_name"),
    [
        ("input-0.wav", "audio/wav", "chatcmpl-1.input-0.wav"),
        ("choice-0.pcm16", "audio/wav", "chatcmpl-1.choice-0.wav"),
        ("output-1.mp3", "audio/mpeg", "chatcmpl-1.output-1.mp3"),
    ],
)
async def test_audio_comes_as_browsers_play_it(
    operator: Browser, backend: Backend, name: str, content_type: str, file_name: str
):
    await write(backend, "chatcmpl-1", "Hello")
    played = await operator.client.get(f"{RECORDS}/chatcmpl-1/audio/{name}")
    assert (played.status_code, played.headers["content-type"]) == (200, content_type)
    assert played.headers["x-content-type-options"] == "nosniff"
    assert "content-disposition" not in played.headers
    saved = await operator.client.get(f"{RECORDS}/chatcmpl-1/audio/{name}?download=1")
    assert saved.headers["content-disposition"] == f'attachment; filename="{file_name}"'
    assert saved.content == played.content


@pytest.mark.parametrize(
    "path",
    [
        "chatcmpl-1/audio/prompt",
        "chatcmpl-1/audio/completion",
        "chatcmpl-1/audio/input-1.wav",
        "chatcmpl-1/audio/..%2Fchatcmpl-1.prompt",
        "chatcmpl-1/audio/%2e%2e",
        "chatcmpl-1/audio/input-0.wav%00",
        "chatcmpl-1/audio/",
        "..%2fseal.key/audio/input-0.wav",
        "chatcmpl-2",
        "chatcmpl-1%00",
        "chatcmpl-1.prompt",
    ],
)
async def test_what_is_no_record_or_no_audio_of_it_is_not_found(operator: Browser, backend: Backend, path: str):
    await write(backend, "chatcmpl-1", "Hello")
    response = await operator.client.get(f"{RECORDS}/{path}")
    assert (response.status_code, response.headers["content-type"]) == (404, "application/json; charset=utf-8")


async def test_an_export_is_what_the_command_writes(operator: Browser, backend: Backend):
    for number in range(3):
        await write(backend, f"chatcmpl-{number}", f"Question {number}")
    exported = await operator.client.get(f"{RECORDS}/export")
    assert exported.headers["content-disposition"] == 'attachment; filename="records.jsonl"'
    written = [await json_line(backend.records, each) async for each in backend.records.walk(RecordFilter())]
    assert exported.text == "".join(written)
    assert [json.loads(line)["id"] for line in exported.text.splitlines()] == [f"chatcmpl-{n}" for n in range(3)]
    searched = await operator.client.get(f"{RECORDS}/export", params={"search": "question 1"})
    assert [json.loads(line)["id"] for line in searched.text.splitlines()] == ["chatcmpl-1"]
    nothing = await operator.client.get(f"{RECORDS}/export", params={"search": "nobody"})
    assert (nothing.status_code, nothing.content) == (200, b"")


async def test_a_deleted_record_is_gone_for_good(operator: Browser, backend: Backend):
    await write(backend, "chatcmpl-1", "Hello", is_stored=True)
    assert (await operator.client.delete(f"{RECORDS}/chatcmpl-1")).status_code == 204
    assert await refusal(operator, f"{RECORDS}/chatcmpl-1") == (404, "record_not_found")
    assert await refusal(operator, f"{RECORDS}/chatcmpl-1", method="DELETE") == (404, "record_not_found")


async def test_records_are_purged_by_deployment_and_date(operator: Browser, backend: Backend):
    await write(backend, "old", "Hello")
    await write(backend, "other", "Hello", deployment="talk")

    async def purge(**body: Any) -> int:
        response = await operator.client.post(f"{RECORDS}/purge", json=body)
        assert response.status_code == 200, response.text
        return response.json()["deleted"]

    now = datetime.now(UTC)
    assert await purge(before=(now - timedelta(hours=1)).timestamp()) == 0
    assert await purge(deployment="VOICE", before=(now + timedelta(hours=1)).timestamp()) == 1
    assert await listed(operator) == ["other"]
    assert await purge() == 1
    assert await listed(operator) == []


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"before": "yesterday"}', b'{"before": 1e300}', b'{"before": -1}', b'{"befor": 1}']
)
async def test_a_purge_that_cannot_be_understood_deletes_nothing(operator: Browser, backend: Backend, body: bytes):
    await write(backend, "chatcmpl-1", "Hello")
    response = await operator.client.post(f"{RECORDS}/purge", content=body)
    assert response.status_code == 400
    assert await listed(operator) == ["chatcmpl-1"]


async def test_another_accounts_records_are_as_if_they_were_not(operator: Browser, backend: Backend):
    other, _ = await Accounts(backend.database).put("contoso", AccountPlan(location="eastus2"))
    await write(backend, "chatcmpl-1", "Hello", account_id=other.id)
    assert await listed(operator) == []
    for method, path in [("GET", ""), ("DELETE", ""), ("GET", "/audio/input-0.wav")]:
        refused = await refusal(operator, f"{RECORDS}/chatcmpl-1{path}", method=method)
        assert refused == (404, "record_not_found")
    assert (await operator.client.get(f"{RECORDS}/export")).content == b""
    assert (await operator.client.post(f"{RECORDS}/purge", json={})).json() == {"deleted": 0}
    async with browsing(backend, url="http://contoso.localhost:8080") as at_other:
        await at_other.sign_in()
        assert await listed(at_other) == ["chatcmpl-1"]


async def test_records_sealed_with_a_lost_key_are_listed_and_the_key_is_asked_for(
    operator: Browser, backend: Backend, tmp_path: Any
):
    lost = Records(backend.database, Blobs.in_folder(tmp_path / "blobs"), Seal(bytes(31) + b"1"))
    sealed = [Piece(name=name, data=b"{}") for name in (PROMPT, COMPLETION, "input-0.wav")]
    await lost.write_pieces("chatcmpl-1", sealed)
    await lost.add(
        NewRecord(
            id="chatcmpl-1",
            account_id=backend.account_id,
            deployment="voice",
            model="m",
            principal="key1",
            operation="chatCompletion",
            prompt_tokens=1,
            completion_tokens=1,
            audio=["input-0.wav"],
        )
    )
    assert await listed(operator) == ["chatcmpl-1"]
    for path in ("chatcmpl-1", "chatcmpl-1/audio/input-0.wav", "export"):
        response = await operator.client.get(f"{RECORDS}/{path}")
        assert (response.status_code, response.json()["error"]["code"]) == (500, "record_unreadable")
        assert "Restore that key" in response.json()["error"]["message"]


ASKED = [
    ("GET", RECORDS),
    ("GET", f"{RECORDS}/export"),
    ("GET", f"{RECORDS}/chatcmpl-1"),
    ("GET", f"{RECORDS}/chatcmpl-1/audio/input-0.wav"),
    ("DELETE", f"{RECORDS}/chatcmpl-1"),
    ("POST", f"{RECORDS}/purge"),
]


@pytest.mark.parametrize("role", [COGNITIVE_SERVICES_USER, OPENAI_CONTRIBUTOR])
async def test_who_does_not_manage_the_account_sees_no_records(browser: Browser, backend: Backend, role: Role):
    await write(backend, "chatcmpl-1", "Hello")
    await signed_in_as_ada(browser)
    await backend.services.portal.roles.assign(OBJECT_ID, role)
    for method, path in ASKED:
        refused = await refusal(browser, path, method=method, json={} if method == "POST" else None)
        assert refused == (403, "AuthorizationFailed"), path
    assert (await backend.records.get("chatcmpl-1")).id == "chatcmpl-1"


@pytest.mark.parametrize("role", [COGNITIVE_SERVICES_CONTRIBUTOR, OWNER])
async def test_who_manages_the_account_sees_its_records(browser: Browser, backend: Backend, role: Role):
    await write(backend, "chatcmpl-1", "Hello")
    await signed_in_as_ada(browser)
    await backend.services.portal.roles.assign(OBJECT_ID, role, scope=backend.account_id)
    assert await listed(browser) == ["chatcmpl-1"]
    assert (await browser.client.delete(f"{RECORDS}/chatcmpl-1")).status_code == 204


async def test_nothing_is_told_without_a_session_or_with_a_key(backend: Backend):
    await write(backend, "chatcmpl-1", "Hello")
    transport = httpx.ASGITransport(backend.api)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8080") as anybody:
        for method, path in ASKED:
            with_key = await anybody.request(method, path, headers={"api-key": backend.key})
            assert (with_key.status_code, with_key.json()["error"]["code"]) == (403, "portal_header_missing")
            as_page = await anybody.request(method, path, headers={**PORTAL, "api-key": backend.key})
            assert (as_page.status_code, as_page.json()["error"]["code"]) == (401, "session_expired")
