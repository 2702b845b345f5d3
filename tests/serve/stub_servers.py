"""`antiphon serve` in a process of its own, with a double in place of the engines: see `stub_server`."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil
from websockets.asyncio.client import connect

from ..api.realtime.realtime_server import BETA
from ..waiting import until
from .small_servers import free_ports

ROOT = Path(__file__).parents[2]
CHAT = "/openai/deployments/gpt-4o-audio-preview/chat/completions?api-version=2025-01-01-preview"


@dataclass(frozen=True, slots=True, kw_only=True)
class StubServer:
    process: subprocess.Popen[bytes]
    port: int
    tls_port: int
    data: Path
    log: Path
    key: str

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.address, headers={"api-key": self.key}, trust_env=False, timeout=60)

    def session(self) -> connect:
        return connect(f"ws://127.0.0.1:{self.port}{BETA}", additional_headers={"api-key": self.key}, proxy=None)

    @property
    def workers(self) -> list[psutil.Process]:
        """Those that the server has started and that have not ended."""
        children = psutil.Process(self.process.pid).children()
        return [child for child in children if child.status() != psutil.STATUS_ZOMBIE]

    def holder(self, local: tuple[str, int]) -> psutil.Process:
        """The worker at the other end of a connection of ours."""
        for worker in self.workers:
            if any(each.raddr and tuple(each.raddr) == local[:2] for each in worker.net_connections("tcp")):
                return worker
        raise AssertionError("No worker has this connection.")

    def told(self, words: str) -> list[dict[str, Any]]:
        """The lines of the log with these words."""
        lines = self.log.read_text(errors="replace").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{") and words in line]

    def until_told(self, words: str, *, times: int = 1) -> None:
        until(lambda: self.process.poll() is not None or len(self.told(words)) >= times)
        assert len(self.told(words)) >= times, self.log.read_text()

    def end(self, sent: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(sent)
        return self.process.wait(60)


def asking(length: int, **options: Any) -> dict[str, Any]:
    """A request for so many spoken words."""
    audio = {"voice": "alloy", "format": "pcm16"}
    message = {"role": "user", "content": "x" * length}
    return {"messages": [message], "modalities": ["text", "audio"], "audio": audio, **options}


@contextmanager
def serving(
    folder: Path,
    *options: str,
    workers: int = 2,
    environment: Mapping[str, str] | None = None,
    module: str = "tests.serve.stub_server",
) -> Generator[StubServer]:
    """Once all of its workers are ready. `module` is what runs as `antiphon`."""
    port, tls_port = free_ports()
    data, log = folder / "data", folder / "log"
    command = [sys.executable, "-m", module]
    ports = ("--port", str(port), "--tls-port", str(tls_port))
    variables = {**os.environ, "XDG_STATE_HOME": str(folder / "state"), "PYTHONPATH": str(ROOT), **(environment or {})}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "serve", "--workers", str(workers), *ports, "--data", str(data), *options],
            cwd=folder,
            env=variables,
            stdout=output,
            stderr=output,
        )
    try:
        until(lambda: process.poll() is not None or b"Antiphon is ready" in log.read_bytes(), seconds=180)
        assert process.poll() is None, log.read_text()
        listed = subprocess.run(
            [*command, "keys", "list", "--json", "--data", str(data)],
            env=variables,
            cwd=folder,
            check=True,
            capture_output=True,
        )
        server = StubServer(
            process=process,
            port=port,
            tls_port=tls_port,
            data=data,
            log=log,
            key=json.loads(listed.stdout)["key1"],
        )
        if workers > 1:
            server.until_told("is ready", times=workers)
        yield server
    finally:
        for each in [*_family(process.pid)]:
            each.kill()
        process.wait()


def _family(pid: int) -> list[psutil.Process]:
    try:
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
