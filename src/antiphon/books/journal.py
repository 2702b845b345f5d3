"""`Journal`: what a book's job has done so far. Each line is on the disk before the next is begun."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

import msgspec

from antiphon.books.errors import BookRefused

VERSION = 1


class Begun(msgspec.Struct, frozen=True, kw_only=True, tag_field="what", tag="begun"):
    """The first line."""

    version: int = VERSION
    fingerprint: str
    """Of the script, see `Script.fingerprint`."""
    sample_rate: int


class Said(msgspec.Struct, frozen=True, kw_only=True, tag_field="what", tag="said"):
    """A sentence is in its chapter's raw audio."""

    chapter: int
    """From 0."""
    parts: Sequence[tuple[str, int]]
    """Each part's voice, and its samples."""
    pause: int
    """Samples of silence after it."""

    @property
    def spoken(self) -> int:
        return sum(samples for _, samples in self.parts)

    @property
    def samples(self) -> int:
        return self.spoken + self.pause


class Mastered(msgspec.Struct, frozen=True, kw_only=True, tag_field="what", tag="mastered"):
    """A chapter's audio is finished."""

    chapter: int
    samples: int


Entry: TypeAlias = Begun | Said | Mastered

_DECODER = msgspec.json.Decoder(Entry)


class Journal:
    """Appends entries to a file of JSON lines. What a crash left of a last line is cut off."""

    def __init__(self, path: Path) -> None:
        """Raises `BookRefused` for a file that is no journal."""
        self.entries: list[Entry] = []
        self._file = path.open("a+b")
        self._file.seek(0)
        whole = 0
        for line in self._file:
            if not line.endswith(b"\n"):
                break
            try:
                self.entries.append(_DECODER.decode(line))
            except msgspec.DecodeError:
                self._file.close()
                raise BookRefused(f"{path} is damaged. Remove {path.parent} to begin anew.") from None
            whole += len(line)
        self._file.truncate(whole)
        self._file.seek(whole)

    def append(self, entry: Entry) -> None:
        """Returns once the entry is on the disk."""
        self._file.write(msgspec.json.encode(entry) + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        self.entries.append(entry)

    def close(self) -> None:
        self._file.close()
