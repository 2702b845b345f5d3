from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from antiphon.store.database import Database
from antiphon.store.sealing import Seal


@pytest.fixture
async def database(anyio_backend: str, tmp_path: Path) -> AsyncGenerator[Database]:
    async with await Database.open(tmp_path / "data" / "antiphon.db") as opened:
        yield opened


@pytest.fixture
def seal() -> Seal:
    return Seal(bytes(32))
