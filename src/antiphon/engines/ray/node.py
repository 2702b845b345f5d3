"""This machine's node of a Ray cluster: a process that runs `ray start` for as long as the node is wanted, and
again when the node has ended, as one does whose head has gone.

The process holds a lock, so that it can be told from another that has its id by chance.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from filelock import FileLock, Timeout
from platformdirs import user_state_path

from antiphon.engines.ray import authentication
from antiphon.errors import ConfigurationError

_START_SECONDS = 180.0
_STOP_SECONDS = 30.0
_POLL_SECONDS = 0.1
_PAUSE_SECONDS = 2.0
"""Before a node that has ended is started again."""
_QUIET = {"RAY_USAGE_STATS_ENABLED": "0"}


class LocalNode:
    """The node with which this machine takes part in the cluster at `address`, if `start` has started one."""

    def __init__(self, address: str, *, folder: Path | None = None) -> None:
        """`folder` keeps the node's process id and log; by default, it is in the user's folder for state."""
        self.address = address
        self._host, _, port = address.rpartition(":")
        self._port = int(port)
        self._folder = folder or user_state_path("antiphon") / "ray" / address.replace(":", "_")
        self.log = self._folder / "node.log"

    @property
    def is_running(self) -> bool:
        if not self._lock.parent.exists():
            return False
        try:
            FileLock(self._lock).acquire(blocking=False).lock.release()
        except Timeout:
            return True
        return False

    @property
    def is_head(self) -> bool:
        """Whether the address is one of this machine's own, so that its node is the one that the others join."""
        try:
            with socket.socket() as probe:
                probe.bind((self._host, 0))
        except OSError:
            return False
        return True

    @property
    def cluster_answers(self) -> bool:
        try:
            socket.create_connection((self._host, self._port), timeout=2).close()
        except OSError:
            return False
        return True

    def start(self, *, cpus: int | None = None, gpus: int | None = None, object_store_mb: int | None = None) -> None:
        """Start it in the background, and wait until the cluster answers. None lets Ray see for itself what is there.

        Raises `ConfigurationError`.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        options = {"--num-cpus": cpus, "--num-gpus": gpus}
        if object_store_mb is not None:
            options["--object-store-memory"] = object_store_mb * 10**6
        command = [*self._command(), *(f"{name}={value}" for name, value in options.items() if value is not None)]
        with self.log.open("wb") as log:
            process = subprocess.Popen(  # noqa: S603 - our own module, with arguments that the settings allow.
                [sys.executable, "-P", "-m", __name__, str(self._lock), *command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env={**_QUIET, **authentication.environment(of_head=self.is_head), **os.environ},
            )
        deadline = time.monotonic() + _START_SECONDS
        while not (self.is_running and self.cluster_answers and "ray stop" in self.log.read_text(errors="replace")):
            if process.poll() is not None or time.monotonic() > deadline:
                process.terminate()
                raise ConfigurationError(
                    f"The node of Ray at {self.address} did not start. Its log, {self.log}, says why."
                )
            time.sleep(_POLL_SECONDS)

    def stop(self) -> None:
        """Stop it, along with the replicas that run on it."""
        os.kill(int(self._pid.read_text()), signal.SIGTERM)
        with contextlib.suppress(Timeout):
            FileLock(self._lock).acquire(timeout=_STOP_SECONDS).lock.release()

    def _command(self) -> Sequence[str]:
        common = ("--block", "--disable-usage-stats")
        if self.is_head:
            place = ("--head", f"--node-ip-address={self._host}", f"--port={self._port}")
            return ["start", *place, "--include-dashboard=false", *common]
        return ["start", f"--address={self.address}", *common]

    @property
    def _lock(self) -> Path:
        return self._folder / "lock"

    @property
    def _pid(self) -> Path:
        return _pid_beside(self._lock)


def _pid_beside(lock: Path) -> Path:
    return lock.with_name("pid")


def _keep(lock: Path, command: Sequence[str]) -> None:
    with FileLock(lock).acquire(blocking=False):
        _pid_beside(lock).write_text(str(os.getpid()))
        if os.environ.get(authentication.MODE) == "token" and "--head" in command:
            usual = os.umask(0o077)  # Ray would let other users read it.
            _ray("get-auth-token", "--generate", stdout=subprocess.DEVNULL).wait()
            os.umask(usual)
        node = _ray(*command)
        is_wanted = True

        def stop(*_: object) -> None:
            nonlocal is_wanted
            is_wanted = False
            node.terminate()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        node.wait()
        while is_wanted:
            time.sleep(_PAUSE_SECONDS)
            if is_wanted:
                node = _ray(*command)
                node.wait()


def _ray(*arguments: str, stdout: int | None = None) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-P", "-m", "ray.scripts.scripts", *arguments], stdout=stdout)  # noqa: S603


if __name__ == "__main__":
    _keep(Path(sys.argv[1]), sys.argv[2:])
