"""One model file put together from parts, one after the other, across interruptions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import msgspec

from antiphon.models.digest import size_of
from antiphon.models.errors import HashMismatch
from antiphon.models.model import FetchedFile, ModelFile

_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive that a registry keeps: all of a model file, or one part of it."""

    archive: str
    """A wheel's or source archive's file name; for npm `name@version`."""
    path: str
    """As the archive has it."""


class _Journal(msgspec.Struct, frozen=True):
    """How much of the file is known to be good."""

    parts: int = 0
    size: int = 0


class Assembly:
    """A file in the making. A journal beside it says which parts it has, so that an interrupted one goes on."""

    def __init__(self, file: ModelFile, members: Sequence[Member], folder: Path) -> None:
        self._file = file
        self._location = folder / file.path
        self._members = members
        self._journal_path = folder / f"{file.path}.parts.json"
        self._journal = self._read_journal()

    @property
    def remaining(self) -> Sequence[Member]:
        """The parts it does not have yet, in order."""
        return self._members[self._journal.parts :]

    @property
    def fetched(self) -> FetchedFile:
        """The file, once nothing remains."""
        return FetchedFile(self._file, self._location)

    @property
    def assembled_bytes(self) -> int:
        return self._journal.size

    @property
    def missing_bytes(self) -> int:
        return self._file.size - self._journal.size

    def waits_for(self, archive: str) -> bool:
        """Whether the next part is in that archive."""
        return any(member.archive == archive for member in self.remaining[:1])

    def append(self, content: IO[bytes]) -> None:
        """Add the next part.

        Raises:
            HashMismatch: the file has become larger than it may be. Nothing is left behind.
        """
        size = self._journal.size
        with self._location.open("r+b" if self._location.exists() else "wb") as file:
            file.truncate(size)
            file.seek(size)
            while chunk := content.read(_CHUNK_BYTES):
                size += len(chunk)
                if size > self._file.size:
                    self._discard()
                    raise HashMismatch(f"{self._file.path} would be larger than its {self._file.size:,} bytes")
                file.write(chunk)
        self._journal = _Journal(parts=self._journal.parts + 1, size=size)
        self._journal_path.write_bytes(msgspec.json.encode(self._journal))

    def _discard(self) -> None:
        """Forget all parts."""
        self._location.unlink(missing_ok=True)
        self._journal_path.unlink(missing_ok=True)

    def _read_journal(self) -> _Journal:
        try:
            journal = msgspec.json.decode(self._journal_path.read_bytes(), type=_Journal)
        except (OSError, msgspec.DecodeError):
            return _Journal()
        return journal if size_of(self._location) >= journal.size else _Journal()
