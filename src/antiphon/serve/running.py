"""The servers that are running: each has a file in its data folder for as long as it lives.

The server holds a lock on that file, which the system releases however the server ends. A list of the user's servers
leads to those on other data folders, so that commands find them without being given the folder.
"""

from __future__ import annotations

import fcntl
import secrets
import socket
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
import platformdirs

from antiphon.api.portal.links import host_for_clients, portal_address
from antiphon.command_line import DEFAULT_PORT
from antiphon.store.location import DataDirectory, create_private_folder

_CONNECT_SECONDS = 3.0


class RunningServer(msgspec.Struct, frozen=True, kw_only=True):
    """Where a server listens, and its data folder."""

    data: str
    """The absolute path of its data folder."""
    host: str
    port: int
    tls_port: int | None
    """None if it serves http only."""
    prefix: str
    has_own_authority: bool
    """Whether its certificate comes from its own authority, not from the operator."""

    @property
    def url(self) -> str:
        """Its http address for clients on this machine."""
        return f"http://{host_for_clients(self.host)}:{self.port}{self.prefix}"

    @property
    def tls_url(self) -> str | None:
        """Its https address; None if it does not serve https."""
        if self.tls_port is None:
            return None
        return f"https://{host_for_clients(self.host)}:{self.tls_port}{self.prefix}"

    @property
    def portal_url(self) -> str:
        return portal_address(self.host, port=self.port, tls_port=self.tls_port, prefix=self.prefix)

    def listens(self) -> bool:
        """Whether it is ready: until then, it has its port but accepts no connections."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - nothing is bound.
        try:
            with socket.create_connection((host, self.port), timeout=_CONNECT_SECONDS):
                return True
        except OSError:
            return False


@contextmanager
def announced(server: RunningServer) -> Generator[None]:
    """Announce the server to commands until the context ends. Raises `OSError` if the data folder is not writable."""
    folder = DataDirectory(path=Path(server.data)).servers
    create_private_folder(folder.parent)
    create_private_folder(folder)
    _forget_dead(folder)
    path = folder / f"{server.port}-{secrets.token_hex(4)}.json"
    new = path.with_suffix(".new")
    with new.open("wb", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            file.write(msgspec.json.encode(server))
            # Readers find it complete and locked.
            new.replace(path)
        finally:
            new.unlink(missing_ok=True)
        with _listed(path):
            try:
                yield
            finally:
                path.unlink(missing_ok=True)


def running_on(data: Path) -> list[RunningServer]:
    """The servers on a data folder, ready or not, by their ports."""
    return _read(DataDirectory(path=data.absolute()).servers)


def running() -> list[RunningServer]:
    """This user's servers, on any folder."""
    return _read(_list_folder())


def choice(servers: Sequence[RunningServer]) -> RunningServer | None:
    """The server to use if none is named: the only one, or the one on the default port; None if there is neither."""
    if len(servers) > 1:
        servers = [server for server in servers if server.port == DEFAULT_PORT]
    return servers[0] if len(servers) == 1 else None


def _list_folder() -> Path:
    return Path(platformdirs.user_state_dir("antiphon", appauthor=False)) / "servers"


@contextmanager
def _listed(path: Path) -> Generator[None]:
    """Link to the file in the user's list, unless the user has no home folder."""
    link = _list_folder() / path.name
    with suppress(OSError):
        link.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _forget_dead(link.parent)
        link.symlink_to(path)
    try:
        yield
    finally:
        with suppress(OSError):
            link.unlink(missing_ok=True)


def _forget_dead(folder: Path) -> None:
    """Remove the files of servers that were killed."""
    for path in folder.glob("*.json"):
        if _living(path) is None:
            path.unlink(missing_ok=True)


def _read(folder: Path) -> list[RunningServer]:
    paths = sorted(folder.glob("*.json")) if folder.is_dir() else []
    found = [server for path in paths if (server := _living(path)) is not None]
    return sorted(found, key=lambda server: server.port)


def _living(path: Path) -> RunningServer | None:
    """The file's content; None if its server has ended."""
    try:
        with path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return msgspec.json.decode(file.read(), type=RunningServer)
            return None
    except (OSError, msgspec.DecodeError):
        return None
