from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from antiphon.resources.accounts import Account, ensure_local_account
from antiphon.resources.records import Records
from antiphon.resources.stored_completions import StoredCompletions
from antiphon.store.blobs import Blobs
from antiphon.store.database import Database
from antiphon.store.location import DataDirectory

from ..clocks import HandClock
from .disk import SEAL


@pytest.fixture
def data(tmp_path: Path) -> DataDirectory:
    return DataDirectory(path=tmp_path / "data")


@pytest.fixture
async def local(database: Database) -> Account:
    return await ensure_local_account(database)


@pytest.fixture
def clock() -> HandClock:
    """It begins now, because blobs carry the time of the file system."""
    return HandClock(datetime.now(UTC))


@pytest.fixture
def blobs(data: DataDirectory) -> Blobs:
    return Blobs.in_folder(data.blobs)


@pytest.fixture
def records(database: Database, blobs: Blobs, clock: HandClock) -> Records:
    return Records(database, blobs, SEAL, clock=clock)


@pytest.fixture
def stored(database: Database, records: Records, clock: HandClock) -> StoredCompletions:
    return StoredCompletions(database, records, clock=clock)
