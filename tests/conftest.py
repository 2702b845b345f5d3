"""Fixtures that every package's tests may use."""

from __future__ import annotations

import asyncio
import csv
import gc
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from antiphon.models.cache import ModelCache
from antiphon.models.disk import default_directory
from antiphon.models.progress import Lines
from antiphon.store.database import Database

SPEECH = Path(__file__).parents[2] / "shared" / "speech"


def pytest_collection_finish() -> None:
    """Spare the garbage collector what stays until the end, such as thousands of tests and the modules they import."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def place_database(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """Places a new database with empty tables at a path: a copy, as making the tables takes longer than most tests."""
    new = tmp_path_factory.mktemp("new") / "antiphon.db"

    async def migrate() -> None:
        async with await Database.open(new):
            pass

    asyncio.run(migrate())

    def place(path: Path) -> Path:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        return Path(shutil.copy(new, path))

    return place


@pytest.fixture(scope="session")
def model_path() -> Callable[[str], Path]:
    """The folder of a catalogued model, which is fetched when it is not there."""
    cache = ModelCache(default_directory())

    def path(name: str) -> Path:
        cache.ensure([name], Lines(sys.stderr))
        return cache.path(name)

    return path


@dataclass(frozen=True)
class SpeechClip:
    path: Path
    transcript: str
    language: str


@pytest.fixture(scope="session")
def speech_clips() -> dict[str, SpeechClip]:
    """Recorded human speech by relative path; the test is skipped where the recordings are absent."""
    if not SPEECH.is_dir():
        pytest.skip("the recordings in ../shared/speech are not on this machine")
    with (SPEECH / "index.tsv").open(encoding="utf-8") as index:
        rows = csv.DictReader(index, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["path"]: SpeechClip(SPEECH / row["path"], row["transcript"], row["lang"]) for row in rows}
