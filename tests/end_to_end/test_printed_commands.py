"""What the server prints runs as it stands, in a terminal that knows nothing of it."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Generator
from pathlib import Path

import httpx
import pytest

from .running_server import RunningServer, serving


@pytest.fixture(scope="module")
def odd_server(tmp_path_factory: pytest.TempPathFactory, models: None) -> Generator[RunningServer]:
    """On ports of its own, with a folder whose name a shell would take apart."""
    data = tmp_path_factory.mktemp("it's my data")
    with serving(data) as server:
        yield server


def in_another_terminal(command: str, home: Path) -> str:
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(home)}
    return subprocess.check_output(["sh", "-c", command], cwd="/", env=environment, text=True, timeout=120)


def printed(server: RunningServer, before: str) -> str:
    return re.findall(rf"{before}: (.*)$", server.log.read_text(), re.MULTILINE)[-1]


def test_the_command_for_another_link_signs_in_to_the_server(odd_server: RunningServer, tmp_path: Path) -> None:
    link = in_another_terminal(printed(odd_server, "For another link"), tmp_path).strip()
    address, _, code = link.partition("/portal/#code=")
    assert address == odd_server.url
    own = {"x-antiphon-portal": "1"}
    response = httpx.post(f"{address}/portal/api/session", json={"code": code}, headers=own)
    assert response.status_code == 200

    server = response.json()["server"]
    assert server["tls_port"] == odd_server.tls_port
    lines = in_another_terminal(f"{server['program']} env --key{server['server_options']}", tmp_path).splitlines()
    variables = dict(shlex.split(line)[1].split("=", 1) for line in lines)
    assert variables["AZURE_OPENAI_ENDPOINT"] == odd_server.url
    assert variables["AZURE_OPENAI_API_KEY"] == odd_server.key


def test_the_command_for_the_keys_prints_the_servers(odd_server: RunningServer, tmp_path: Path) -> None:
    assert odd_server.key in in_another_terminal(printed(odd_server, "For its keys"), tmp_path)


def test_with_the_folder_alone_the_ports_are_the_servers(odd_server: RunningServer) -> None:
    assert f"AZURE_OPENAI_ENDPOINT={odd_server.url}\n" in odd_server.run("env")
    assert f"AZURE_OPENAI_ENDPOINT={odd_server.tls_url}\n" in odd_server.run("env", "--tls")
