"""A real server with the real models, started as a user starts it."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from antiphon.models.catalogue import DEFAULTS

START_SECONDS = 180


@dataclass(frozen=True, slots=True)
class RunningServer:
    url: str
    key: str
    log: Path

    @property
    def environment(self) -> dict[str, str]:
        """What `antiphon env --key` sets, for programs that are run beside."""
        return {
            "AZURE_OPENAI_ENDPOINT": self.url,
            "AZURE_OPENAI_API_KEY": self.key,
            "OPENAI_API_VERSION": "2025-01-01-preview",
            "AZURE_OPENAI_DEPLOYMENT_NAME": "gpt-4o-audio-preview",
        }


def antiphon(*arguments: str) -> list[str]:
    return [str(Path(sys.executable).with_name("antiphon")), *arguments]


@pytest.fixture(scope="session")
def server(
    tmp_path_factory: pytest.TempPathFactory, model_path: Callable[[str], Path]
) -> Generator[RunningServer, None, None]:
    for name in DEFAULTS:
        model_path(name)
    data = tmp_path_factory.mktemp("data")
    log = data / "log"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with log.open("wb") as stderr:
        process = subprocess.Popen(antiphon("serve", "--port", str(port), "--data", str(data)), stderr=stderr)
    try:
        url = f"http://localhost:{port}"
        _wait_until_healthy(url, process, log)
        keys = subprocess.check_output(antiphon("keys", "list", "--json", "--data", str(data)))
        yield RunningServer(url=url, key=json.loads(keys)["key1"], log=log)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def _wait_until_healthy(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            if httpx.get(f"{url}/health").status_code == 200:
                return
        except httpx.ConnectError:
            time.sleep(0.2)
    raise AssertionError(f"The server did not start:\n{log.read_text()}")
