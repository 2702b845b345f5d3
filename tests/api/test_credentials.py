"""White space around credentials is no part of them, and a header without anything in it is none."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import pytest
from starlette.requests import Request

from antiphon.api.credentials import bearer, credential_header

from .conftest import CHAT, Backend, Server, spoken
from .realtime.realtime_server import BETA, GA, OPENAI, RealtimeServer, running

pytestmark = pytest.mark.anyio

KEY_SUBPROTOCOL = "openai-insecure-api-key."

RIGHT: list[list[tuple[str, str]]] = [
    [("api-key", "KEY ")],
    [("api-key", " \tKEY\t ")],
    [("API-KEY", "\tKEY")],
    [("Authorization", "Bearer   KEY")],
    [("Authorization", "Bearer\tKEY ")],
    [("Authorization", "  bearer KEY")],
    [("Authorization", "BEARER \t KEY\t")],
    [("api-key", ""), ("Authorization", "Bearer KEY")],
    [("api-key", " \t "), ("Authorization", "Bearer KEY")],
    [("api-key", "KEY"), ("Authorization", "")],
    [("api-key", "KEY"), ("Authorization", "Bearer ")],
    [("api-key", ""), ("api-key", "KEY")],
    [("Authorization", ""), ("Authorization", "Bearer KEY")],
]
"""Headers of which each lets in, once KEY is the account's."""

WRONG: list[list[tuple[str, str]]] = [
    [],
    [("api-key", "")],
    [("api-key", "\t")],
    [("api-key", ""), ("Authorization", "")],
    [("api-key", "K EY")],
    [("api-key", "\xa0KEY")],
    [("Authorization", "Bearer")],
    [("Authorization", "KEY")],
    [("Authorization", "BearerKEY")],
    [("Authorization", "Basic KEY")],
    [("api-key", "wrong"), ("Authorization", "Bearer KEY")],
]


def with_key(headers: list[tuple[str, str]], key: str) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.replace("KEY", key).encode("latin-1")) for name, value in headers]


@pytest.fixture
def keyless(server: Server) -> Server:
    del server.client.headers["api-key"]
    return server


@pytest.mark.parametrize("headers", RIGHT)
@pytest.mark.parametrize("path", [CHAT, "/openai/v1/chat/completions", "/v1/chat/completions"])
async def test_a_key_lets_in_whatever_white_space_is_around_it(
    keyless: Server, path: str, headers: list[tuple[str, str]]
):
    body = spoken(model="gpt-4o-audio-preview")
    response = await keyless.client.post(path, json=body, headers=with_key(headers, keyless.key))
    assert response.status_code == 200


@pytest.mark.parametrize("headers", WRONG)
async def test_what_is_no_key_lets_nobody_in(keyless: Server, headers: list[tuple[str, str]]):
    response = await keyless.client.post(CHAT, json=spoken(), headers=with_key(headers, keyless.key))
    assert response.status_code == 401
    assert not keyless.responder.requests


@pytest.mark.parametrize("name", ["x-identity-header", "metadata"])
def test_other_credentials_are_read_alike(name: str):
    request = Request({"type": "http", "headers": [(name.encode(), b" \tvalue \t")]})
    assert credential_header(request, name) == "value"
    assert credential_header(request, "another") is None


@pytest.mark.parametrize(
    ("authorization", "token"),
    [
        ("Bearer t", "t"),
        ("bEaReR  t", "t"),
        ("Bearer\t t", "t"),
        ("Bearer", None),
        ("Bearer ", None),
        ("Basic t", None),
        ("", None),
        (None, None),
    ],
)
def test_a_bearer_is_what_follows_the_scheme(authorization: str | None, token: str | None):
    assert bearer(authorization) == token


# --- WebSockets ------------------------------------------------------------------------------------------------------


@pytest.fixture
async def realtime(backend: Backend) -> AsyncGenerator[RealtimeServer]:
    async with running(backend) as server:
        yield server


@pytest.mark.parametrize("path", [BETA, GA, OPENAI])
async def test_a_socket_is_opened_alike(realtime: RealtimeServer, path: str):
    key = realtime.backend.key
    ways: list[dict[str, Any]] = [
        {"headers": {"api-key": f"\t{key} "}},
        {"headers": {"Authorization": f"bearer   {key}  "}},
        {"headers": {"api-key": "", "Authorization": f"Bearer {key}"}},
        {"headers": {"api-key": key, "Authorization": ""}},
        {"headers": {"api-key": ""}, "path": f"{path}&api-key={key}"},
        {"headers": {}, "path": f"{path}&api-key=%20{key}%09"},
        {"headers": {}, "path": f"{path}&api-key=&Authorization=Bearer%20%20{key}"},
        {"headers": {"Authorization": "Bearer "}, "path": f"{path}&api-key={key}"},
        {"headers": {}, "path": f"{path}&api-key=&api-key={key}"},
        {"headers": {"api-key": ""}, "subprotocols": ["realtime", KEY_SUBPROTOCOL + key]},
        {"headers": {}, "path": f"{path}&api-key=", "subprotocols": ["realtime", KEY_SUBPROTOCOL + key]},
    ]
    for way in ways:
        opening: dict[str, Any] = {"path": path, **way}
        async with realtime.open(**opening) as client:
            assert (await client.event())["type"] == "session.created"


async def test_a_socket_without_a_key_stays_closed(realtime: RealtimeServer):
    ways: list[dict[str, Any]] = [
        {"path": f"{BETA}&api-key=", "headers": {}},
        {"path": f"{BETA}&api-key=%20", "headers": {"api-key": " "}},
        {"path": BETA, "headers": {"Authorization": "Bearer "}},
        {"path": BETA, "headers": {}, "subprotocols": ["realtime", KEY_SUBPROTOCOL]},
    ]
    for way in ways:
        assert (await realtime.refusal(**way))[0] == 401
