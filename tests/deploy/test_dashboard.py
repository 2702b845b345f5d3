"""Every query of the Grafana dashboard asks for what the server measures, and Prometheus understands it."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from ..serve.stub_servers import CHAT, StubServer, asking, serving
from ..waiting import until

BOARD = Path(__file__).parents[2] / "deploy" / "grafana" / "antiphon.json"
TOKEN = "0123456789abcdef-0123"
QUERIES = [target["expr"] for panel in json.loads(BOARD.read_text())["panels"] for target in panel.get("targets", ())]
_NAME = re.compile(r"\b(?:antiphon|process)_\w+")
_OF_A_HISTOGRAM = re.compile(r"_(bucket|sum|count)$")
_WITHOUT_DATA = ("antiphon_replica", "[45]..", "realtime_response")
"""Queries that find nothing at a server without engines behind URLs, faults and sessions."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[StubServer]:
    with serving(tmp_path_factory.mktemp("measured"), environment={"ANTIPHON_METRICS_TOKEN": TOKEN}) as running:
        httpx.post(f"{running.address}{CHAT}", json=asking(2), headers={"api-key": running.key}, trust_env=False)
        yield running


@pytest.fixture(scope="module")
def measured(server: StubServer) -> set[str]:
    """The names of all families."""
    headers = {"authorization": f"Bearer {TOKEN}"}
    answered = httpx.get(f"{server.address}/metrics", headers=headers, trust_env=False)
    return set(re.findall(r"^# TYPE (\w+) ", answered.text, re.MULTILINE))


@pytest.mark.parametrize("query", QUERIES)
def test_each_query_asks_for_what_there_is(query: str, measured: set[str]) -> None:
    for name in _NAME.findall(query):
        assert {name, _OF_A_HISTOGRAM.sub("", name)} & measured, name


@contextmanager
def prometheus(server: StubServer, folder: Path) -> Generator[httpx.Client]:
    """A real one that reads the server's measures every second."""
    program = shutil.which("prometheus")
    if program is None:
        pytest.skip("prometheus is not installed")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    configuration = folder / "prometheus.yml"
    job = {
        "job_name": "antiphon",
        "scrape_interval": "1s",
        "authorization": {"credentials": TOKEN},
        "static_configs": [{"targets": [f"127.0.0.1:{server.port}"]}],
    }
    configuration.write_text(json.dumps({"scrape_configs": [job]}))  # JSON is YAML.
    options = (f"--storage.tsdb.path={folder / 'tsdb'}", f"--web.listen-address=127.0.0.1:{port}")
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([program, f"--config.file={configuration}", *options], stdout=log, stderr=log)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            until(lambda: len(found(client, "antiphon_worker_up == 1")) == 2)
            until(lambda: found(client, "rate(process_cpu_seconds_total[1m])"))
            yield client
    finally:
        process.kill()
        process.wait()


def found(client: httpx.Client, query: str) -> list[dict[str, Any]]:
    try:
        answered = client.get("/api/v1/query", params={"query": query})
    except httpx.TransportError:  # It is starting.
        return []
    if answered.status_code == 503:
        return []
    assert answered.json()["status"] == "success", answered.text
    return answered.json()["data"]["result"]


def test_prometheus_answers_each_query(server: StubServer, tmp_path: Path) -> None:
    with prometheus(server, tmp_path) as client:
        for query in QUERIES:
            answer = found(client, query.replace("$__rate_interval", "1m"))
            if not any(words in query for words in _WITHOUT_DATA):
                assert answer, query
