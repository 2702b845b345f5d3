"""Who may open a Realtime session, how, and in which dialect."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from antiphon.serve.logs import configure_logging

from .realtime_server import BETA, GA, OPENAI, RealtimeServer

pytestmark = pytest.mark.anyio

KEY_SUBPROTOCOL = "openai-insecure-api-key."


# --- refusals before the upgrade -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [BETA, GA, OPENAI])
@pytest.mark.parametrize("headers", [{}, {"api-key": "wrong"}])
async def test_a_wrong_key_is_refused_as_over_http(realtime: RealtimeServer, path: str, headers: dict[str, str]):
    status, body, answered = await realtime.refusal(path, headers=headers)
    assert status == 401
    assert body["error"]["code"] == "401"
    assert body["error"]["message"].startswith("Access denied due to invalid subscription key")
    assert answered["x-request-id"] == answered["apim-request-id"]


async def test_a_bad_token_on_azures_route_is_refused_as_a_token(realtime: RealtimeServer):
    status, body, _ = await realtime.refusal(BETA, headers={"Authorization": "Bearer nonsense"})
    assert (status, body["statusCode"]) == (401, 401)
    assert body["message"].startswith("Unauthorized. Access token is missing")


async def test_an_unknown_deployment_is_not_found(realtime: RealtimeServer):
    status, body, _ = await realtime.refusal(BETA.replace("gpt-4o-realtime-preview", "nothing"))
    assert (status, body["error"]["code"]) == (404, "DeploymentNotFound")


@pytest.mark.parametrize("path", [GA, OPENAI, GA.replace("model=", "deployment=")])
@pytest.mark.parametrize("version", ["2024-10-01", "2024-12-17", "2025-06-03"])
async def test_a_model_with_its_version_is_its_only_deployment(realtime: RealtimeServer, path: str, version: str):
    async with realtime.open(f"{path}-{version}") as client:
        assert (await client.event())["type"] == "session.created"


async def test_azures_beta_route_takes_deployments_alone(realtime: RealtimeServer):
    status, body, _ = await realtime.refusal(f"{BETA}-2024-12-17")
    assert (status, body["error"]["code"]) == (404, "DeploymentNotFound")


@pytest.mark.parametrize("path", [GA.split("?")[0], OPENAI.split("?")[0], BETA.split("&")[0]])
async def test_a_deployment_has_to_be_named(realtime: RealtimeServer, path: str):
    status, body, _ = await realtime.refusal(path)
    assert (status, body["error"]["code"]) == (400, "missing_required_parameter")


async def test_a_deployment_that_only_chats_says_so(realtime: RealtimeServer):
    status, body, _ = await realtime.refusal(GA.replace("realtime-preview", "audio-preview"))
    assert (status, body["error"]["code"]) == (400, "OperationNotSupported")


@pytest.mark.parametrize(
    "path",
    [
        "/openai/realtime?deployment=gpt-4o-realtime-preview",
        "/openai/realtime?api-version=2020-01-01&deployment=gpt-4o-realtime-preview",
        GA + "&api-version=v7",
        "/nothing",
    ],
)
async def test_unknown_versions_and_routes_are_not_found(realtime: RealtimeServer, path: str):
    status, body, _ = await realtime.refusal(path)
    assert (status, body) == (404, {"error": {"code": "404", "message": "Resource not found"}})


async def test_a_fault_before_the_upgrade_is_told_with_its_id(realtime: RealtimeServer):
    realtime.backend.api.state.services = None
    status, body, headers = await realtime.refusal(BETA)
    assert (status, body["error"]["code"]) == (500, "InternalServerError")
    assert headers["x-request-id"]


# --- keys ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [BETA, GA, OPENAI])
async def test_a_key_may_come_as_header_or_bearer_or_in_the_query(realtime: RealtimeServer, path: str):
    key = realtime.backend.key
    ways: list[dict[str, Any]] = [
        {"headers": {"api-key": key}},
        {"headers": {"Authorization": f"Bearer {key}"}},
        {"path": f"{path}&api-key={key}", "headers": {}},
        {"path": f"{path}&Authorization=Bearer%20{key}", "headers": {}},
        {"headers": {}, "subprotocols": ["realtime", KEY_SUBPROTOCOL + key]},
    ]
    for given in ways:
        async with realtime.open(given.pop("path", path), **given) as client:
            assert (await client.event())["type"] == "session.created"


async def test_a_key_in_the_query_opens_no_http_route(realtime: RealtimeServer, server: Any):
    del server.client.headers["api-key"]
    response = await server.client.get(f"/v1/models?api-key={realtime.backend.key}")
    assert response.status_code == 401


async def test_openais_beta_clients_are_told_of_a_bad_key_in_the_open_socket(realtime: RealtimeServer):
    key = "sk-a-wrong-key-of-some-length-1234"
    headers = {"Authorization": f"Bearer {key}", "OpenAI-Beta": "realtime=v1"}
    async with realtime.open(OPENAI, headers=headers) as client:
        event = await client.event()
        assert event["type"] == "error"
        assert event["error"]["code"] == "invalid_api_key"
        assert event["error"]["message"] == "Incorrect API key provided: sk-a********1234."
        with pytest.raises(ConnectionClosed) as closed:
            await client.event()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 3000


async def test_keys_are_not_logged(realtime: RealtimeServer, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG, "antiphon")
    caplog.handler.setLevel(logging.DEBUG)
    async with realtime.open(f"{BETA}&api-key={realtime.backend.key}", headers={}) as client:
        await client.event()
    await realtime.refusal(f"{BETA}&api-key=wrong-key-of-somebody", headers={})
    assert "WEBSOCKET /openai/realtime 401" in caplog.text
    assert realtime.backend.key not in caplog.text
    assert "wrong-key-of-somebody" not in caplog.text


async def test_a_refusal_is_no_error_of_the_server(realtime: RealtimeServer, capsys: pytest.CaptureFixture[str]):
    root = logging.getLogger()
    handlers = root.handlers[:]
    try:
        configure_logging()
        await realtime.refusal(BETA, headers={})
    finally:
        root.handlers[:] = handlers
    logged = capsys.readouterr().err
    assert "WEBSOCKET /openai/realtime 401" in logged
    assert "error" not in logged


# --- dialects, subprotocols, headers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "options", "is_beta"),
    [
        (BETA, {}, True),
        ("/openai/deployments/gpt-4o-realtime-preview/realtime?api-version=2025-04-01-preview", {}, True),
        ("/openai/realtime?api-version=2025-01-01-preview&model=GPT-4o-Realtime-preview", {}, True),
        (GA, {}, False),
        (GA.replace("model", "deployment") + "&api-version=preview", {}, False),
        (GA + "&api-version=2025-08-28", {}, False),
        ("/openai/realtime?api-version=2025-08-28&deployment=gpt-4o-realtime-preview", {}, False),
        ("/openai/deployments/gpt-4o-realtime-preview/realtime?api-version=2025-08-28", {}, False),
        ("/openai/realtime?api-version=2024-12-17&deployment=gpt-4o-realtime-preview", {}, True),
        (OPENAI, {}, False),
        (OPENAI, {"subprotocols": ["realtime", "openai-beta.realtime-v1"]}, True),
        (OPENAI, {"beta": "realtime=v1"}, True),
        (GA, {"beta": "realtime=v1"}, False),
    ],
)
async def test_the_url_and_openais_header_choose_the_dialect(
    realtime: RealtimeServer, path: str, options: dict[str, Any], is_beta: bool
):
    headers = {"api-key": realtime.backend.key}
    if beta := options.pop("beta", None):
        headers["OpenAI-Beta"] = beta
    async with realtime.open(path, headers=headers, **options) as client:
        session = (await client.event())["session"]
        assert ("modalities" in session) is is_beta
        assert ("output_modalities" in session) is not is_beta
        assert session["id"].startswith("sess_")


@pytest.mark.parametrize("path", [BETA, OPENAI])
async def test_realtime_is_chosen_of_the_subprotocols_that_are_offered(realtime: RealtimeServer, path: str):
    offered = ["realtime", KEY_SUBPROTOCOL + realtime.backend.key, "openai-beta.realtime-v1"]
    async with realtime.open(path, headers={}, subprotocols=offered) as client:
        assert client.socket.subprotocol == "realtime"
    async with realtime.open(path) as client:
        assert client.socket.subprotocol is None


async def test_an_open_socket_has_the_requests_id(realtime: RealtimeServer):
    async with realtime.open() as client:
        assert client.socket.response is not None
        headers = client.socket.response.headers
        assert headers["x-request-id"] == headers["apim-request-id"]


@pytest.mark.parametrize("path", ["/v1/realtime?intent=transcription", BETA + "&intent=transcription"])
async def test_a_transcription_session_can_be_asked_for(realtime: RealtimeServer, path: str):
    async with realtime.open(path) as client:
        assert "transcription" in str(await client.event())
        await client.send("response.create")
        assert (await client.event())["type"] == "error"
