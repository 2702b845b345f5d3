from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import pytest

from antiphon.resources.accounts import Account, ensure_local_account
from antiphon.store.database import Database
from antiphon.store.location import DataDirectory


@pytest.fixture
def data(tmp_path: Path) -> DataDirectory:
    return DataDirectory(path=tmp_path / "data")


@pytest.fixture
async def database(
    anyio_backend: str, data: DataDirectory, place_database: Callable[[Path], Path]
) -> AsyncGenerator[Database]:
    async with await Database.open(place_database(data.database)) as opened:
        yield opened


@pytest.fixture
async def local(database: Database) -> Account:
    return await ensure_local_account(database)
