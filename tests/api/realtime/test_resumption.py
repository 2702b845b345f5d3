"""Sessions that were lost with their connection, and are taken up by another one."""

from __future__ import annotations

from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from antiphon.api.realtime.reply_request import Recordings
from antiphon.api.realtime.resumption import Lost, Owner, Resumption, SessionNotFound
from antiphon.realtime.configuration import Configuration
from antiphon.realtime.inputs import ClientLeft, CreateItem
from antiphon.realtime.items import MessageItem, Text
from antiphon.realtime.session import Session

from ...waiting import eventually
from .realtime_server import BETA, GA, OPENAI, Client, RealtimeServer, answered

pytestmark = pytest.mark.anyio

INSTRUCTIONS = "Be kind."
HERE = Owner(account_id="a", deployment="d", principal="p")


async def converse(client: Client) -> str:
    """Have a session with settings of its own and two turns; return its id."""
    created = (await client.last("session.created"))["session"]
    await client.send("session.update", session={"type": "realtime", "instructions": INSTRUCTIONS})
    await answered(client, "Hello.")
    return created["id"]


def cut(client: Client) -> None:
    """Lose the connection, as a network does."""
    client.socket.transport.abort()


async def lost(realtime: RealtimeServer, path: str = GA, **options: Any) -> str:
    """The id of a session that has lost its client."""
    async with realtime.open(path, **options) as client:
        session_id = await converse(client)
        cut(client)
    await eventually(lambda: not realtime.backend.services.realtime.measures.sessions_open)
    return session_id


async def test_a_lost_session_goes_on_with_its_settings_and_its_conversation(realtime: RealtimeServer):
    session_id = await lost(realtime)
    async with realtime.open(f"{GA}&resume={session_id}") as client:
        created = (await client.last("session.created"))["session"]
        assert (created["id"], created["instructions"]) == (session_id, INSTRUCTIONS)
        await answered(client, "Again.")
    turns = realtime.backend.responder.requests[-1].conversation
    assert [turn.role for turn in turns] == ["system", "user", "assistant", "user"]
    assert [*turns[1].parts] == ["Hello."]


async def test_a_connection_that_only_seems_to_be_alive_gives_way(realtime: RealtimeServer):
    async with realtime.open(GA) as old:
        session_id = await converse(old)
        async with realtime.open(f"{GA}&resume={session_id}") as client:
            assert (await client.last("session.created"))["session"]["id"] == session_id
            with pytest.raises(ConnectionClosed) as closed:
                await old.until("response.done")
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1001
            await answered(client)


async def test_an_expired_session_can_be_resumed(realtime: RealtimeServer):
    realtime.limit(session_seconds=0.5, tick_seconds=0.05)
    async with realtime.open(GA) as client:
        session_id = (await client.last("session.created"))["session"]["id"]
        assert (await client.last("error"))["error"]["code"] == "session_expired"
        await client.socket.wait_closed()
    async with realtime.open(f"{GA}&resume={session_id}") as client:
        assert (await client.last("session.created"))["session"]["id"] == session_id


async def test_a_session_that_its_client_has_ended_is_over(realtime: RealtimeServer):
    async with realtime.open(GA) as client:
        session_id = await converse(client)
    await eventually(lambda: not realtime.backend.services.realtime.measures.sessions_open)
    status, body, _ = await realtime.refusal(f"{GA}&resume={session_id}")
    assert (status, body["error"]["code"], body["error"]["param"]) == (404, "session_not_found", "resume")


async def test_a_session_is_taken_up_once(realtime: RealtimeServer):
    session_id = await lost(realtime)
    async with realtime.open(f"{GA}&resume={session_id}"):
        pass
    await eventually(lambda: not realtime.backend.services.realtime.measures.sessions_open)
    assert (await realtime.refusal(f"{GA}&resume={session_id}"))[0] == 404


@pytest.mark.parametrize("path", [BETA, OPENAI])
async def test_the_other_dialect_and_path_may_go_on(realtime: RealtimeServer, path: str):
    session_id = await lost(realtime)
    async with realtime.open(f"{path}&resume={session_id}") as client:
        assert (await client.last("session.created"))["session"]["instructions"] == INSTRUCTIONS


async def test_another_deployment_may_not(realtime: RealtimeServer):
    session_id = await lost(realtime)
    other = GA.replace("gpt-4o-realtime-preview", "gpt-realtime")
    assert (await realtime.refusal(f"{other}&resume={session_id}"))[0] == 404


def kept(text_length: int = 1000) -> Lost:
    session = Session(Configuration(model="gpt-realtime"), new_id=lambda kind: kind, max_ms=1000)
    message = MessageItem(id="", role="user", parts=(Text(text="x" * (text_length - len("item"))),))
    session.receive(CreateItem(item=message))
    session.receive(ClientLeft())
    return Lost(kept=session.keep(), recordings=Recordings())


class NeverRunning:
    async def give_up(self) -> None:
        raise AssertionError("It has been lost before.")


def lose(resumption: Resumption, session_id: str, owner: Owner = HERE, text_length: int = 1000) -> None:
    resumption.begin(session_id, owner, NeverRunning())
    resumption.end(session_id, kept(text_length))


async def known(resumption: Resumption, session_id: str, owner: Owner = HERE) -> bool:
    try:
        await resumption.take(session_id, owner)
    except SessionNotFound:
        return False
    return True


@pytest.mark.parametrize(
    "owner",
    [
        Owner(account_id="b", deployment="d", principal="p"),
        Owner(account_id="a", deployment="e", principal="p"),
        Owner(account_id="a", deployment="d", principal="q"),
    ],
)
async def test_only_who_opened_a_session_may_take_it_up(owner: Owner):
    resumption = Resumption()
    lose(resumption, "sess_1")
    assert not await known(resumption, "sess_1", owner)
    assert await known(resumption, "sess_1")


async def test_somebody_else_cannot_end_a_session_that_runs():
    resumption = Resumption()
    resumption.begin("sess_1", HERE, NeverRunning())
    assert not await known(resumption, "sess_1", Owner(account_id="b", deployment="d", principal="p"))


async def test_after_a_while_it_is_forgotten():
    resumption = Resumption(seconds=0.0)
    lose(resumption, "sess_1")
    await eventually(lambda: not resumption._waiting)
    assert not await known(resumption, "sess_1")


async def test_an_account_has_room_for_its_latest_sessions():
    resumption = Resumption(max_bytes=5000, least_bytes=0)
    for number in range(3):
        lose(resumption, f"sess_{number}")
    assert [await known(resumption, f"sess_{number}") for number in range(3)] == [False, True, True]


async def test_no_account_takes_another_ones_room():
    resumption = Resumption(max_bytes=5000, least_bytes=0)
    other = Owner(account_id="b", deployment="d", principal="p")
    lose(resumption, "sess_other", other)
    for number in range(9):
        lose(resumption, f"sess_{number}")
    assert await known(resumption, "sess_other", other)


async def test_sessions_in_which_little_was_said_are_not_kept_without_end():
    resumption = Resumption(max_bytes=5000, least_bytes=1000)
    for number in range(9):
        lose(resumption, f"sess_{number}", text_length=10)
    assert [await known(resumption, f"sess_{number}") for number in (6, 7, 8)] == [False, True, True]


async def test_what_is_too_large_is_not_kept():
    resumption = Resumption(max_bytes=1000, least_bytes=0)
    lose(resumption, "sess_1", text_length=501)
    assert not await known(resumption, "sess_1")
