"""The server under a path prefix, behind proxies that take it off and proxies that do not."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from http.cookies import SimpleCookie
from typing import Any

import pytest
from starlette.applications import Starlette

from antiphon.api.routes import create_api
from antiphon.errors import ConfigurationError

from .conftest import CHAT, Backend, spoken
from .portal.conftest import SESSION, browsing
from .realtime.realtime_server import GA, running

pytestmark = pytest.mark.anyio

ACCOUNT = (
    "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/local/providers/Microsoft.CognitiveServices"
    "/accounts/local?api-version=2024-10-01"
)


@asynccontextmanager
async def nothing(_: Any) -> AsyncGenerator[None]:
    yield


@pytest.fixture
def prefixed(backend: Backend) -> Starlette:
    api = create_api(nothing, prefix="/antiphon")
    api.state.services = backend.services
    return api


@pytest.mark.parametrize("prefix", ["", "/antiphon"])
async def test_each_path_is_found_with_the_prefix_and_without(
    backend: Backend, prefixed: Starlette, prefix: str
) -> None:
    async with browsing(backend, api=prefixed) as browser:
        key = {"api-key": backend.key}
        assert (await browser.client.get(f"{prefix}/health")).status_code == 200
        assert (await browser.client.get(f"{prefix}/v1/models", headers=key)).status_code == 200
        assert (await browser.client.post(prefix + CHAT, json=spoken(), headers=key)).status_code == 200


@pytest.mark.parametrize("path", ["/antiphonic/health", "/antiphon/antiphon/health", "/ANTIPHON/health"])
async def test_what_is_only_like_the_prefix_is_none(backend: Backend, prefixed: Starlette, path: str) -> None:
    async with browsing(backend, api=prefixed) as browser:
        assert (await browser.client.get(path)).status_code == 404


@pytest.mark.parametrize("path", ["/", "/portal", "/antiphon", "/antiphon/", "/antiphon/portal"])
async def test_the_root_leads_to_the_portal_below_the_prefix(backend: Backend, prefixed: Starlette, path: str) -> None:
    async with browsing(backend, api=prefixed) as browser:
        assert (await browser.client.get(path)).headers["location"] == "/antiphon/portal/"


@pytest.mark.parametrize("prefix", ["", "/antiphon"])
async def test_the_cookie_is_for_the_prefix_whether_or_not_the_proxy_takes_it_off(
    backend: Backend, prefixed: Starlette, prefix: str
) -> None:
    async with browsing(backend, api=prefixed) as browser:
        code = await browser.sessions.create_code()
        response = await browser.client.post(prefix + SESSION, json={"code": code})
        assert next(iter(SimpleCookie(response.headers["set-cookie"]).values()))["path"] == "/antiphon"
        assert response.json()["account"]["endpoint"] == "http://localhost:8080/antiphon"
        assert (await browser.client.get("/antiphon/v1/models")).status_code == 200
        account = await browser.client.get(f"/antiphon{ACCOUNT}")
        assert account.json()["properties"]["endpoint"] == "http://localhost:8080/antiphon/"
        # Another server on the same host gets nothing of it.
        assert (await browser.client.get(SESSION)).status_code == 401


async def test_discovery_names_addresses_below_the_prefix(backend: Backend, prefixed: Starlette) -> None:
    async with browsing(backend, api=prefixed) as browser:
        found = (await browser.client.get("/antiphon/common/v2.0/.well-known/openid-configuration")).json()
        assert found["token_endpoint"].startswith("http://localhost:8080/antiphon/")


async def test_refusals_name_paths_without_the_prefix(backend: Backend, prefixed: Starlette) -> None:
    async with browsing(backend, api=prefixed) as browser:
        bearer = {"Authorization": "Bearer no-key"}
        refused = await browser.client.post(f"/antiphon{CHAT}", json=spoken(), headers=bearer)
        assert refused.json()["statusCode"] == 401  # As on Azure's own routes.


async def test_the_security_headers_are_there_below_the_prefix(backend: Backend, prefixed: Starlette) -> None:
    async with browsing(backend, api=prefixed) as browser:
        headers = (await browser.client.get("/antiphon/portal/api/sign-in")).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]


@pytest.mark.parametrize("prefix", ["", "/antiphon"])
async def test_websockets_are_found_with_the_prefix_and_without(
    backend: Backend, prefixed: Starlette, prefix: str
) -> None:
    async with running(dataclasses.replace(backend, api=prefixed)) as server, server.open(prefix + GA) as client:
        assert (await client.event())["type"] == "session.created"


@pytest.mark.parametrize("prefix", ["/openai", "/v1/antiphon", "/portal", "/Subscriptions", "/health"])
def test_a_prefix_that_could_be_a_path_is_told_at_start(prefix: str) -> None:
    with pytest.raises(ConfigurationError, match="prefix"):
        create_api(nothing, prefix=prefix)
