"""Client secrets: made with a key, they open Realtime sessions for some minutes, and nothing else."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest
from openai import AsyncOpenAI
from sqlalchemy import select

from antiphon.resources.account_plan import AccountPlan
from antiphon.resources.deployment_plan import DeploymentPlan
from antiphon.store.tables import ClientSecretRow

from ...clocks import HandClock
from .realtime_server import BETA, GA, OPENAI, RealtimeServer, answered

pytestmark = pytest.mark.anyio

SECRETS = "/openai/v1/realtime/client_secrets"
BETA_SESSIONS = "/openai/realtimeapi/sessions?api-version=2025-04-01-preview"
BETA_TRANSCRIPTIONS = "/openai/realtimeapi/transcription_sessions?api-version=2025-04-01-preview"
SESSION = {"type": "realtime", "model": "gpt-realtime", "instructions": "Be brief."}


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def http(realtime: RealtimeServer) -> AsyncGenerator[httpx.AsyncClient]:
    url, headers = f"http://127.0.0.1:{realtime.port}", {"api-key": realtime.backend.key}
    async with httpx.AsyncClient(base_url=url, headers=headers, trust_env=False) as client:
        yield client


async def made(http: httpx.AsyncClient, path: str = SECRETS, **body: Any) -> dict[str, Any]:
    response = await http.post(path, json=body)
    assert response.status_code == 200, response.text
    return response.json()


def bearer(value: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {value}"}


async def test_the_openai_package_creates_one_and_opens_a_session_with_it(realtime: RealtimeServer, clock: HandClock):
    url = f"127.0.0.1:{realtime.port}/openai/v1"
    async with AsyncOpenAI(base_url=f"http://{url}", api_key=realtime.backend.key) as client:
        created = await client.realtime.client_secrets.create(
            expires_after={"anchor": "created_at", "seconds": 120},
            session={"type": "realtime", "model": "gpt-realtime", "instructions": "Be brief."},
        )
    assert created.value.startswith("ek_")
    assert created.expires_at == int(clock().timestamp()) + 120
    assert created.session.type == "realtime"
    assert (created.session.model, created.session.instructions) == ("gpt-realtime", "Be brief.")
    async with (
        AsyncOpenAI(websocket_base_url=f"ws://{url}", api_key=created.value) as browser,
        browser.realtime.connect(model="gpt-realtime") as connection,
    ):
        event = await connection.recv()
    assert event.type == "session.created"
    assert event.session.type == "realtime"
    assert event.session.instructions == "Be brief."


@pytest.mark.parametrize("path", [GA, OPENAI, "/openai/v1/realtime", "/v1/realtime?model=gpt-4o-realtime-preview"])
async def test_a_browser_shows_it_as_a_subprotocol(realtime: RealtimeServer, http: httpx.AsyncClient, path: str):
    secret = (await made(http, session=SESSION))["value"]
    offered = ["realtime", f"openai-insecure-api-key.{secret}", "openai-agents-sdk.0.20.0"]
    async with realtime.open(path, headers={}, subprotocols=offered) as client:
        assert client.socket.subprotocol == "realtime"
        session = (await client.event())["session"]
        assert (session["model"], session["instructions"]) == ("gpt-realtime", "Be brief.")


async def test_it_opens_several_sessions_which_may_change_what_they_began_with(
    realtime: RealtimeServer, http: httpx.AsyncClient
):
    headers = bearer((await made(http, session=SESSION))["value"])
    async with realtime.open(GA, headers=headers) as one, realtime.open(GA, headers=headers) as other:
        await one.event()
        await one.send("session.update", session={"type": "realtime", "instructions": "Be long."})
        assert (await one.event())["session"]["instructions"] == "Be long."
        assert (await other.event())["session"]["instructions"] == "Be brief."
        assert (await answered(other))["status"] == "completed"


async def test_without_a_session_whoever_opens_one_chooses(realtime: RealtimeServer, http: httpx.AsyncClient):
    created = await made(http)
    assert created["session"]["type"] == "realtime"
    async with realtime.open(GA, headers=bearer(created["value"])) as client:
        assert (await client.event())["session"]["model"] == "gpt-4o-realtime-preview"


async def test_once_expired_it_opens_nothing_but_what_it_opened_goes_on(
    realtime: RealtimeServer, http: httpx.AsyncClient, clock: HandClock
):
    headers = bearer((await made(http, session=SESSION))["value"])
    async with realtime.open(GA, headers=headers) as client:
        clock.turn(seconds=601)
        assert (await realtime.refusal(GA, headers=headers))[0] == 401
        assert (await answered(client))["status"] == "completed"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/models"),
        ("POST", "/v1/chat/completions"),
        ("POST", "/v1/audio/speech"),
        ("POST", SECRETS),
        ("POST", BETA_SESSIONS),
    ],
)
@pytest.mark.parametrize("header", ["api-key", "Authorization"])
async def test_it_opens_no_other_route(http: httpx.AsyncClient, method: str, path: str, header: str):
    secret = (await made(http, session=SESSION))["value"]
    http.headers.pop("api-key")
    headers = {header: secret if header == "api-key" else f"Bearer {secret}"}
    assert (await http.request(method, path, json={}, headers=headers)).status_code == 401


async def test_it_opens_no_other_account(realtime: RealtimeServer, http: httpx.AsyncClient):
    services = realtime.backend.services
    other, _ = await services.management.accounts.put("contoso", AccountPlan(location="local"))
    await services.deployments.put(other.id, "gpt-realtime", DeploymentPlan(model_name="gpt-realtime"))
    pair = await services.management.keys.pair(other.id)
    assert pair is not None
    headers = {"Host": "contoso.localhost", "api-key": pair.key1}
    created = (await http.post(SECRETS, json={"session": SESSION}, headers=headers)).json()
    assert created["value"].startswith("ek_")
    assert (await realtime.refusal(GA, headers=bearer(created["value"])))[0] == 401


@pytest.mark.parametrize("value", ["ek_", "ek_0123", "ek_" + "0" * 64, "ek_\u00fc"])
async def test_a_wrong_one_is_refused_like_a_wrong_key(realtime: RealtimeServer, value: str):
    status, body, _ = await realtime.refusal(GA, headers=bearer(value.encode().decode("latin-1")))
    assert (status, body["error"]["code"]) == (401, "401")


async def test_the_store_knows_neither_the_secret_nor_the_session(realtime: RealtimeServer, http: httpx.AsyncClient):
    secret = (await made(http, session=SESSION))["value"]
    async with realtime.backend.database.session() as session:
        row = (await session.scalars(select(ClientSecretRow))).one()
    assert secret.removeprefix("ek_") not in row.secret_hash
    assert b"Be brief." not in row.sealed_starting


async def test_those_that_have_expired_do_not_stay(realtime: RealtimeServer, http: httpx.AsyncClient, clock: HandClock):
    await made(http)
    clock.turn(seconds=601)
    await made(http)
    async with realtime.backend.database.session() as session:
        assert len((await session.scalars(select(ClientSecretRow))).all()) == 1


async def test_an_account_can_have_so_many(
    realtime: RealtimeServer, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("antiphon.resources.client_secrets.MAX_SECRETS", 1)
    await made(http)
    refused = await http.post(SECRETS, json={})
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"expires_after": {"anchor": "created_at", "seconds": 9}}, "expires_after.seconds"),
        ({"expires_after": {"anchor": "created_at", "seconds": 7201}}, "expires_after.seconds"),
        ({"expires_after": {"anchor": "now", "seconds": 60}}, "expires_after.anchor"),
        ({"expires_after": {"seconds": "60"}}, "expires_after.seconds"),
        ({"session": {"type": "live"}}, "session.type"),
        ({"session": {"type": ["realtime"]}}, "session.type"),
        ({"session": {"model": 7}}, "session.model"),
        ({"session": {"nonsense": 7}}, "session.nonsense"),
        ({"session": {"audio": {"output": {"voice": "nobody"}}}}, "session.audio.output.voice"),
        ({"session": {"type": "transcription", "instructions": "x"}}, "session.instructions"),
    ],
)
async def test_what_is_wrong_is_told_before_there_is_a_secret(
    realtime: RealtimeServer, http: httpx.AsyncClient, body: dict[str, Any], param: str
):
    refused = await http.post(SECRETS, json=body)
    assert refused.status_code == 400
    assert refused.json()["error"]["param"] == param
    async with realtime.backend.database.session() as session:
        assert not (await session.scalars(select(ClientSecretRow))).all()


async def test_a_session_has_to_be_possible(http: httpx.AsyncClient):
    assert (await http.post(SECRETS, json={"session": {"model": "nothing"}})).status_code == 404
    refused = await http.post(SECRETS, json={"session": {"model": "gpt-audio"}})
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "OperationNotSupported")
    assert (await http.post(SECRETS, json={"session": {"instructions": "x" * 70_000}})).status_code == 413
    assert (await http.post(SECRETS, content=b"[")).status_code == 400


async def test_a_transcription_session_is_one_whatever_the_url_says(realtime: RealtimeServer, http: httpx.AsyncClient):
    audio = {"input": {"transcription": {"model": "gpt-4o-transcribe", "language": "fr"}}}
    created = await made(http, session={"type": "transcription", "audio": audio})
    assert created["session"]["object"] == "realtime.transcription_session"
    async with realtime.open("/v1/realtime", headers=bearer(created["value"])) as client:
        session = (await client.event())["session"]
    assert (session["type"], session["audio"]["input"]["transcription"]["language"]) == ("transcription", "fr")


@pytest.mark.parametrize("path", [BETA_SESSIONS, "/v1/realtime/sessions"])
async def test_the_beta_dialect_has_its_own_shape(
    realtime: RealtimeServer, http: httpx.AsyncClient, path: str, clock: HandClock
):
    created = await made(http, path, model="gpt-4o-realtime-preview", voice="echo", modalities=["text"])
    secret = created["client_secret"]
    assert (created["object"], created["voice"], created["modalities"]) == ("realtime.session", "echo", ["text"])
    assert secret["expires_at"] == int(clock().timestamp()) + 60
    async with realtime.open(BETA, headers=bearer(secret["value"])) as client:
        session = (await client.event())["session"]
        assert (session["voice"], session["modalities"]) == ("echo", ["text"])
    async with realtime.open(GA, headers=bearer(secret["value"])) as client:
        assert (await client.event())["session"]["audio"]["output"]["voice"] == "echo"


@pytest.mark.parametrize("path", [BETA_TRANSCRIPTIONS, "/v1/realtime/transcription_sessions"])
async def test_the_beta_dialect_transcribes(realtime: RealtimeServer, http: httpx.AsyncClient, path: str):
    created = await made(http, path, input_audio_transcription={"model": "whisper-1", "language": "de"})
    assert created["object"] == "realtime.transcription_session"
    headers = {**bearer(created["client_secret"]["value"]), "OpenAI-Beta": "realtime=v1"}
    async with realtime.open("/v1/realtime", headers=headers) as client:
        event = await client.event()
    assert event["type"] == "transcription_session.created"
    assert event["session"]["input_audio_transcription"]["language"] == "de"


async def test_beta_bodies_are_named_without_a_session(http: httpx.AsyncClient):
    refused = (await http.post(BETA_SESSIONS, json={"voice": "nobody"})).json()["error"]
    assert refused["param"] == "voice"
    assert "session." not in refused["message"]


async def test_it_is_not_kept_on_the_way(http: httpx.AsyncClient):
    assert (await http.post(SECRETS, json={})).headers["Cache-Control"] == "no-store"
