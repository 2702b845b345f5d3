"""Fixtures that every package's tests may use."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from antiphon.models.cache import ModelCache
from antiphon.models.disk import default_directory
from antiphon.models.progress import Lines

SPEECH = Path(__file__).parents[2] / "shared" / "speech"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


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
