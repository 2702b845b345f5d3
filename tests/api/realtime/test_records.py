"""What is recorded of Realtime sessions."""

from __future__ import annotations

import json
from typing import Any

import pytest

from antiphon.dialogue.reply import AudioSpoken, TranscriptSpoken
from antiphon.resources.records import COMPLETION, PROMPT, Record, RecordFilter

from ...waiting import eventually
from ..conftest import tone
from .realtime_server import MANUAL, SILENCE, RealtimeServer, answered, ask, said

pytestmark = pytest.mark.anyio


async def recorded(server: RealtimeServer, *, count: int = 1) -> list[Record]:
    """So many records, the oldest first."""
    found: list[Record] = []

    async def look() -> None:
        found[:] = await server.backend.records.find(RecordFilter())

    for _ in range(200):
        await look()
        if len(found) >= count:
            break
        await server.backend.record_writer.flush()
    assert len(found) == count
    return found[::-1]


async def piece(server: RealtimeServer, record: Record, name: str) -> Any:
    return json.loads(await server.backend.records.piece(record.id, name))


async def test_a_spoken_turn_and_its_answer_are_recorded_with_their_audio(realtime: RealtimeServer):
    async with realtime.open() as client:
        await client.send("session.update", session={"input_audio_transcription": {"model": "whisper-1"}})
        await client.append(said() + SILENCE)
        response = (await client.last("response.done"))["response"]
    (record,) = await recorded(realtime)
    assert (record.id, record.operation, record.principal) == (response["id"], "realtime", "key1")
    assert (record.deployment, record.model) == ("gpt-4o-realtime-preview", "gpt-4o-realtime-preview-2024-12-17")
    assert (record.prompt_tokens, record.completion_tokens) == (19, 5)
    assert record.audio == ["input-0.pcm16", "output-1.pcm16"]
    heard = await realtime.backend.records.piece(record.id, "input-0.pcm16")
    assert said() in heard
    spoken = await realtime.backend.records.piece(record.id, "output-1.pcm16")
    assert spoken == tone(0.6).to_int16() + tone(0.4).to_int16()
    asked, answer = await piece(realtime, record, PROMPT), await piece(realtime, record, COMPLETION)
    assert asked["input"][0]["content"][0]["audio"] == "input-0.pcm16"
    assert answer["output"][0]["content"][0]["transcript"] == "Good day, to you."
    assert answer["status"] == "completed"


async def test_each_response_is_recorded_with_what_was_new(realtime: RealtimeServer):
    async with realtime.open() as client:
        await client.send("session.update", session={**MANUAL, "instructions": "Be kind."})
        await answered(client, "First.")
        await answered(client, "Second.", metadata={"topic": "dogs"})
    first, second = await recorded(realtime, count=2)
    assert [item["content"][0]["text"] for item in (await piece(realtime, first, PROMPT))["input"]] == ["First."]
    asked = await piece(realtime, second, PROMPT)
    assert [item["content"][0]["text"] for item in asked["input"]] == ["Second."]
    assert asked["instructions"] == "Be kind."
    assert (second.labels, second.is_stored) == ({"topic": "dogs"}, False)


async def test_a_response_of_its_own_input_is_recorded_with_it(realtime: RealtimeServer):
    content = [{"type": "input_text", "text": "Apart."}]
    item = {"type": "message", "role": "user", "content": content}
    async with realtime.open() as client:
        await answered(client, "First.")
        await client.send("response.create", response={"conversation": "none", "input": [item]})
        await client.last("response.done")
    _, apart = await recorded(realtime, count=2)
    assert [item["content"][0]["text"] for item in (await piece(realtime, apart, PROMPT))["input"]] == ["Apart."]


async def test_a_response_whose_client_leaves_is_recorded_as_far_as_it_went(realtime: RealtimeServer):
    realtime.backend.responder.script = [TranscriptSpoken(text="Well, "), AudioSpoken(audio=tone(0.2))]
    realtime.backend.responder.silent_after = 2
    async with realtime.open() as client:
        await ask(client)
        await client.last("response.audio.delta")
    await eventually(lambda: not realtime.uvicorn.server_state.connections)
    (record,) = await recorded(realtime)
    answer = await piece(realtime, record, COMPLETION)
    assert (answer["status"], answer["output"][0]["content"][0]["transcript"]) == ("cancelled", "Well, ")
    assert len(await realtime.backend.records.piece(record.id, "output-0.pcm16")) >= 9_600
