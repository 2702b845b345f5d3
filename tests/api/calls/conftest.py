"""Calls to the API on a port of its own, whose media stay on this machine."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest

from ..conftest import Backend
from ..realtime.realtime_server import RealtimeServer, running


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, Any]]:
    """The loop that the server has."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def realtime(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[RealtimeServer]:
    def loopback(*, use_ipv4: bool, use_ipv6: bool) -> list[str]:
        return ["127.0.0.1"]

    monkeypatch.setattr("aioice.ice.get_host_addresses", loopback)
    monkeypatch.setattr("antiphon.calls.webrtc.ice.get_host_addresses", loopback)
    async with running(backend) as server:
        yield server


@pytest.fixture
async def http(realtime: RealtimeServer) -> AsyncGenerator[httpx.AsyncClient]:
    url, headers = f"http://127.0.0.1:{realtime.port}", {"api-key": realtime.backend.key}
    async with httpx.AsyncClient(base_url=url, headers=headers, trust_env=False) as client:
        yield client
