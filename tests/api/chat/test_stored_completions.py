"""Stored completions, by the `openai` package; and what is recorded of all others."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any, cast

import httpx
import openai
import pytest
from openai import AsyncOpenAI

from antiphon.dialogue.reply import ReplyFinished, TextWritten
from antiphon.engines.interfaces import ToolCallDelta
from antiphon.resources.records import COMPLETION, PROMPT, Record, RecordFilter
from antiphon.vocabulary.usage import Usage

from ...waiting import settled
from ..conftest import CHAT, Backend, Server, asking, recording, spoken, wav

pytestmark = pytest.mark.anyio

MODEL = "gpt-4o-audio-preview"
VOICE = {"voice": "alloy", "format": "wav"}
STREAMED: dict[str, Any] = {"stream": True, "audio": {"voice": "alloy", "format": "pcm16"}}


@pytest.fixture(params=["/openai/v1", "/v1"])
async def client(backend: Backend, request: pytest.FixtureRequest) -> AsyncGenerator[AsyncOpenAI]:
    transport = httpx.ASGITransport(backend.api, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport) as http:
        yield AsyncOpenAI(
            base_url=f"http://antiphon{request.param}",
            api_key=backend.key,
            http_client=cast("Any", http),
            max_retries=0,
        )


async def store(client: AsyncOpenAI, text: str = "Hello.", **options: Any) -> Any:
    options = {"modalities": ["text", "audio"], "audio": VOICE, "store": True, **options}
    return await client.chat.completions.create(
        model=MODEL, messages=[{"role": "user", "content": text, "name": "Ann"}], **options
    )


async def recorded(backend: Backend) -> list[Record]:
    await backend.record_writer.flush()
    return await backend.records.find(RecordFilter())


async def pieces(backend: Backend, record: Record) -> tuple[Any, Any]:
    """Prompt and completion."""
    return tuple([json.loads(await backend.records.piece(record.id, name)) for name in (PROMPT, COMPLETION)])


# --- as the package sees it ------------------------------------------------------------------------------------------


async def test_a_stored_completion_can_be_retrieved(client: AsyncOpenAI):
    created = await store(client, metadata={"topic": "dogs"})
    found = await client.chat.completions.retrieve(created.id)
    assert found.choices[0].message.audio == created.choices[0].message.audio
    assert found.usage == created.usage
    assert (found.id, found.created, found.model) == (created.id, created.created, created.model)
    assert found.metadata == {"topic": "dogs"}


async def test_they_are_listed_in_pages_without_their_audio(client: AsyncOpenAI):
    ids = [(await store(client, metadata={"number": str(number)})).id for number in range(3)]
    listed = [each async for each in await client.chat.completions.list(limit=2)]
    assert [each.id for each in listed] == ids
    audio = listed[0].choices[0].message.audio
    assert audio is not None
    assert (audio.data, audio.transcript) == ("", "Good day, to you.")
    newest = await client.chat.completions.list(order="desc", limit=1)
    assert ([each.id for each in newest.data], newest.has_more) == ([ids[2]], True)
    labelled = await client.chat.completions.list(metadata={"number": "1"}, model=MODEL)
    assert [each.id for each in labelled.data] == [ids[1]]
    assert (await client.chat.completions.list(model="another")).data == []


async def test_its_messages_are_those_that_were_sent(client: AsyncOpenAI):
    content = [{"type": "text", "text": "What is said?"}, recording()]
    messages: list[Any] = [{"role": "system", "content": "Be kind."}, {"role": "user", "content": content}]
    created = await client.chat.completions.create(model=MODEL, messages=messages, store=True)
    first, second = (await client.chat.completions.messages.list(created.id)).data
    assert (first.id, first.role, first.content, first.content_parts) == (
        f"{created.id}-0",
        "system",
        "Be kind.",
        None,
    )
    assert second.content is None
    assert second.content_parts is not None
    assert second.content_parts[0].to_dict() == {"type": "text", "text": "What is said?"}
    assert second.content_parts[1].to_dict() == {"type": "input_audio", "input_audio": {"data": "", "format": "wav"}}
    page = await client.chat.completions.messages.list(created.id, limit=1, order="desc")
    assert ([each.id for each in page.data], page.has_more) == ([f"{created.id}-1"], True)
    rest = await client.chat.completions.messages.list(created.id, after=f"{created.id}-1", order="desc")
    assert ([each.id for each in rest.data], rest.has_more) == ([f"{created.id}-0"], False)


async def test_metadata_can_be_changed(client: AsyncOpenAI):
    created = await store(client, metadata={"a": "1", "b": "2"})
    updated = await client.chat.completions.update(created.id, metadata={"a": "3"})
    assert updated.metadata == {"a": "3"}
    assert [each.id for each in (await client.chat.completions.list(metadata={"a": "3"})).data] == [created.id]
    with pytest.raises(openai.BadRequestError, match="too many properties"):
        await client.chat.completions.update(created.id, metadata={str(number): "" for number in range(17)})


async def test_a_completion_can_be_deleted(client: AsyncOpenAI):
    created = await store(client)
    deleted = await client.chat.completions.delete(created.id)
    assert (deleted.id, deleted.deleted, deleted.object) == (created.id, True, "chat.completion.deleted")
    assert (await client.chat.completions.list()).data == []
    with pytest.raises(openai.NotFoundError, match="No chat completion found"):
        await client.chat.completions.retrieve(created.id)


async def test_a_stream_is_stored_before_it_ends(client: AsyncOpenAI):
    stream = await store(client, **STREAMED, stream_options={"include_usage": True})
    chunks = [chunk async for chunk in stream]
    found = await client.chat.completions.retrieve(chunks[0].id)
    audio = found.choices[0].message.audio
    assert audio is not None
    assert (audio.transcript, len(base64.b64decode(audio.data))) == ("Good day, to you.", 48_000)
    assert (found.choices[0].finish_reason, found.usage) == ("stop", chunks[-1].usage)


async def test_calls_of_tools_that_are_streamed_are_stored_whole(client: AsyncOpenAI, backend: Backend):
    backend.responder.script = [
        ToolCallDelta(index=0, id="call_1", name="look", arguments='{"at":'),
        ToolCallDelta(index=0, arguments=' "dog"}'),
        ReplyFinished(finish_reason="tool_calls", usage=Usage()),
    ]
    chunks = [chunk async for chunk in await store(client, **STREAMED)]
    choice = (await client.chat.completions.retrieve(chunks[0].id)).choices[0]
    (call,) = choice.message.tool_calls or []
    assert call.type == "function"
    assert (call.function.name, call.function.arguments) == ("look", '{"at": "dog"}')
    assert (choice.message.content, choice.message.audio, choice.finish_reason) == (None, None, "tool_calls")


async def test_what_was_not_stored_is_not_there(client: AsyncOpenAI):
    created = await store(client, store=False)
    assert (await client.chat.completions.list()).data == []
    with pytest.raises(openai.NotFoundError):
        await client.chat.completions.retrieve(created.id)


async def test_another_key_sees_nothing(client: AsyncOpenAI):
    await store(client)
    with pytest.raises(openai.AuthenticationError):
        await client.with_options(api_key="wrong").chat.completions.list()


# --- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "param"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=x", "limit"),
        ("order=up", "order"),
        ("after=chatcmpl-none", "completion_id"),
    ],
)
async def test_a_list_that_makes_no_sense_is_refused(server: Server, query: str, param: str):
    response = await server.client.get(f"/v1/chat/completions?{query}")
    assert response.status_code in {400, 404}
    assert response.json()["error"]["param"] == param


@pytest.mark.parametrize("body", ["{", "[]", "{}", '{"metadata": 1}', '{"metadata": {}, "model": "x"}'])
async def test_an_update_that_makes_no_sense_changes_nothing(server: Server, body: str):
    created = (await server.chat(spoken(store=True, metadata={"a": "1"}))).json()["id"]
    response = await server.client.post(f"/v1/chat/completions/{created}", content=body)
    assert response.status_code == 400
    assert (await server.client.get(f"/v1/chat/completions/{created}")).json()["metadata"] == {"a": "1"}


@pytest.mark.parametrize(
    ("metadata", "param"),
    [
        ({str(number): "" for number in range(17)}, "metadata"),
        ({"k" * 65: ""}, f"metadata.{'k' * 64}"),
        ({"k": "v" * 513}, "metadata.k"),
    ],
)
async def test_metadata_has_its_bounds(server: Server, metadata: dict[str, str], param: str):
    status, error = await server.error(spoken(store=True, metadata=metadata))
    assert (status, error["param"]) == (400, param)


async def test_what_cannot_be_stored_is_not_said_to_be(server: Server, backend: Backend, monkeypatch: Any):
    async def disk_full(*_: Any) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(backend.records, "add", disk_full)
    assert (await server.chat(spoken(store=True))).status_code == 500
    streamed = await server.chat(spoken(store=True, **STREAMED))
    assert "[DONE]" not in streamed.text
    assert "InternalServerError" in streamed.text.split("\n\n")[-2]
    assert (await server.chat(spoken())).status_code == 200


# --- what is recorded without being asked ----------------------------------------------------------------------------


async def test_every_completion_is_recorded(server: Server, backend: Backend):
    asked = {"type": "text", "text": "Well?"}
    completion = (await server.chat(asking(asked, recording(), metadata={"a": "1"}, temperature=0.5))).json()
    (record,) = await recorded(backend)
    assert (record.id, record.is_stored, record.principal, record.operation) == (
        completion["id"],
        False,
        "key1",
        "chatCompletion",
    )
    assert (record.deployment, record.labels) == (MODEL, {"a": "1"})
    assert (record.prompt_tokens, record.completion_tokens) == (19, 5)
    prompt, answer = await pieces(backend, record)
    sent = {"type": "input_audio", "input_audio": {"data": "input-0.wav", "format": "wav"}}
    assert prompt["messages"] == [{"role": "user", "content": [asked, sent]}]
    assert prompt["temperature"] == 0.5
    assert answer["choices"][0]["message"]["content"] == "Good day."
    assert await backend.records.piece(record.id, "input-0.wav") == base64.b64decode(wav())


async def test_what_was_said_aloud_is_recorded_apart(server: Server, backend: Backend):
    completion = (await server.chat(spoken(n=2))).json()
    (record,) = await recorded(backend)
    assert record.audio == ["choice-0.wav", "choice-1.wav"]
    said = base64.b64decode(completion["choices"][1]["message"]["audio"]["data"])
    assert await backend.records.piece(record.id, "choice-1.wav") == said
    _, answer = await pieces(backend, record)
    assert answer["choices"][1]["message"]["audio"]["transcript"] == "Good day, to you."
    assert answer["choices"][1]["message"]["audio"]["data"] == ""


async def test_a_stream_that_fails_is_recorded_as_far_as_it_went(server: Server, backend: Backend):
    server.responder.script = [TextWritten(text="Good "), RuntimeError("Broken")]
    await server.chat(asking(recording(), stream=True, store=True))
    (record,) = await recorded(backend)
    _, answer = await pieces(backend, record)
    assert answer["choices"][0]["message"]["content"] == "Good "
    assert (answer["choices"][0]["finish_reason"], answer["usage"], record.is_stored) == (None, None, False)


async def test_a_stream_whose_client_leaves_is_recorded_as_far_as_it_went(server: Server, backend: Backend):
    leave, answered = asyncio.Event(), asyncio.Event()
    server.responder.script = [TextWritten(text="Good ")]
    server.responder.silent_after = 1
    body = iter([json.dumps(asking(recording(), stream=True)).encode()])

    async def receive() -> dict[str, Any]:
        for sent in body:
            return {"type": "http.request", "body": sent, "more_body": False}
        await leave.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        if b"Good" in message.get("body", b""):
            answered.set()

    path, _, query = CHAT.partition("?")
    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "query_string": query.encode(),
        "headers": [(b"api-key", server.key.encode()), (b"host", b"antiphon")],
        "asgi": {"version": "3.0", "spec_version": "2.3"},
    }
    serving = asyncio.create_task(server.api(scope, receive, send))
    await answered.wait()
    leave.set()
    await asyncio.wait([serving])
    await asyncio.wait_for(server.responder.cancelled.wait(), 60)
    await settled()
    (record,) = await recorded(backend)
    _, answer = await pieces(backend, record)
    assert answer["choices"][0]["message"]["content"] == "Good "


async def test_what_nobody_was_told_is_no_record(server: Server, backend: Backend):
    server.responder.script = [RuntimeError("Broken")]
    assert (await server.chat(spoken())).status_code == 500
    assert (await server.chat(spoken(stream=True, audio=STREAMED["audio"]))).status_code == 500
    assert await recorded(backend) == []


async def test_where_recording_is_off_only_what_is_stored_is_kept(
    server: Server, backend: Backend, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(backend.records, "keep", timedelta(0))
    await server.chat(spoken())
    stored = (await server.chat(spoken(store=True))).json()["id"]
    assert [record.id for record in await recorded(backend)] == [stored]
