"""Small servers in processes of their own: see `small_server`."""

from __future__ import annotations

import json
import resource
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
from websockets.asyncio.client import connect

from ..waiting import until


def free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


@dataclass(frozen=True, slots=True)
class SmallServer:
    process: subprocess.Popen[str]
    port: int
    tls_port: int
    trusting: ssl.SSLContext

    def client(self) -> httpx.Client:
        return httpx.Client(verify=self.trusting, trust_env=False)

    def url(self, scheme: str, path: str) -> str:
        return f"{scheme}://localhost:{self.tls_port if scheme in {'https', 'wss'} else self.port}{path}"

    def echo(self, scheme: str) -> connect:
        secured = self.trusting if scheme == "wss" else None
        return connect(self.url(scheme, "/echo"), ssl=secured, proxy=None, max_size=None)

    def has(self, connection: socket.socket) -> bool:
        """Whether the server still holds its end of the connection."""
        address = connection.getsockname()
        return any(each.raddr == address for each in psutil.Process(self.process.pid).net_connections("tcp"))

    def end(self, *signals: signal.Signals) -> tuple[int, str]:
        """Send the signals, each when the one before has been taken; the exit code, and what the server said."""
        for sent in signals:
            self.process.send_signal(sent)
            until(lambda: not listens_on(self.port))
        said, _ = self.process.communicate(timeout=60)
        return self.process.returncode, said


def listens_on(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except ConnectionRefusedError:
        return False
    return True


@contextmanager
def serving(
    data: Path, *proxies: str, grace_seconds: int = 60, files: int = 0, **limits: float
) -> Generator[SmallServer]:
    port, tls_port = free_ports()
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.serve.small_server",
            str(data),
            str(port),
            str(tls_port),
            str(grace_seconds),
            json.dumps(limits),
            *proxies,
        ],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=(lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))) if files else None,
    )
    try:
        until(lambda: process.poll() is not None or listens_on(tls_port))
        assert process.poll() is None, process.stdout and process.stdout.read()
        yield SmallServer(process, port, tls_port, ssl.create_default_context(cafile=data / "tls" / "ca.pem"))
    finally:
        process.kill()
        process.communicate()
