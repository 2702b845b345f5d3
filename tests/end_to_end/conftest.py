"""A real server with the real models, started as a user starts it."""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from antiphon.models.catalogue import DEFAULTS

from .running_server import RunningServer, serving


@pytest.fixture(scope="session")
def models(model_path: Callable[[str], Path]) -> None:
    for name in DEFAULTS:
        model_path(name)


@pytest.fixture(scope="session")
def server_with_models(tmp_path_factory: pytest.TempPathFactory, models: None) -> Generator[RunningServer]:
    """One with the default models, for all tests that need no other."""
    with serving(tmp_path_factory.mktemp("data")) as server:
        yield server


@pytest.fixture(scope="session")
def server(server_with_models: RunningServer) -> RunningServer:
    return server_with_models
