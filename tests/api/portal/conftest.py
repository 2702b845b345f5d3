"""Browsers at the portal."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from antiphon.identity.portal_sessions import NewSession, PortalSessions, PortalUser

from ...identity.forging import OBJECT_ID
from ..conftest import Backend

ORIGIN = "http://localhost:8080"
COOKIE = "antiphon-8080"
PORTAL = {"x-antiphon-portal": "1"}
"""What the portal's page sends along, and no other page can."""
SESSION = "/portal/api/session"


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser with the portal open. Its cookies are kept as browsers keep them."""

    client: httpx.AsyncClient
    sessions: PortalSessions

    async def sign_in(self, code: str | None = None) -> httpx.Response:
        code = await self.sessions.create_code() if code is None else code
        return await self.client.post(SESSION, json={"code": code})

    async def is_signed_in(self) -> bool:
        return (await self.client.get(SESSION)).status_code == 200

    @property
    def token(self) -> str:
        return self.client.cookies[COOKIE]


@asynccontextmanager
async def browsing(backend: Backend, *, api: Starlette | None = None, url: str = ORIGIN) -> AsyncGenerator[Browser]:
    transport = httpx.ASGITransport(api or backend.api, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=url, headers=PORTAL) as client:
        yield Browser(client, backend.services.portal.sessions)


@pytest.fixture
async def browser(backend: Backend) -> AsyncGenerator[Browser]:
    async with browsing(backend) as opened:
        yield opened


@pytest.fixture
async def operator(browser: Browser) -> Browser:
    assert (await browser.sign_in()).status_code == 200
    return browser


async def signed_in_as_ada(browser: Browser, **options: Any) -> NewSession:
    """Somebody of Entra's, without roles unless they are given."""
    new = await browser.sessions.open(PortalUser(object_id=OBJECT_ID, name="Ada", **options))
    browser.client.cookies.set(COOKIE, new.token)
    return new
