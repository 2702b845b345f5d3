"""The models folder: what is there, what is intact, what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from filelock import FileLock, Timeout

from antiphon.models.catalogue import CATALOGUE
from antiphon.models.disk import bytes_needed, check_room, free_bytes, writing_to
from antiphon.models.errors import ModelError
from antiphon.models.model import Model, ModelFile
from antiphon.models.network import Network, size_of
from antiphon.models.progress import Progress
from antiphon.models.sources import Sources, partial_folder
from antiphon.models.verification import Verification


class State(StrEnum):
    """What is known about a model without reading its files."""

    WHOLE = "whole"
    UNVERIFIED = "unverified"
    """All files are present with the right size, but their bytes have not been checked since they were last written."""
    INCOMPLETE = "incomplete"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A file that does not match the catalogue."""

    model: str
    path: Path
    fault: str

    def __str__(self) -> str:
        return f"{self.model}: {self.path} {self.fault}"


class ModelCache:
    """The models in one folder.

    Args:
        directory: holds one folder per model; created when first needed.
        catalogue: the available models, by name.
        connect: opens the network for one round of downloads.
        room: returns how many bytes are free for a folder.
    """

    def __init__(
        self,
        directory: Path,
        *,
        catalogue: Mapping[str, Model] = CATALOGUE,
        connect: Callable[[], Network] = Network,
        room: Callable[[Path], int] = free_bytes,
    ) -> None:
        self.directory = directory
        self.catalogue = catalogue
        self._connect = connect
        self._room = room

    def path(self, name: str) -> Path:
        """The model's folder, whether or not it exists.

        Raises:
            ModelError: the catalogue has no such model.
        """
        return self.directory / self._model(name).name

    def resolve(self, spec: str) -> Path:
        """Resolve what a user means by a model: a name in the catalogue, or the path of a file or folder of their own.

        Returns:
            The file of a catalogued model that has only one (fetched or not), the folder of one that has several, or
            the user's own path.

        Raises:
            ModelError: it is neither.
        """
        if model := self.catalogue.get(spec):
            folder = self.path(spec)
            return folder / model.files[0].path if len(model.files) == 1 else folder
        path = Path(spec).expanduser()
        if path.exists():
            return path
        raise ModelError(
            f"{spec!r} is no engine of the settings, no model of the catalogue, and no existing file or folder. "
            f"The catalogue has: {', '.join(self.catalogue)}."
        )

    def state(self, name: str) -> State:
        """What is known about the model without reading its files.

        Raises:
            ModelError: the catalogue has no such model.
        """
        model, folder = self._model(name), self.path(name)
        verification = Verification(folder)
        if all(verification.is_known_whole(file) for file in model.files):
            return State.WHOLE
        if all(_has_right_size(folder, file) for file in model.files):
            return State.UNVERIFIED
        return State.INCOMPLETE if any((folder / file.path).exists() for file in model.files) else State.MISSING

    def missing(self, names: Iterable[str]) -> list[str]:
        """Those of the models that `ensure` would have to fetch or check."""
        return [name for name in names if self.state(name) is not State.WHOLE]

    def ensure(self, names: Iterable[str], progress: Progress) -> None:
        """Make sure that the models are present and verified. Takes milliseconds if they already are.

        A file that was verified earlier and looks unchanged is trusted; others are read and compared.

        Raises:
            DiskFull: there is too little space for what is missing.
            ModelError: no source could supply them.
        """
        self._have(self.missing(names), progress)

    def pull(self, names: Iterable[str], progress: Progress) -> None:
        """Like `ensure`, but read and compare every file present, and fetch damaged ones again."""
        names = list(names)
        for fault in self.verify(name for name in names if self.state(name) is not State.MISSING):
            if fault.path.exists():
                progress.say(f"{fault}; it is fetched again")
        self._have(self.missing(names), progress)

    def verify(self, names: Iterable[str]) -> list[Fault]:
        """Read every file of the models and compare its bytes with the catalogue.

        Returns:
            The faulty files, which `ensure` and `pull` fetch again.
        """
        faults: list[Fault] = []
        for name in names:
            folder = self.path(name)
            verification = Verification(folder)
            for file in self._model(name).files:
                if fault := verification.check(file):
                    faults.append(Fault(model=name, path=folder / file.path, fault=fault))
        return faults

    def _have(self, names: Sequence[str], progress: Progress) -> None:
        wanted = {name: files for name in names if (files := self._unverified(name))}
        if not wanted:
            return
        with writing_to(self.directory), self._connect() as network:
            self._check_room(wanted)
            sources = Sources(self.directory, network, progress)
            for name in wanted:
                with self._locked(name, progress):
                    if files := self._unverified(name):
                        sources.fetch(self._model(name), files)

    def _check_room(self, wanted: Mapping[str, Sequence[ModelFile]]) -> None:
        size = sum(file.size for files in wanted.values() for file in files)
        there = sum(size_of(path) for name in wanted for path in partial_folder(self.directory, name).rglob("*"))
        check_room(self.directory, ", ".join(wanted), bytes_needed(size, there), self._room(self.directory))

    def _locked(self, name: str, progress: Progress) -> AbstractContextManager[object]:
        """Hold the model's lock, which is released when the process holding it ends."""
        path = self.directory / ".locks" / f"{name}.lock"
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path)
        try:
            return lock.acquire(blocking=False)
        except Timeout:
            progress.say(f"{name}: another process is fetching it; waiting until it is done")
            return lock.acquire()

    def _unverified(self, name: str) -> list[ModelFile]:
        """The files that are missing or wrong; the others are recorded as intact."""
        verification = Verification(self.path(name))
        return [
            file
            for file in self._model(name).files
            if not verification.is_known_whole(file) and verification.check(file) is not None
        ]

    def _model(self, name: str) -> Model:
        if name not in self.catalogue:
            raise ModelError(f"There is no model {name!r}. The catalogue has: {', '.join(self.catalogue)}.")
        return self.catalogue[name]


def _has_right_size(folder: Path, file: ModelFile) -> bool:
    path = folder / file.path
    return path.is_file() and path.stat().st_size == file.size
