"""A Ray cluster of two nodes on this machine, for all tests of a module: starting it takes longer than any of them."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest

from .local_cluster import LocalCluster, local_cluster


@pytest.fixture(scope="module")
def anyio_backend() -> tuple[str, dict[str, Any]]:
    """For the module, as the link to the cluster is opened for all of its tests."""
    return "asyncio", {"debug": False}


@pytest.fixture(scope="module")
def cluster() -> Generator[LocalCluster]:
    with local_cluster() as started:
        yield started
