"""Sessions that are sent far more than they may hold, over a socket: what of it is anywhere in memory."""

from __future__ import annotations

import base64
import gc
import weakref
from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest

from antiphon.api.realtime.connection import Connection
from antiphon.audio.pcm import Pcm
from antiphon.dialogue.reply import AudioSpoken, ReplyEvent, ReplyFinished, ReplyRequest, TextWritten, TranscriptSpoken
from antiphon.hardening.fair_turns import Asking, asking
from antiphon.realtime.budget import Budget
from antiphon.realtime.items import Audio
from antiphon.vocabulary.usage import Usage

from ...waiting import eventually
from ..conftest import Backend, spoken, tone
from .realtime_server import BETA, GA, Client, RealtimeServer, running

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("no_garbage_collection")]

MANUAL = {"turn_detection": None}
MEGABYTE = 2**20
BUDGET = Budget(audio_bytes=8 * MEGABYTE, responses_out_of_band=2)


@pytest.fixture
async def realtime(backend: Backend) -> AsyncGenerator[RealtimeServer]:
    async with running(backend) as server:
        server.limit(budget=BUDGET)
        yield server


def held_bytes() -> int:
    """Of recordings, as they were sent and as they are heard, whoever holds them."""
    things: list[Any] = gc.get_objects()
    sent = {id(each.data): len(each.data) for each in things if type(each) is Audio}
    heard = {id(each.samples): each.samples.nbytes for each in things if type(each) is Pcm}
    return sum(sent.values()) + sum(heard.values())


def forget(backend: Backend) -> None:
    """Have the doubles of the engines forget what they were asked."""
    backend.responder.requests.clear()
    backend.responder.read.clear()
    backend.recognizer.utterances.clear()


async def create(client: Client, number: int, audio: bytes) -> None:
    part = {"type": "input_audio", "audio": base64.b64encode(audio).decode()}
    item = {"id": f"said_{number}", "type": "message", "role": "user", "content": [part]}
    await client.send("conversation.item.create", item=item)
    await client.last("conversation.item.created")


async def test_items_of_audio_take_no_more_than_their_budget(realtime: RealtimeServer):
    before = held_bytes()
    async with realtime.open() as client:
        await client.send("session.update", session=MANUAL)
        for number in range(40):
            await create(client, number, bytes(MEGABYTE))
            assert held_bytes() - before <= BUDGET.audio_bytes + MEGABYTE
    await eventually(lambda: held_bytes() <= before)


@pytest.mark.parametrize("transcription", [None, {"model": "whisper-1"}])
async def test_commits_take_no_more_than_their_budget(realtime: RealtimeServer, transcription: dict[str, str] | None):
    before = held_bytes()
    audio = tone(20.0).to_int16()
    async with realtime.open() as client:
        await client.send("session.update", session=MANUAL | {"input_audio_transcription": transcription})
        for _ in range(30):
            await client.append(audio)
            await client.send("input_audio_buffer.commit")
        for _ in range(30):
            name = "input_audio_buffer.committed" if transcription is None else "conversation.item.input_audio_tran"
            await client.last(name if transcription is None else f"{name}scription.completed")
        forget(realtime.backend)
        await eventually(lambda: held_bytes() - before <= BUDGET.audio_bytes)
    await eventually(lambda: held_bytes() <= before)


async def test_what_is_deleted_is_gone_at_once_also_what_a_reply_has_heard(realtime: RealtimeServer):
    before = held_bytes()
    async with realtime.open() as client:
        await client.send("session.update", session=MANUAL)
        await create(client, 1, tone(20.0).to_int16())
        await client.send("response.create", response={"modalities": ["text"]})
        await client.until("response.done")
        assert held_bytes() - before > MEGABYTE
        await client.send("conversation.item.delete", item_id="said_1")
        await client.until("conversation.item.deleted")
        forget(realtime.backend)
        await eventually(lambda: held_bytes() <= before)


async def test_a_session_is_out_of_memory_when_it_is_over(realtime: RealtimeServer, monkeypatch: pytest.MonkeyPatch):
    kept: weakref.WeakSet[Connection] = weakref.WeakSet()
    serve = Connection.run

    async def run(connection: Connection) -> None:
        kept.add(connection)
        await serve(connection)

    monkeypatch.setattr(Connection, "run", run)
    async with realtime.open(GA) as client:
        await client.until("session.created")
        assert len(kept) == 1
    await eventually(lambda: not kept)


async def test_what_is_done_for_a_session_is_known_to_be_its_own(realtime: RealtimeServer):
    known: list[Asking] = []

    async def respond(request: ReplyRequest) -> AsyncGenerator[ReplyEvent]:
        known.append(asking.get())
        yield TextWritten(text="Yes.")
        yield ReplyFinished(finish_reason="stop", usage=Usage())

    realtime.backend.responder.instead = respond
    sessions: list[str] = []
    for path in (BETA, GA):
        async with realtime.open(path) as client:
            sessions.append((await client.last("session.created"))["session"]["id"])
            await client.send("response.create")
            await client.until("response.done")
    assert known == [Asking(account=realtime.backend.account_id, session=session) for session in sessions]


async def test_what_is_done_for_a_request_is_known_to_be_its_accounts(realtime: RealtimeServer):
    known: list[Asking] = []

    async def respond(request: ReplyRequest) -> AsyncGenerator[ReplyEvent]:
        known.append(asking.get())
        yield TranscriptSpoken(text="Yes.")
        yield AudioSpoken(audio=tone(0.1))
        known.append(asking.get())
        yield ReplyFinished(finish_reason="stop", usage=Usage())

    realtime.backend.responder.instead = respond
    url = f"http://127.0.0.1:{realtime.port}/openai/v1/chat/completions"
    for stream in (False, True):
        chat = spoken(model="gpt-4o-audio-preview", stream=stream, audio={"voice": "alloy", "format": "pcm16"})
        async with httpx.AsyncClient(trust_env=False) as client:
            response = await client.post(url, json=chat, headers={"api-key": realtime.backend.key})
        assert response.status_code == 200
    assert known == [Asking(account=realtime.backend.account_id)] * 4


async def test_a_session_has_its_responses_and_no_more(realtime: RealtimeServer):
    realtime.backend.responder.silent_after = 1
    async with realtime.open() as client:
        for _ in range(BUDGET.responses_out_of_band + 1):
            await client.send("response.create", response={"conversation": "none", "modalities": ["text"]})
        error = await client.last("error")
        assert error["error"]["code"] == "too_many_active_responses"
        assert error["error"]["type"] == "invalid_request_error"
