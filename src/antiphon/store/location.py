"""Where a server's data is, if everything is on this machine."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from antiphon.store.durable import sync_folder


def default_data_directory() -> Path:
    """The folder that `ANTIPHON_DATA` names, or else the user's own data folder for antiphon. It may not exist yet."""
    if named := os.environ.get("ANTIPHON_DATA"):
        return Path(named).expanduser()
    return user_data_directory()


def user_data_directory() -> Path:
    """The user's own data folder for antiphon. It may not exist yet."""
    return Path(platformdirs.user_data_dir("antiphon", appauthor=False))


@dataclass(frozen=True, slots=True, kw_only=True)
class DataDirectory:
    """The layout of the data folder."""

    path: Path

    @property
    def database(self) -> Path:
        return self.path / "antiphon.db"

    @property
    def blobs(self) -> Path:
        return self.path / "blobs"

    @property
    def seal_key(self) -> Path:
        return self.path / "seal.key"

    @property
    def store(self) -> Path:
        """Says where data is that is not in the folder, for commands that have only the folder."""
        return self.path / "store.json"

    @property
    def settled_clock(self) -> Path:
        """Holds the time as of which expired data was last deleted."""
        return self.path / "settled-clock"

    @property
    def books(self) -> Path:
        """Holds a folder for each audiobook that an account has ordered."""
        return self.path / "books"

    @property
    def servers(self) -> Path:
        """Holds one file for each server running on the folder."""
        return self.path / "servers"

    @property
    def certificates(self) -> Path:
        """The local certificate authority and what it has issued."""
        return self.path / "tls"


def create_private_folder(folder: Path) -> None:
    """Create a folder that only its owner can open. An existing one keeps the mode that its owner has chosen."""
    if folder.is_dir():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    sync_folder(folder.parent)
