"""Whether a model's files match the catalogue, and a record of it: hashing a gigabyte at every start is slow."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import msgspec

from antiphon.models.model import ModelFile

_NOTE = ".verified.json"


class _Seen(msgspec.Struct, frozen=True):
    """The file's attributes when its bytes were found to be correct."""

    size: int
    mtime_ns: int
    sha256: str


class Verification:
    """What is known about the files in one model's folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._note = folder / _NOTE
        try:
            self._seen = msgspec.json.decode(self._note.read_bytes(), type=dict[str, _Seen])
        except (OSError, msgspec.DecodeError):
            self._seen = {}

    def is_known_whole(self, file: ModelFile) -> bool:
        """Whether the file was once found correct and has looked the same since. Costs one `stat`."""
        seen = self._seen.get(file.path)
        return seen is not None and seen.size == file.size and seen == self._look(file)

    def check(self, file: ModelFile) -> str | None:
        """Read the whole file and record the outcome: None if it is correct, otherwise what is wrong with it."""
        fault = fault_of(self._folder / file.path, file)
        if fault is None:
            self.note(file)
        elif self._seen.pop(file.path, None):
            self._write()
        return fault

    def note(self, file: ModelFile) -> None:
        """Record that the file, in its present state, is correct."""
        seen = self._look(file)
        if seen is not None and self._seen.get(file.path) != seen:
            self._seen[file.path] = seen
            self._write()

    def _look(self, file: ModelFile) -> _Seen | None:
        try:
            status = (self._folder / file.path).stat()
        except OSError:
            return None
        return _Seen(size=status.st_size, mtime_ns=status.st_mtime_ns, sha256=file.sha256)

    def _write(self) -> None:
        draft = self._note.with_name(f"{_NOTE}.{os.getpid()}")
        try:
            draft.write_bytes(msgspec.json.encode(self._seen))
            os.replace(draft, self._note)
        except OSError:
            return  # models on a read-only disk work too; they are just hashed more often


def fault_of(path: Path, file: ModelFile) -> str | None:
    """A human-readable account of what is wrong with the bytes at `path`; None if they are those of `file`."""
    if not path.is_file():
        return "is missing"
    size = path.stat().st_size
    if size != file.size:
        return f"has {size:,} bytes instead of {file.size:,}"
    if sha256_of(path) != file.sha256:
        return "is damaged (its sha256 differs)"
    return None


def sha256_of(path: Path) -> str:
    """The file's sha256, in lower-case hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
