"""Fixtures that every package's tests may use."""

from __future__ import annotations

import asyncio
import csv
import gc
import math
import shutil
import sys
from collections.abc import AsyncGenerator, Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from antiphon.models.cache import ModelCache
from antiphon.models.disk import default_directory
from antiphon.models.progress import Lines
from antiphon.settings import StoreSettings
from antiphon.store.database import Database

from . import postgresql
from .s3 import CREDENTIALS, S3
from .s3 import s3 as run_s3

SPEECH = Path(__file__).parents[2] / "shared" / "speech"
STORES = ["sqlite", "postgresql"]
ABOUT_STORES = [Path(__file__).with_name(name) for name in ("store", "identity", "resources")]

_TESTS = Path(__file__).parent
_END_TO_END = _TESTS / "end_to_end"
_SHARES = {"portal": [_END_TO_END / "portal"], "models": [_END_TO_END, _TESTS / "engines" / "embedded"]}
"""Which tests stay in one process where several share them, each share in its own. Models that compute at once in two
processes would wait for each other's threads; the portal's tests have one browser."""


def _share_of(path: Path) -> str | None:
    return next((name for name, folders in _SHARES.items() if not set(folders).isdisjoint(path.parents)), None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run those first that stay together: they take longest. Those that start a cluster need a machine of their own."""
    wants_clusters = "cluster" in config.option.markexpr
    for item in items:
        if item.get_closest_marker("cluster") and not wants_clusters:
            item.add_marker(pytest.mark.skip(reason="run by `make cluster`"))
        if _END_TO_END in item.path.parents:
            item.add_marker(pytest.mark.models)
        if item.get_closest_marker("models"):  # The models' libraries warn of what is theirs.
            item.add_marker(pytest.mark.filterwarnings("default"))
    items.sort(key=lambda item: _share_of(item.path) or "rest")  # "models" come first, which take longer.


class _Shares(LoadScopeScheduling):
    """Gives each process a share of its own, and then the other tests file by file."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return _share_of(_TESTS.parent / path) or path


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    return _Shares(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Have what tests logged survive the way to another process, even where it is no Unicode."""
    report = yield
    report.sections = [(name, text.encode("utf-8", "backslashreplace").decode()) for name, text in report.sections]
    return report


def pytest_collection_finish() -> None:
    """Spare the garbage collector what stays until the end, such as thousands of tests and the modules they import."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, Any]]:
    """In asyncio's debug mode, which refuses calls from a wrong thread, and tells where a coroutine that was never
    awaited came from."""
    return "asyncio", {"debug": True, "loop_factory": _patient_loop}


def _patient_loop() -> asyncio.AbstractEventLoop:
    """One that says nothing of steps that take long, as any step may on a busy machine."""
    loop = asyncio.new_event_loop()
    loop.slow_callback_duration = math.inf
    return loop


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--store",
        choices=STORES,
        help="Run all tests that use a database on this one. By default, those of the store, of what is stored and of "
        "identity run on each, all others on sqlite.",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what differs from database to database on each of them."""
    if "store_kind" not in metafunc.fixturenames:
        return
    marker = metafunc.definition.get_closest_marker("store")
    chosen = marker.args[0] if marker else metafunc.config.getoption("--store")
    is_about_stores = any(folder in metafunc.definition.path.parents for folder in ABOUT_STORES)
    kinds = [chosen] if chosen else STORES if is_about_stores else STORES[:1]
    metafunc.parametrize("store_kind", kinds, ids=kinds, scope="session")


@pytest.fixture(scope="session")
def place_database(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """Places a new SQLite database with empty tables at a path: a copy, as making the tables takes longer than most
    tests."""
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
def cluster() -> Generator[postgresql.Cluster]:
    with postgresql.cluster() as started:
        yield started


@pytest.fixture(scope="session")
def place_postgresql(cluster: postgresql.Cluster) -> Callable[[], str]:
    """Places a PostgreSQL database with empty tables: always the same, as making one takes longer than most tests."""
    url = cluster.create()

    async def migrate() -> None:
        async with await Database.open(url):
            pass

    asyncio.run(migrate())

    def place() -> str:
        asyncio.run(cluster.empty(url))
        return url

    return place


@pytest.fixture(scope="session")
def s3() -> Generator[S3]:
    """An S3-compatible store, and credentials for it in the environment."""
    with pytest.MonkeyPatch.context() as patch, run_s3() as started:
        for name, value in CREDENTIALS.items():
            patch.setenv(name, value)
        yield started


@pytest.fixture
def store_settings(store_kind: str, request: pytest.FixtureRequest) -> StoreSettings:
    """The settings of a server's store, with a new database if that is not in the server's data folder."""
    return StoreSettings(url=request.getfixturevalue("place_postgresql")() if store_kind == "postgresql" else None)


@pytest.fixture
def database_url(store_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The URL of a new database: of one in the folder `data` of the test's own, if it is a file."""
    if store_kind == "postgresql":
        return request.getfixturevalue("place_postgresql")()
    return f"sqlite:///{request.getfixturevalue('place_database')(tmp_path / 'data' / 'antiphon.db')}"


@pytest.fixture
def empty_database_url(store_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The same without any tables; a file does not even exist."""
    if store_kind == "postgresql":
        return request.getfixturevalue("cluster").create()
    return f"sqlite:///{tmp_path / 'new' / 'antiphon.db'}"


@pytest.fixture
async def database(anyio_backend: str, database_url: str) -> AsyncGenerator[Database]:
    """A new database."""
    async with await Database.open(database_url) as opened:
        yield opened


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


@pytest.fixture
def no_garbage_collection() -> Generator[None]:
    """What is over is to leave memory by itself: the collector may take minutes to look at what is old."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()
