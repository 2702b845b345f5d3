"""Servers in processes of their own, as engines behind a URL have them."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

import httpx

from bench.server import ServerFailed, free_port

_PROJECT = Path(__file__).parents[2]
_SECONDS_TO_START = 60.0
_SECONDS_BETWEEN_KNOCKS = 0.05


class UpstreamProcess:
    """`python -m MODULE PORT …` on a free port. It can be killed and started again, at the same address."""

    def __init__(self, module: str, *arguments: str, key: str = "") -> None:
        port = free_port()
        self._command = [sys.executable, "-m", module, str(port), *arguments]
        self._headers = {"authorization": f"Bearer {key}"} if key else {}
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"http://127.0.0.1:{port}/v1"

    def start(self) -> None:
        """Returns once it answers. Raises `ServerFailed`."""
        self._process = subprocess.Popen(self._command, cwd=_PROJECT)
        deadline = time.monotonic() + _SECONDS_TO_START
        while self._process.poll() is None and time.monotonic() < deadline:
            if self._answers():
                return
            time.sleep(_SECONDS_BETWEEN_KNOCKS)
        self.kill()
        raise ServerFailed(f"{' '.join(self._command)} does not answer.")

    def kill(self) -> None:
        """At once, in the middle of whatever it does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _answers(self) -> bool:
        try:
            answer = httpx.get(f"{self.url}/models", headers=self._headers, trust_env=False)
        except httpx.TransportError:
            return False
        return answer.status_code == HTTPStatus.OK


@contextmanager
def running(process: UpstreamProcess) -> Generator[UpstreamProcess]:
    process.start()
    try:
        yield process
    finally:
        process.kill()
