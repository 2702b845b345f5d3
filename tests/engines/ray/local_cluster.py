"""A Ray cluster whose nodes are processes of this machine, which tests may kill."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

ROOT = Path(__file__).parents[3]
_SMALL = {"num_cpus": 1, "object_store_memory": 80_000_000, "include_log_monitor": False}


class LocalCluster:
    """A head and another node, of one processor each."""

    def __init__(self) -> None:
        from ray.cluster_utils import Cluster  # Takes seconds.

        self._make: Any = Cluster
        self._cluster = self._started(port=None)
        self._other = self._cluster.add_node(**_SMALL)

    @property
    def address(self) -> str:
        return self._cluster.address

    def kill_other_node(self) -> None:
        self._cluster.remove_node(self._other, allow_graceful=False)

    def restart_head(self) -> None:
        """Kill all nodes, and start a head at the same address that knows nothing of what was before."""
        port = int(self.address.rpartition(":")[2])
        self._cluster.shutdown()
        self._cluster = self._started(port=port)

    def shutdown(self) -> None:
        self._cluster.shutdown()

    def _started(self, *, port: int | None) -> Any:
        of_head: dict[str, Any] = {"include_dashboard": False, "no_monitor": True, **_SMALL}
        if port is not None:
            of_head["gcs_server_port"] = port
        return self._make(initialize_head=True, head_node_args=of_head)


@contextmanager
def local_cluster() -> Generator[LocalCluster]:
    """Replicas find the tests' modules there."""
    environment = {"PYTHONPATH": str(ROOT), "RAY_AUTH_MODE": "disabled", "RAY_USAGE_STATS_ENABLED": "0"}
    with patch.dict(os.environ, environment):
        cluster = LocalCluster()
        try:
            yield cluster
        finally:
            cluster.shutdown()
