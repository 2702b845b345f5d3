"""A server of one's own, started as a user starts it, and the `antiphon` commands about its data folder."""

from __future__ import annotations

import json
import os
import shlex
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from typer.testing import CliRunner

from antiphon.cli.main import app

START_SECONDS = 180
PROGRAM_SECONDS = 300
"""How long a program that is run beside may take, on a machine that is busy with other things."""
MAX_REPLY_TOKENS = 60
"""Replies end after a few sentences, whatever they are about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningServer:
    process: subprocess.Popen[bytes]
    data: Path
    log: Path
    port: int
    tls_port: int
    key: str
    """The first key of the account `local`."""

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def tls_url(self) -> str:
        return f"https://localhost:{self.tls_port}"

    def told(self, *command: str) -> Any:
        """What an `antiphon` command with `--json` tells about the data folder."""
        return json.loads(self.run(*command, "--json"))

    def run(self, *command: str) -> str:
        """What an `antiphon` command about the data folder prints. Raises `CalledProcessError` if it fails.

        It runs in a thread, as Playwright has an event loop in this one; in this process, as starting another takes
        longer than most commands."""
        arguments = [*command, "--data", str(self.data)]
        with ThreadPoolExecutor(1) as thread:
            done = thread.submit(CliRunner().invoke, app, arguments).result()
        if done.exit_code != 0:
            raise subprocess.CalledProcessError(done.exit_code, arguments, done.stdout, done.stderr) from done.exception
        return done.stdout

    def environment(self, *options: str) -> dict[str, str]:
        """As `eval "$(antiphon env …)"` leaves it."""
        ports = ("--port", str(self.port), "--tls-port", str(self.tls_port))
        lines = self.run("env", *ports, *options).splitlines()
        return dict(shlex.split(line)[1].split("=", 1) for line in lines)

    def trust(self) -> ssl.SSLContext:
        """Of the server's own authority."""
        return ssl.create_default_context(cafile=self.data / "tls" / "ca.pem")


def antiphon(*arguments: str) -> list[str]:
    return [str(Path(sys.executable).with_name("antiphon")), *arguments]


def run_program(*command: str | Path, folder: Path, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run it in `folder`, with nothing in its environment of what this machine may know of Azure."""
    bare = {"PATH": os.environ["PATH"], "HOME": str(folder), "NO_PROXY": "localhost,127.0.0.1"}
    return subprocess.run(
        command, cwd=folder, env=bare | dict(environment), capture_output=True, text=True, timeout=PROGRAM_SECONDS
    )


@contextmanager
def serving(
    data: Path,
    *,
    ports: tuple[int, int] | None = None,
    max_reply_tokens: int = MAX_REPLY_TOKENS,
    more_settings: str = "",
    environment: Mapping[str, str] | None = None,
) -> Generator[RunningServer]:
    """A server on the data folder, once it answers. It may be killed meanwhile. `ports` are for http and https;
    `more_settings` go on with those of the default profile, `environment` with that of the tests."""
    port, tls_port = ports or _free_ports()
    log = data / "log"
    configuration = data / "antiphon.toml"
    limit = f"max_reply_tokens = {max_reply_tokens}\n"
    mini = "" if more_settings else f"[profiles.mini]\n{limit}"  # As large as the default one: none is loaded for it.
    configuration.write_text(f"{mini}[profiles.default]\n{limit}{more_settings}")
    options = ["--port", str(port), "--tls-port", str(tls_port), "--data", str(data), "--config", str(configuration)]
    with log.open("ab") as stderr:
        process = subprocess.Popen(antiphon("serve", *options), stderr=stderr, env=os.environ | dict(environment or {}))
    try:
        _wait_until_healthy(f"http://localhost:{port}", process, log)
        keys = json.loads(subprocess.check_output(antiphon("keys", "list", "--json", "--data", str(data))))
        yield RunningServer(process=process, data=data, log=log, port=port, tls_port=tls_port, key=keys["key1"])
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


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
