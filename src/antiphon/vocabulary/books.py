"""What an audiobook can be written as, and where its parts are."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path


class BookFormat(StrEnum):
    M4B = "m4b"
    """One file with chapters and a cover."""
    MP3 = "mp3"
    """A folder with a file for each chapter."""
    EPUB = "epub"
    """A book to read along."""
    SRT = "srt"
    VTT = "vtt"

    def path(self, output: Path) -> Path:
        """Where it goes. `output` is the M4B's path; the EPUB's name differs from that of the book that was read."""
        match self:
            case BookFormat.MP3:
                return output.with_name(f"{output.stem}-mp3")
            case BookFormat.EPUB:
                return output.with_name(f"{output.stem}-read-along.epub")
            case _:
                return output.with_suffix(f".{self.value}")


def chapter_file(folder: Path, chapter: int) -> Path:
    """Where a chapter, counted from 0, is in a job's folder once it is finished."""
    return folder / f"chapter-{chapter + 1:03}.flac"
