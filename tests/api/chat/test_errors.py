"""What bad requests are answered."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from antiphon.hardening.errors import ServerBusy

from ..conftest import CHAT, Server, asking, recording, spoken, wav

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "headers", [{"api-key": "wrong"}, {"api-key": ""}, {"api-key": "ключ".encode().decode("latin-1")}]
)
async def test_a_wrong_key_is_refused_with_azures_words(server: Server, headers: dict[str, str]):
    response = await server.client.post(
        CHAT, json=spoken(), headers=[(k.encode(), v.encode("latin-1")) for k, v in headers.items()]
    )
    assert response.status_code == 401
    error = response.json()["error"]
    assert error["code"] == "401"
    assert error["message"].startswith("Access denied due to invalid subscription key or wrong API endpoint.")
    assert not server.responder.requests


async def test_no_key_is_refused(server: Server):
    del server.client.headers["api-key"]
    assert (await server.chat(spoken())).status_code == 401


async def test_a_key_may_come_as_a_bearer_token(server: Server):
    del server.client.headers["api-key"]
    bearer = {"Authorization": f"Bearer {server.key}"}
    body = spoken(model="gpt-4o-audio-preview")
    assert (await server.client.post("/v1/chat/completions", json=body, headers=bearer)).status_code == 200
    assert (await server.client.post(CHAT, json=body, headers=bearer)).status_code == 200


async def test_a_bad_token_on_azures_route_is_refused_as_a_token(server: Server):
    del server.client.headers["api-key"]
    response = await server.client.post(CHAT, json=spoken(), headers={"Authorization": "Bearer nonsense"})
    assert response.status_code == 401
    assert response.json()["statusCode"] == 401
    assert response.json()["message"].startswith("Unauthorized. Access token is missing")


async def test_an_unknown_deployment_is_not_found_and_the_log_names_those_that_exist(
    server: Server, caplog: pytest.LogCaptureFixture
):
    response = await server.client.post(CHAT.replace("gpt-4o-audio-preview", "nothing", 1), json=spoken())
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "DeploymentNotFound"
    assert "gpt-4o-realtime-preview" in caplog.text


async def test_a_deployment_that_cannot_chat_says_so(server: Server):
    url = CHAT.replace("gpt-4o-audio-preview", "gpt-4o-realtime-preview", 1)
    response = await server.client.post(url, json=spoken())
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "OperationNotSupported"


@pytest.mark.parametrize("version", ["", "?api-version=", "?api-version=2020-01-01", "?api-version=v1"])
async def test_an_unknown_version_is_an_unknown_route(server: Server, version: str):
    response = await server.client.post(CHAT.split("?")[0] + version, json=spoken())
    assert response.status_code == 404
    assert response.json() == {"error": {"code": "404", "message": "Resource not found"}}


async def test_unknown_routes_and_methods_have_azures_shape(server: Server):
    assert (await server.client.get("/nothing")).json() == {"error": {"code": "404", "message": "Resource not found"}}
    assert (await server.client.get(CHAT)).status_code == 405


async def test_text_on_both_sides_is_refused_as_the_model_demands_audio(server: Server):
    status, error = await server.error(asking("Hello."))
    assert status == 400
    assert error == {
        "message": "This model requires that either input content or output modality contain audio.",
        "type": "invalid_request_error",
        "param": "model",
        "code": "invalid_value",
    }


async def test_only_pcm16_can_be_streamed(server: Server):
    status, error = await server.error(spoken(stream=True))
    assert status == 400
    assert error["message"] == (
        "Unsupported value: 'audio.format' does not support 'wav' when stream=true. Supported values are: 'pcm16'."
    )
    assert (error["param"], error["code"]) == ("audio.format", "unsupported_value")


@pytest.mark.parametrize(
    ("options", "param", "said"),
    [
        ({"audio": {"voice": "nobody", "format": "wav"}}, "audio.voice", "'alloy', 'echo', and 'shimmer'"),
        ({"audio": {"voice": "alloy", "format": "wma"}}, "audio.format", "'wav', 'mp3', 'flac'"),
        ({"audio": None}, "audio", "Missing required parameter: 'audio'"),
        ({"modalities": ["audio"]}, "modalities", "Supported combinations"),
        ({"modalities": ["text", "video"]}, "modalities", "Supported combinations"),
        ({"temperature": 3}, "temperature", "<= 2"),
        ({"n": 0}, "n", ">= 1"),
        ({"n": 1000}, "n", "<= 8"),
        ({"max_tokens": 0}, "max_tokens", ">= 1"),
        ({"max_tokens": 5, "max_completion_tokens": 5}, "max_tokens", "at the same time"),
        ({"stop": ["a", "b", "c", "d", "e"]}, "stop", "maximum length 4"),
        ({"top_logprobs": 2}, "top_logprobs", "'logprobs' is enabled"),
        ({"logprobs": True}, "logprobs", "not supported"),
        ({"stream_options": {"include_usage": True}}, "stream_options", "'stream' is enabled"),
        ({"response_format": {"type": "json_object"}}, "response_format", "not supported"),
        ({"response_format": {"type": "xml"}}, "response_format.type", "xml"),
        ({"tools": [{"type": "function", "function": {"name": "a b"}}]}, "tools[0].function.name", "pattern"),
        ({"tools": [{"type": "function", "function": {"name": "f"}}] * 2}, "tools", "a name of its own"),
        ({"tools": [{"type": "retrieval", "function": {"name": "f"}}]}, "tools[0].type", "'function'"),
        ({"tool_choice": "required"}, "tool_choice", "'tools' are specified"),
        ({"logit_bias": {"x": 1}}, "logit_bias", "token ids"),
        ({"messages": []}, "messages", "empty array"),
        ({"messages": [{"role": "user", "content": []}]}, "messages[0].content", "empty array"),
        ({"response_format": {"type": "text", "strict": True}}, "response_format.strict", "Unknown parameter"),
        ({"response_format": {"type": "json_schema", "json_schema": {"name": "a", "foo": 1}}},
         "response_format.json_schema.foo", "Unknown parameter"),
        ({"audio": {"voice": "alloy", "format": "wav", "speed": 2}}, "audio.speed", "Unknown parameter"),
        ({"stream_options": {"continuous_usage_stats": True}}, "stream_options.continuous_usage_stats", "Unknown"),
        ({"tools": [{"type": "function", "strict": True, "function": {"name": "f"}}]}, "tools[0].strict", "Unknown"),
        ({"tools": [{"type": "custom", "custom": {"name": "f"}}]}, "tools[0].type", "'function'"),
        ({"tools": [{"type": "function"}]}, "tools[0].function", "Missing"),
        ({"tool_choice": "auto"}, "tool_choice", "'tools' are specified"),
        ({"tools": [{"type": "function", "function": {"name": "f"}}],
          "tool_choice": {"type": "allowed_tools", "allowed_tools": {"mode": "required", "tools": []}}},
         "tool_choice.allowed_tools.tools", "empty array"),
        ({"tools": [], "tool_choice": "required"}, "tool_choice", "'tools' are specified"),
        ({"tools": [], "tool_choice": {"type": "function", "function": {"name": "f"}}}, "tool_choice", "specified"),
        ({"audio": {"voice": {"id": "voice_1"}, "format": "wav"}}, "audio.voice", "'alloy', 'echo', and 'shimmer'"),
        ({"web_search_options": {}}, "web_search_options", "Web search options not supported with this model."),
        ({"data_sources": [{"type": "azure_search"}]}, "data_sources", "Unsupported parameter: 'data_sources'"),
        ({"moderation": {"model": "omni-moderation-latest"}}, "moderation", "Unsupported parameter"),
        ({"function_call": "auto"}, "function_call", "'functions' are specified"),
        ({"functions": [{"name": "a b"}]}, "functions[0].name", "pattern"),
        ({"functions": [{"name": "f"}], "function_call": {"name": "g"}}, "function_call", "'g'"),
        ({"functions": [{"name": "f"}], "tools": [{"type": "function", "function": {"name": "f"}}]},
         "functions", "'tools'"),
        ({"max_tokens": 40.5}, "max_tokens", "expected an integer, but got a decimal number instead"),
        ({"n": "2"}, "n", "expected an integer, but got a string instead"),
        ({"seed": True}, "seed", "expected an integer, but got a boolean instead"),
        ({"n": 0.0}, "n", ">= 1"),
        ({"messages": [{"role": "user"}]}, "messages[0].content", "Missing"),
        ({"messages": [{"role": "assistant"}]}, "messages[0].content", "needs content, audio or tool calls"),
        ({"messages": [{"role": "robot", "content": "x"}]}, "messages[0].role", "robot"),
        ({"messages": [{"role": "user", "content": 5}]}, "messages[0].content", "expected a string"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}]},
         "messages[0].content[0].type", "not images"),
        ({"messages": [{"role": "system", "content": [recording()]}]}, "messages[0].content[0].type", "user messages"),
    ],
)  # fmt: skip
async def test_a_bad_option_is_named(server: Server, options: dict[str, Any], param: str, said: str):
    status, error = await server.error(spoken(**options))
    assert status == 400
    assert error["type"] == "invalid_request_error"
    assert error["param"] == param
    assert said in error["message"]
    assert not server.responder.requests


async def test_a_value_is_blamed_on_its_own_parameter_whatever_it_says(server: Server):
    _, error = await server.error(
        {"model": "gpt-4o-audio-preview", "messages": [{"role": "x - at `$.evil", "content": "Hi"}]}
    )
    assert (error["param"], error["code"]) == ("messages[0].role", "invalid_value")
    assert error["message"] == (
        "Invalid value: 'x - at `$.evil'. Supported values are: 'system', 'developer', 'user', 'assistant', 'tool', "
        "and 'function'."
    )


async def test_an_unknown_argument_is_refused_as_azure_does(server: Server):
    _, error = await server.error(spoken(colour="red"))
    assert error["message"] == "Unrecognized request argument supplied: colour"


@pytest.mark.parametrize("body", [b"", b"hello", b"{", b"\xff\xfe", b"[" * 100_000, b'{"messages":' * 10_000])
async def test_a_body_that_is_not_json_is_refused(server: Server, body: bytes):
    response = await server.client.post(CHAT, content=body)
    assert response.status_code == 400
    assert response.json()["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (recording("!!!"), "base64"),
        (recording(wav()[:-3]), "base64"),
        (recording(base64.b64encode(b"<html>no audio</html>").decode()), "not a readable wav file"),
        (recording(base64.b64encode(base64.b64decode(wav())[:1000]).decode()), "truncated"),
        (recording(" "), "base64"),
        (recording(wav(), "wma"), "Supported values"),
        ({"type": "input_audio", "input_audio": {"data": 5, "format": "wav"}}, "expected a string"),
        ({"type": "input_audio", "input_audio": {"data": wav()}}, "Missing required parameter"),
    ],
)
async def test_bad_audio_is_refused_where_it_stands(server: Server, part: dict[str, Any], said: str):
    status, error = await server.error(asking({"type": "text", "text": "Listen."}, part))
    assert status == 400
    assert said in error["message"]
    assert error["param"].startswith("messages[0].content[1].input_audio")


async def test_audio_may_be_a_data_url_and_may_have_escaped_slashes(server: Server):
    escaped = (
        '{"messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"format":"wav","data":"%s"}}]}]}'
    )
    data = ("data:audio/wav;base64," + wav()).replace("/", "\\/")
    assert (await server.client.post(CHAT, content=escaped % data)).status_code == 200


@pytest.mark.parametrize("audio_id", ["audio_0", "../../etc/passwd", "audio_" + "0" * 32, "\x00"])
async def test_an_audio_id_that_is_unknown_is_refused(server: Server, audio_id: str):
    messages = [{"role": "assistant", "audio": {"id": audio_id}}, {"role": "user", "content": "And?"}]
    status, error = await server.error({"messages": messages})
    assert status == 400
    assert error["param"] == "messages[0].audio.id"
    assert "does not exist or has expired" in error["message"]


async def test_a_body_that_says_it_is_too_large_is_refused(server: Server):
    response = await server.client.post(CHAT, content=b"x" * (29 * 1024 * 1024))
    assert response.status_code == 413
    assert "20 MB" in response.json()["error"]["message"]


async def test_a_body_that_becomes_too_large_while_it_comes_is_refused(server: Server):
    async def endless():
        for _ in range(40):
            yield b" " * 1024 * 1024

    response = await server.client.post(CHAT, content=endless())
    assert response.status_code == 413


async def test_a_recording_of_more_than_twenty_megabytes_is_refused(server: Server):
    too_long = base64.b64encode(b"\0" * (20 * 1024 * 1024 + 3)).decode()
    response = await server.chat(asking(recording(too_long)))
    assert response.status_code == 413


async def test_a_busy_engine_says_when_to_come_back(server: Server):
    server.responder.script = [ServerBusy()]
    response = await server.chat(spoken())
    assert response.status_code == 429
    assert response.headers["Retry-After"] == "2"
    assert response.headers["retry-after-ms"] == "2000"


async def test_a_fault_of_ours_shows_nothing_of_the_inside_but_an_id_that_the_log_has(
    server: Server, caplog: pytest.LogCaptureFixture
):
    server.responder.script = [RuntimeError("secret path /var/lib")]
    response = await server.chat(spoken())
    assert response.status_code == 500
    assert "secret" not in response.text
    assert response.headers["x-request-id"]
    assert "secret path" in caplog.text
