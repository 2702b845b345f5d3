"""A client's fault is never called the server's: whatever stands in whichever field, no answer is a 500."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from typing import Any

import pytest
from starlette.requests import Request

from antiphon.api.bodies import BodyReader
from antiphon.api.errors import RequestTimeout

from ...hostile_json import hostile_variants
from ..conftest import CHAT, Server, asking, recording, wav

pytestmark = pytest.mark.anyio

SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string", "enum": ["Rome"], "description": "Where."}},
    "required": ["city"],
}
TOOL = {"type": "function", "function": {"name": "look", "description": "Looks.", "parameters": SCHEMA, "strict": True}}
CALL = {"id": "call_1", "type": "function", "function": {"name": "look", "arguments": "{}"}}
SAMPLING = {
    "temperature": 0.5,
    "top_p": 0.5,
    "n": 1,
    "max_tokens": 20,
    "seed": 7,
    "stop": ["a"],
    "frequency_penalty": 0.0,
    "presence_penalty": 0.0,
    "logit_bias": {"5": 1},
    "logprobs": True,
    "top_logprobs": 2,
}
DOCUMENTS: dict[str, Any] = {
    "text": {
        "messages": [
            {"role": "system", "content": "Be brief.", "name": "x"},
            {"role": "user", "content": [{"type": "text", "text": "Hello."}]},
            {"role": "assistant", "content": "Hi.", "audio": None, "refusal": None, "function_call": None},
            {"role": "user", "content": "Bye."},
        ],
        "modalities": ["text", "audio"],
        "audio": {"voice": "alloy", "format": "wav"},
        "metadata": {"topic": "x"},
        "store": True,
        "user": "u",
        "prediction": {"type": "content", "content": "x"},
        "service_tier": "auto",
        "stream": True,
        "stream_options": {"include_usage": True},
    },
    "sampling": asking("Hello.", modalities=["text", "audio"], audio={"voice": {"id": "alloy"}, "format": "wav"})
    | SAMPLING,
    "tools": {
        "messages": [
            {"role": "user", "content": "Where?"},
            {"role": "assistant", "tool_calls": [CALL]},
            {"role": "tool", "tool_call_id": "call_1", "content": "x"},
        ],
        "tools": [TOOL],
        "modalities": ["text", "audio"],
        "audio": {"voice": "alloy", "format": "pcm16"},
        "tool_choice": {"type": "function", "function": {"name": "look"}},
        "response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": SCHEMA, "strict": True}},
    },
    "recording": asking({"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "wav"}}),
}


@pytest.mark.parametrize("name", DOCUMENTS)
async def test_no_value_of_a_chat_request_is_a_fault_of_the_server(server: Server, name: str):
    for label, body in hostile_variants(DOCUMENTS[name]):
        response = await server.client.post(CHAT, content=body.encode())
        assert response.status_code < 500, label
        assert b'"InternalServerError"' not in response.content, label  # The end of a stream.


@pytest.mark.parametrize(
    "key", ["7" * 5_000, "-1", "1.5", "٣", " 1", ""], ids=["long", "negative", "decimal", "script", "space", "empty"]
)
async def test_a_key_of_logit_bias_that_is_no_token_is_refused(server: Server, key: str):
    status, error = await server.error(asking(recording(), logit_bias={key: 1}))
    assert (status, error["param"], error["code"]) == (400, "logit_bias", "invalid_value")


@pytest.mark.parametrize(
    "data", [rb"\n" + b"\xff\xfe", rb"\/" + b"\xed\xa0\x80", b"\xc0\xaf", rb"\q", rb"\ud800", rb"\u00e9"]
)
async def test_audio_that_is_not_even_text_is_refused_as_no_base64(server: Server, data: bytes):
    body = (
        b'{"messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"format":"wav","data":"%b"}}]}]}'
    )
    response = await server.client.post(CHAT, content=body.replace(b"%b", data))
    assert response.status_code == 400
    assert response.json()["error"]["code"] in ("invalid_base64", None)  # None: what is not JSON at all.


async def test_a_body_that_pauses_is_answered_408():
    async def receive() -> dict[str, Any]:
        return await chunks.__anext__()

    async def trickle() -> AsyncGenerator[dict[str, Any]]:
        yield {"type": "http.request", "body": b"{", "more_body": True}
        await asyncio.Event().wait()

    chunks = trickle()
    request = Request({"type": "http", "method": "POST", "path": "/", "headers": []}, receive)
    with pytest.raises(RequestTimeout) as refused:
        async with BodyReader(pause_seconds=0.01).read(request):
            pass
    assert refused.value.status == 408


MEGABYTE = 1024 * 1024
WIDE = {
    "objects": b'{"messages":[],"prediction":[' + b"{}," * (2 * MEGABYTE),
    "messages": b'{"messages":[' + b'{"role":"user"},' * MEGABYTE,
    "keys": b'{"messages":[],"logit_bias":{' + b'"a":1,' * (2 * MEGABYTE),
    "behind a recording": b'{"messages":[{"role":"user","content":"%b"}],"stop":[' % (b"A" * 4 * MEGABYTE)
    + b"0," * MEGABYTE,
}


@pytest.mark.parametrize("body", WIDE.values(), ids=WIDE.keys())
async def test_json_of_too_many_values_is_refused_before_it_is_parsed(
    server: Server, body: bytes, monkeypatch: pytest.MonkeyPatch
):
    def never(_: object) -> None:
        raise AssertionError("it was parsed")

    monkeypatch.setattr("antiphon.api.chat.completions.parse", never)
    response = await server.client.post(CHAT, content=_in_chunks(body))
    assert response.status_code == 413
    assert "too many values" in response.json()["error"]["message"]


async def test_a_long_recording_and_long_text_are_no_such_thing(server: Server):
    body = asking({"type": "text", "text": 'a, "b", [c] ' * 200_000}, recording(wav(60.0)))
    response = await server.client.post(CHAT, content=_in_chunks(json.dumps(body).encode()))
    assert response.status_code == 200


async def _in_chunks(body: bytes) -> AsyncGenerator[bytes]:
    for start in range(0, len(body), 65_536):
        yield body[start : start + 65_536]


PATHS = [
    "/v1/chat/completions/{}/messages",
    "/v1/chat/completions?limit={}",
    "/v1/chat/completions?metadata[{}]={}&after={}&order={}",
    "/v1/models/{}",
    "/openai/deployments/{}?api-version=2024-10-21",
    "/openai/deployments/{}/chat/completions?api-version={}",
    "/subscriptions/{}/resourceGroups/{}?api-version=2024-10-01",
    "/metadata/identity/oauth2/token?resource={}",
    "/local/{}/v2.0/token",
    "/v1.0/servicePrincipals?$filter={}",
    "/portal/api/records?limit={}&after={}",
    "/portal/{}",
]
SEGMENTS = [
    "%00",
    "%ff",
    "%ed%a0%80",
    "%2e%2e%2f",
    "a" * 5_000,
    "%0d%0a",
    "%F0%9F%98%80",
    "9" * 5_000,
    "-1",
    "'",
    "%25",
    "%d9%a3",
    "NaN",
    "1e400",
    "%1b[2J",
    "",
]


@pytest.mark.parametrize("path", PATHS)
async def test_no_path_or_query_is_a_fault_of_the_server(server: Server, path: str):
    for segment in SEGMENTS:
        for method in ("GET", "POST", "PATCH", "DELETE"):
            response = await server.client.request(method, path.replace("{}", segment), content=b"{}")
            assert response.status_code < 500, (method, segment[:20])


HEADERS = [
    "authorization",
    "api-key",
    "content-length",
    "content-type",
    "cookie",
    "expect",
    "host",
    "origin",
    "accept",
    "x-ms-client-request-id",
    "x-forwarded-for",
    "metadata",
    "x-identity-header",
]
VALUES = [
    b"",
    b"\xff\xfe",
    b"Bearer \xff",
    b"Bearer e30.e30.e30",
    b"Bearer " + b"a" * 20_000,
    b"9" * 5_000,
    b"-1",
    b"0" * 5_000 + b"2",
    "٣".encode(),
    b"\xb2",
    b"antiphon_session=\xff",
    b"\x1b[2J",
]


@pytest.mark.parametrize("header", HEADERS)
async def test_no_header_is_a_fault_of_the_server(server: Server, header: str):
    for value in VALUES:
        for path in (CHAT, "/openai/models?api-version=2024-10-21", "/portal/", "/v1.0/me", "/subscriptions"):
            for method in ("GET", "POST"):
                response = await server.client.request(method, path, content=b"{}", headers={header.encode(): value})
                assert response.status_code < 500, (method, path, value[:20])
