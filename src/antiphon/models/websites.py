"""Sources that have a model's files as they are: the model hub, and releases on the web."""

from __future__ import annotations

import threading
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from antiphon.models.ahead import ahead
from antiphon.models.model import FetchedFile, ModelFile
from antiphon.models.network import Network
from antiphon.models.progress import Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class HubRepository:
    """A repository on the model hub, Hugging Face or what `HF_ENDPOINT` names."""

    repository: str
    revision: str = "main"
    """May move: the hashes in the catalogue say what is accepted."""
    folder: str = ""
    """Of the files in the repository, with a slash at its end."""

    @property
    def title(self) -> str:
        return f"model hub, {self.repository}"

    def fetch(
        self, files: Sequence[ModelFile], folder: Path, network: Network, tally: Tally
    ) -> Generator[FetchedFile, None, None]:
        base = f"{network.origins.hub}/{self.repository}/resolve/{self.revision}/{self.folder}"
        token = network.origins.hub_token
        return _fetch(
            base, files, folder, network, tally, headers={"Authorization": f"Bearer {token}"} if token else {}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A folder of files somewhere on the web."""

    title: str
    base: str
    """The address that a file's path is appended to, with a slash at its end."""

    def fetch(
        self, files: Sequence[ModelFile], folder: Path, network: Network, tally: Tally
    ) -> Generator[FetchedFile, None, None]:
        return _fetch(self.base, files, folder, network, tally, headers={})


def _fetch(
    base: str,
    files: Sequence[ModelFile],
    folder: Path,
    network: Network,
    tally: Tally,
    headers: Mapping[str, str],
) -> Generator[FetchedFile, None, None]:
    def fetch(file: ModelFile, stop: threading.Event) -> FetchedFile:
        target = folder / file.path
        report = tally.share(file.path, file.size)
        network.download(base + quote(file.path), target, size=file.size, headers=headers, report=report, stop=stop)
        return FetchedFile(file, target)

    return ahead(fetch, files)
