"""Which web pages of other origins may call the API."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from antiphon.api.cors import CALLS
from antiphon.api.routes import create_api

from .conftest import Backend

pytestmark = pytest.mark.anyio

APP = "https://app.example.org"
SECRETS = "/openai/v1/realtime/client_secrets"


@asynccontextmanager
async def nothing(_: Any) -> AsyncGenerator[None]:
    yield


@asynccontextmanager
async def page(backend: Backend, *, allowed: Sequence[str] = (), prefix: str = "") -> AsyncGenerator[httpx.AsyncClient]:
    """What a page of `APP` sends and is answered."""
    api = create_api(nothing, origins=allowed, prefix=prefix)
    api.state.services = backend.services
    transport = httpx.ASGITransport(api)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost", headers={"Origin": APP}) as client:
        yield client


async def preflight(client: httpx.AsyncClient, path: str, *, method: str = "POST") -> httpx.Response:
    wanted = "authorization,content-type,x-openai-agents-sdk"
    asked = {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": wanted}
    return await client.options(path, headers=asked)


def is_allowed(answer: httpx.Response) -> bool:
    return answer.headers.get("access-control-allow-origin") in {"*", APP}


@pytest.mark.parametrize("path", CALLS)
async def test_any_page_may_post_an_offer_with_the_headers_of_its_sdk(backend: Backend, path: str):
    async with page(backend) as client:
        answer = await preflight(client, path)
    assert answer.status_code == 200
    assert is_allowed(answer)
    assert "x-openai-agents-sdk" in answer.headers["access-control-allow-headers"]


async def test_the_page_may_read_why_its_offer_was_refused_and_where_its_call_is(backend: Backend):
    async with page(backend) as client:
        refused = await client.post(CALLS[0], headers={"Authorization": "Bearer ek_unknown"}, content="v=0")
    assert refused.is_client_error
    assert is_allowed(refused)
    assert "Location" in refused.headers["access-control-expose-headers"]


async def test_no_credentials_of_the_browser_are_ever_sent_along(backend: Backend):
    async with page(backend, allowed=[APP]) as client:
        answers = [await preflight(client, path) for path in (*CALLS, SECRETS)]
    assert not any("access-control-allow-credentials" in answer.headers for answer in answers)


@pytest.mark.parametrize("path", [SECRETS, "/v1/chat/completions", "/openai/realtimeapi/sessions", "/health"])
async def test_everything_else_is_closed_unless_the_operator_allows_it(backend: Backend, path: str):
    async with page(backend) as client:
        assert not is_allowed(await preflight(client, path))
        assert not is_allowed(await client.get(path))


@pytest.mark.parametrize("allowed", [APP, "*"])
async def test_allowed_origins_may_call_the_data_plane(backend: Backend, allowed: str):
    async with page(backend, allowed=[allowed]) as client:
        assert is_allowed(await preflight(client, SECRETS))
        listed = await client.get("/openai/v1/models", headers={"api-key": backend.key})
    assert listed.status_code == 200
    assert is_allowed(listed)


async def test_other_origins_may_not(backend: Backend):
    async with page(backend, allowed=["https://other.example.org"]) as client:
        assert not is_allowed(await preflight(client, SECRETS))


@pytest.mark.parametrize("path", ["/", "/portal", "/portal/session", "/subscriptions", "/local/oauth2/v2.0/token"])
async def test_the_portal_sign_in_and_management_are_for_no_other_origin(backend: Backend, path: str):
    async with page(backend, allowed=["*"]) as client:
        assert not is_allowed(await preflight(client, path))
        assert not is_allowed(await client.get(path))


async def test_a_prefix_changes_nothing(backend: Backend):
    async with page(backend, prefix="/antiphon") as client:
        assert is_allowed(await preflight(client, f"/antiphon{CALLS[0]}"))
        assert not is_allowed(await preflight(client, f"/antiphon{SECRETS}"))
