"""Who may call, with which offer, and what is answered."""

from __future__ import annotations

import json
import socket
from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest
from openai import AsyncOpenAI

from antiphon.calls.errors import NoFreePort
from antiphon.calls.webrtc.ice import Network
from antiphon.calls.webrtc.peer import Peer

from ...waiting import eventually
from ..realtime.realtime_server import RealtimeServer
from .phone import Phone, calling, phone
from .test_calls import limit

pytestmark = pytest.mark.anyio

CALLS = "/openai/v1/realtime/calls"
SDP = {"Content-Type": "application/sdp"}
SESSION: dict[str, Any] = {"type": "realtime", "model": "gpt-realtime", "instructions": "Be brief."}


@pytest.fixture
async def caller(realtime: RealtimeServer) -> AsyncGenerator[Phone]:
    async with phone() as new:
        yield new


async def secret(http: httpx.AsyncClient, **body: Any) -> dict[str, str]:
    """The header with a new client secret."""
    created = await http.post("/openai/v1/realtime/client_secrets", json=body)
    return {"Authorization": f"Bearer {created.json()['value']}"}


async def begun(caller: Phone, answer: str) -> dict[str, Any]:
    """The session that the call began with."""
    assert answer.startswith("v=0"), answer
    await caller.take(answer)
    return (await caller.event())["session"]


@pytest.mark.parametrize("path", [CALLS, "/v1/realtime/calls"])
async def test_a_browser_sends_its_offer_alone_with_a_client_secret(
    realtime: RealtimeServer, http: httpx.AsyncClient, caller: Phone, path: str
):
    headers = SDP | await secret(http, session=SESSION)
    async with httpx.AsyncClient(base_url=http.base_url, trust_env=False) as browser:
        answered = await browser.post(path, content=caller.offer, headers=headers)
    assert answered.headers["content-type"].startswith("application/sdp")
    assert answered.headers["location"].startswith(f"{path}/rtc_")
    session = await begun(caller, answered.text)
    assert (session["model"], session["instructions"]) == ("gpt-realtime", "Be brief.")


async def test_a_secret_stays_with_its_deployment_while_its_holder_may_want_more(
    http: httpx.AsyncClient, caller: Phone
):
    wanted = {"type": "realtime", "model": "gpt-4o-realtime-preview", "audio": {"output": {"voice": "echo"}}}
    files = {"sdp": (None, caller.offer, "application/sdp"), "session": (None, json.dumps(wanted), "application/json")}
    headers = await secret(http, session=SESSION)
    async with httpx.AsyncClient(base_url=http.base_url, trust_env=False) as browser:
        session = await begun(caller, (await browser.post(CALLS, files=files, headers=headers)).text)
    assert (session["model"], session["instructions"]) == ("gpt-realtime", "Be brief.")
    assert session["audio"]["output"]["voice"] == "echo"


async def test_the_openai_package_creates_and_ends_calls(
    realtime: RealtimeServer, http: httpx.AsyncClient, caller: Phone
):
    url = f"http://127.0.0.1:{realtime.port}/openai/v1"
    async with AsyncOpenAI(base_url=url, api_key=realtime.backend.key) as client:
        answered = await client.realtime.calls.create(
            sdp=caller.offer, session={"type": "realtime", "model": "gpt-realtime", "instructions": "Be brief."}
        )
        session = await begun(caller, answered.text)
        assert session["instructions"] == "Be brief."
        await client.realtime.calls.hangup(answered.response.headers["location"].rpartition("/")[2])
    await eventually(lambda: realtime.backend.services.calls.under_way == 0)


async def test_azures_preview_speaks_beta(http: httpx.AsyncClient, caller: Phone):
    secret = await http.post("/v1/realtime/sessions", json={"model": "gpt-realtime", "instructions": "Be brief."})
    headers = SDP | {"Authorization": f"Bearer {secret.json()['client_secret']['value']}"}
    async with httpx.AsyncClient(base_url=http.base_url, trust_env=False) as browser:
        answered = await browser.post("/v1/realtimertc?model=gpt-realtime", content=caller.offer, headers=headers)
    assert answered.headers["location"].startswith("/v1/realtime/calls/rtc_")
    session = await begun(caller, answered.text)
    assert (session["instructions"], session["input_audio_format"]) == ("Be brief.", "pcm16")
    await caller.send("conversation.item.create", item={"type": "message", "role": "user", "content": []})
    assert (await caller.event())["type"] == "conversation.item.created"


async def test_older_packages_send_json(http: httpx.AsyncClient, caller: Phone):
    session = await begun(caller, (await http.post(CALLS, json={"sdp": caller.offer, "session": SESSION})).text)
    assert session["instructions"] == "Be brief."


@pytest.mark.parametrize(
    ("offer", "headers", "param"),
    [
        ("", SDP, "sdp"),
        ("v=0\r\n", SDP, "sdp"),
        ("v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n", SDP, "sdp"),
        ("v=0\r\nm=audio x\r\nm=audio y\r\n", SDP, "sdp"),
        ("v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n", SDP, "sdp"),
        ("hello", {"Content-Type": "text/plain"}, None),
        ('{"session": {}}', {"Content-Type": "application/json"}, "sdp"),
        ('{"sdp": "v=0", "session": {"type": "other"}}', {"Content-Type": "application/json"}, "session.type"),
    ],
)
async def test_an_offer_that_cannot_be_answered_is_refused(
    http: httpx.AsyncClient, realtime: RealtimeServer, offer: str, headers: dict[str, str], param: str | None
):
    answered = await http.post(f"{CALLS}?model=gpt-realtime", content=offer, headers=headers)
    error = answered.json()["error"]
    assert (answered.status_code, error["type"], error["param"]) == (400, "invalid_request_error", param)
    assert realtime.backend.services.calls.under_way == 0


async def test_a_session_that_makes_no_sense_is_refused(http: httpx.AsyncClient, caller: Phone):
    wrong = SESSION | {"instructions": 5}
    answered = await http.post(CALLS, json={"sdp": caller.offer, "session": wrong})
    assert (answered.status_code, answered.json()["error"]["param"]) == (400, "session.instructions")
    answered = await http.post(CALLS, content=caller.offer, headers=SDP)
    assert answered.json()["error"]["code"] == "missing_required_parameter"


async def test_an_account_has_so_many_calls_at_a_time(realtime: RealtimeServer, http: httpx.AsyncClient, caller: Phone):
    limit(realtime, calls=1)
    async with calling(http, f"{CALLS}?model=gpt-realtime", connects=False):
        refused = await http.post(f"{CALLS}?model=gpt-realtime", content=caller.offer, headers=SDP)
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "5")


async def test_callers_are_told_of_a_public_address_and_of_ports_in_the_range(realtime: RealtimeServer, caller: Phone):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        taken = other.getsockname()[1]
        full = Peer(Network(ports=(taken, taken)), on_packet=lambda packet: None)
        with pytest.raises(NoFreePort):
            await full.answer(caller.offer)
        await full.close()
    peer = Peer(Network(ports=(taken, taken), public_address="203.0.113.7"), on_packet=lambda packet: None)
    answer = await peer.answer(caller.offer)
    await peer.close()
    candidates = [line.split() for line in answer.splitlines() if line.startswith("a=candidate")]
    assert {(words[4], words[5]) for words in candidates} == {("127.0.0.1", str(taken)), ("203.0.113.7", str(taken))}
