"""Fetch what is missing of one model, from one source after the other.

- A file appears under its name only when it is whole and its sha256 is right.
- What is on its way lies in `.partial` beside the models, on the same disk, so that putting it in place is one step. An
  interrupted fetch leaves it there, and the next one goes on from it.
- The caller holds the model's lock.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from rich.filesize import decimal

from antiphon.models.errors import DiskFull, HashMismatch, ModelError
from antiphon.models.model import FetchedFile, Model, ModelFile
from antiphon.models.network import Network
from antiphon.models.progress import Progress, Tally
from antiphon.models.verification import Verification, fault_of

DIRECTORY_VARIABLE = "ANTIPHON_MODELS_DIR"
_PARTIAL = ".partial"
_SPARE_BYTES = 64 << 20


def fetch(model: Model, files: Sequence[ModelFile], directory: Path, network: Network, progress: Progress) -> None:
    """Put `files` into the model's folder in `directory`.

    Raises:
        ModelError: no source could deliver; says why each could not.
    """
    progress.begin(model.name, sum(file.size for file in files))
    missing = {file.path: file for file in files}
    failures: list[str] = []
    for source in model.sources:
        staging = directory / _PARTIAL / model.name / re.sub(r"\W+", "-", source.title)
        staging.mkdir(parents=True, exist_ok=True)
        tally = Tally(progress, model.name)
        try:
            with closing(source.fetch(list(missing.values()), staging, network, tally)) as fetched_files:
                for fetched in fetched_files:
                    _put_in_place(fetched, directory / model.name)
                    del missing[fetched.file.path]
        except ModelError as error:
            failures.append(f"{source.title}: {error.message}")
            progress.say(
                f"{model.name}: {failures[-1]}{'' if source is model.sources[-1] else '; trying the next source'}"
            )
        if not missing:
            shutil.rmtree(directory / _PARTIAL / model.name)
            progress.finish(model.name)
            return
    raise ModelError(
        f"{model.name} could not be fetched.\n"
        + "".join(f"  {failure}\n" for failure in failures)
        + "What has come so far is kept; the next attempt goes on from there. `antiphon doctor` says what can be "
        f"reached. By hand: put {', '.join(missing)} into {directory / model.name}."
    )


def bytes_needed(size: int, there: int = 0) -> int:
    """How much free disk it takes to fetch files of that size when so much of them is there.

    Packages that wait to be unpacked lie on the disk for a while too: a tenth more, and some to breathe.
    """
    return max(0, size - there) + size // 10 + _SPARE_BYTES


def check_room(directory: Path, wanted: Mapping[str, Sequence[ModelFile]], free_bytes: int) -> None:
    """Make sure that the files of several models (by name) fit the disk.

    Raises:
        DiskFull: they do not.
    """
    partial = [path for name in wanted for path in (directory / _PARTIAL / name).rglob("*") if path.is_file()]
    size = sum(file.size for files in wanted.values() for file in files)
    needed = bytes_needed(size, there=sum(path.stat().st_size for path in partial))
    if free_bytes < needed:
        raise DiskFull(
            f"{', '.join(wanted)}: {decimal(needed)} of disk are needed in {directory}, {decimal(free_bytes)} are "
            f"free. Make room, or choose another folder with {DIRECTORY_VARIABLE}."
        )


@contextmanager
def writing_to(directory: Path) -> Generator[None, None, None]:
    """Tell of a folder that cannot be written to as of any other trouble with models."""
    try:
        yield
    except OSError as error:
        advice = f"Choose another folder with {DIRECTORY_VARIABLE}."
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(
                f"The disk of {directory} is full. Make room and try again: what has come is kept. {advice}"
            ) from error
        raise ModelError(f"Models cannot be kept in {directory} ({error}). {advice}") from error


def _put_in_place(fetched: FetchedFile, folder: Path) -> None:
    """Move the file to where it belongs.

    Raises:
        HashMismatch: it is not what the catalogue says; it has been deleted.
    """
    if fault := fault_of(fetched.location, fetched.file):
        fetched.location.unlink()
        raise HashMismatch(f"{fetched.file.path} {fault}; it was refused and deleted")
    with fetched.location.open("rb") as written:
        os.fsync(written.fileno())
    target = folder / fetched.file.path
    target.parent.mkdir(parents=True, exist_ok=True)
    os.replace(fetched.location, target)
    Verification(folder).note(fetched.file)
