"""A server of one's own to measure: `antiphon serve` as a user starts it, on a free port, with an empty data folder."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from bench.process_tree import ProcessTree

_COMMAND = str(Path(sys.executable).with_name("antiphon"))
_SECONDS_TO_START = 180.0
_SECONDS_TO_STOP = 20.0
_SECONDS_BETWEEN_KNOCKS = 0.02


class ServerFailed(Exception):
    """The server did not start, or ended. The message has the end of its log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    port: int
    data: Path
    address: str
    key: str
    processes: ProcessTree
    log: Path
    startup_s: float
    """From the process's start until /health answered 200."""


@contextmanager
def running_server(config: Path | None) -> Generator[Server]:
    """Start a server and wait until it is ready; it is stopped when the context is left.

    `config` None is the configuration that Antiphon has without a file. Raises `ServerFailed`, also when the server
    has ended on its own in between.
    """
    options = [] if config is None else ["--config", str(config.absolute())]
    with running([_COMMAND, "serve", *options]) as server:
        yield server


@contextmanager
def running(command: Sequence[str], *, where: Path | None = None) -> Generator[Server]:
    """The same for a server that `command` starts when it is told `--port` and `--data` as well.

    It is started in the folder `where`, or in an empty one.
    """
    with TemporaryDirectory(prefix="antiphon-bench-") as folder:
        data, log, port = Path(folder) / "data", Path(folder) / "log", free_port()
        options = ["--port", str(port), "--data", str(data)]
        with log.open("wb") as output:
            started = time.perf_counter()
            process = subprocess.Popen([*command, *options], cwd=where or folder, stdout=output, stderr=output)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_until_healthy(address, process, log)
            startup_s = time.perf_counter() - started
            processes = ProcessTree(process.pid)
            yield Server(
                port=port,
                data=data,
                address=address,
                key=_key(data),
                processes=processes,
                log=log,
                startup_s=startup_s,
            )
            if process.poll() is not None:
                raise _failure("has ended", log)
        finally:
            _stop(process)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def _wait_until_healthy(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if httpx.get(f"{address}/health", trust_env=False).status_code == HTTPStatus.OK:
                return
        except httpx.TransportError:
            time.sleep(_SECONDS_BETWEEN_KNOCKS)
    raise _failure("is not ready" if process.poll() is None else "has ended", log)


def _failure(state: str, log: Path) -> ServerFailed:
    return ServerFailed(f"The server {state}. Its log ends with:\n{log.read_text(errors='replace')[-2000:]}")


def create_account(server: Server, name: str, *, deployment: str, model: str) -> str:
    """Make one more account with one deployment of `model`; return its key."""
    _command(server.data, "accounts", "create", name)
    _command(server.data, "deployments", "create", deployment, "--model", model, "--account", name)
    return _key(server.data, "--account", name)


def _key(data: Path, *options: str) -> str:
    return json.loads(_command(data, "keys", "list", "--json", *options))["key1"]


def _command(data: Path, *arguments: str) -> str:
    done = subprocess.run([_COMMAND, *arguments, "--data", str(data)], check=True, capture_output=True, text=True)
    return done.stdout


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
