from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from antiphon.resources.accounts import Account, ensure_local_account
from antiphon.resources.records import Records
from antiphon.resources.stored_completions import StoredCompletions
from antiphon.store.blobs import Blobs
from antiphon.store.database import Database
from antiphon.store.location import DataDirectory

from .clock import Clock
from .records import SEAL


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


@pytest.fixture
def clock() -> Clock:
    """It begins now, because blobs carry the time of the file system."""
    return Clock(datetime.now(UTC))


@pytest.fixture
def blobs(data: DataDirectory) -> Blobs:
    return Blobs.in_folder(data.blobs)


@pytest.fixture
def records(database: Database, blobs: Blobs, clock: Clock) -> Records:
    return Records(database, blobs, SEAL, clock=clock)


@pytest.fixture
def stored(database: Database, records: Records, clock: Clock) -> StoredCompletions:
    return StoredCompletions(database, records, clock=clock)
