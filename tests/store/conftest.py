from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import pytest

from antiphon.store.database import Database


@pytest.fixture
async def database(
    anyio_backend: str, tmp_path: Path, place_database: Callable[[Path], Path]
) -> AsyncGenerator[Database]:
    async with await Database.open(place_database(tmp_path / "data" / "antiphon.db")) as opened:
        yield opened
