"""The Realtime API on a port of its own, and a watch on its connections."""

from __future__ import annotations

import weakref
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from antiphon.api.realtime.connection import Connection

from ..conftest import Backend
from .realtime_server import RealtimeServer, running


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, Any]]:
    """The loop that the server has."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> weakref.WeakSet[Connection]:
    """Those that are still in memory, of what is opened from now on."""
    kept: weakref.WeakSet[Connection] = weakref.WeakSet()

    class Watched(Connection):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            kept.add(self)

    monkeypatch.setattr("antiphon.api.realtime.endpoint.Connection", Watched)
    return kept


@pytest.fixture
async def realtime(backend: Backend) -> AsyncGenerator[RealtimeServer]:
    async with running(backend) as server:
        yield server
