"""`Archive`: a ZIP archive from a stranger. Nothing is extracted to disk, and no part is read beyond its limit."""

from __future__ import annotations

import posixpath
import zlib
from pathlib import Path
from types import TracebackType
from typing import Self
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from antiphon.books.errors import UnreadableBook

MOST_FILES = 10_000
LARGEST_FILE = 32_000_000
"""Bytes of one part, uncompressed: a chapter, a cover."""
LARGEST_WHOLE = 256_000_000
"""Bytes of all parts that are read, together."""

_ENCRYPTED = 0x1


class Archive:
    """Raises `UnreadableBook` for what is not an archive or may do harm."""

    def __init__(self, path: Path) -> None:
        self._read_bytes = 0
        try:
            self._zip = ZipFile(path)
        except (BadZipFile, NotImplementedError, RuntimeError, ValueError):
            raise UnreadableBook(f"{path.name} is not an EPUB: it is damaged, or not a ZIP archive.") from None
        try:
            self._check_names()
        except UnreadableBook:
            self._zip.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._zip.close()

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def read(self, name: str) -> bytes:
        """The whole of a part, whatever the archive says of its size."""
        if name not in self._names:
            raise UnreadableBook(f"The EPUB names a file that it does not contain: {name}.")
        info = self._zip.getinfo(name)
        if info.flag_bits & _ENCRYPTED:
            raise UnreadableBook(f"The EPUB is protected by a password: {name} cannot be read.")
        if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise UnreadableBook(f"The EPUB has a file that is compressed in an unusual way: {name}.")
        limit = min(LARGEST_FILE, LARGEST_WHOLE - self._read_bytes)
        try:
            with self._zip.open(info) as file:
                data = file.read(limit + 1)
        except (BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, zlib.error):
            raise UnreadableBook(f"The EPUB is damaged: {name} cannot be read.") from None
        if len(data) > limit:
            raise UnreadableBook(
                f"The EPUB is too large: {name} has more than {limit // 1_000_000} MB, uncompressed, and all that is "
                f"read of it may have {LARGEST_WHOLE // 1_000_000} MB."
            )
        self._read_bytes += len(data)
        return data

    def _check_names(self) -> None:
        names = self._zip.namelist()
        if len(names) > MOST_FILES:
            raise UnreadableBook(f"The EPUB has {len(names)} files; at most {MOST_FILES} are read.")
        for name in names:
            if name.startswith("/") or "\\" in name or ".." in name.split("/"):
                raise UnreadableBook(f"The EPUB has a file whose path leads out of it: {name!r}.")
        self._names = frozenset(names)


def resolve(base: str, reference: str) -> str:
    """The name of the part that `reference` in the part `base` means."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), reference))
