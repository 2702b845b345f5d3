"""A PostgreSQL server of the tests' own: a private cluster that only its socket leads to, and that nothing syncs."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from antiphon.store.tables import Base

from .waiting import until

_UNSAFE_AND_FAST = ("fsync=off", "full_page_writes=off", "max_connections=200", "shared_buffers=32MB")
_EMPTYING = "; ".join(f'DELETE FROM "{table.name}"' for table in reversed(Base.metadata.sorted_tables))


def _program(name: str) -> str | None:
    found = shutil.which(name)
    if found is not None:
        return found
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(installed[-1]) if installed else None


def _user() -> str | None:
    """Whom the server runs as: it refuses to be root's."""
    if os.geteuid() != 0:
        return None
    with contextlib.suppress(KeyError):
        return pwd.getpwnam("postgres").pw_name
    return "nobody"


@dataclass(slots=True)
class Cluster:
    """A running server. Its databases last as long as it does."""

    folder: Path
    process: subprocess.Popen[bytes] | None = None
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    def url(self, name: str) -> str:
        return f"postgresql://antiphon@/{name}?host={self.folder}"

    def create(self, *, template: str = "template0") -> str:
        """The URL of a new database."""
        name = f"test_{os.getpid()}_{next(self._numbers)}"
        self.run("postgres", f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def run(self, name: str, statements: str) -> None:
        asyncio.run(self.execute(self.url(name), statements))

    async def execute(self, url: str, statements: str) -> list[Any]:
        connection = await asyncpg.connect(url)
        try:
            return (
                await connection.fetch(statements)
                if statements.startswith("SELECT")
                else [await connection.execute(statements)]
            )
        finally:
            await connection.close()

    async def empty(self, url: str) -> None:
        """Delete all rows that tests have written to a database."""
        await self.execute(url, _EMPTYING)  # TRUNCATE takes ten times as long.

    def start(self) -> None:
        command = [_needed("postgres"), "-D", str(self.folder / "data"), "-k", str(self.folder), "-h", ""]
        command += [part for setting in _UNSAFE_AND_FAST for part in ("-c", setting)]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(_as_user(command), stdout=log, stderr=log, start_new_session=True)
        until(self._answers)

    def stop(self) -> None:
        """End it at once, as a crash does."""
        if self.process is not None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(timeout=30)
            self.process = None

    def _answers(self) -> bool:
        try:
            self.run("postgres", "SELECT 1")
        except (OSError, asyncpg.PostgresError):
            assert self.process is not None
            assert self.process.poll() is None, (self.folder / "log").read_text()
            return False
        return True


def is_installed() -> bool:
    return _program("postgres") is not None and _program("initdb") is not None


@contextlib.contextmanager
def cluster() -> Generator[Cluster]:
    if not is_installed():
        pytest.skip("PostgreSQL is not installed on this machine")
    folder = Path(tempfile.mkdtemp(prefix="antiphon-pg-"))
    user = _user()
    if user is not None:
        shutil.chown(folder, user)
    started = Cluster(folder)
    try:
        making = [_needed("initdb"), "-D", str(folder / "data"), "-U", "antiphon", "-A", "trust", "--no-sync"]
        subprocess.run(
            _as_user([*making, "--locale=C.UTF-8", "--encoding=UTF8"]), check=True, capture_output=True, cwd="/"
        )
        started.start()
        yield started
    finally:
        started.stop()
        shutil.rmtree(folder)


def _needed(name: str) -> str:
    program = _program(name)
    assert program is not None
    return program


def _as_user(command: list[str]) -> list[str]:
    """The command as the server's user. It ends with the tests, however they end: with the thread that starts it, so
    this is left out for others than the first."""
    user = _user()
    account = [] if user is None else ["--reuid", user, "--regid", str(pwd.getpwnam(user).pw_gid), "--clear-groups"]
    ending = ["--pdeathsig", "QUIT"] if threading.current_thread() is threading.main_thread() else []
    return ["setpriv", *account, *ending, "--", *command]
