"""Recorded human speech with its transcripts. It is not part of the project; without it, what needs it is skipped."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from antiphon.audio.decode import decode
from antiphon.audio.pcm import Pcm

FOLDER = Path(__file__).parents[2] / "shared" / "speech"


class NoRecordings(Exception):
    """There is no speech to measure with. The message says where it was looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    path: Path
    corpus: str
    transcript: str
    language: str
    """ISO 639-1."""
    seconds: float
    note: str = ""

    def read(self, sample_rate: int) -> Pcm:
        kind = self.path.suffix.removeprefix(".")
        samples = b"".join(decode(self.path.read_bytes(), declared_format=kind, sample_rate=sample_rate))
        return Pcm.from_int16(samples, sample_rate)


def read_recordings(folder: Path = FOLDER) -> Sequence[Recording]:
    """What `index.tsv` of the folder lists: path, transcript, lang and seconds, under these names in its first row.

    Raises `NoRecordings`.
    """
    index = folder / "index.tsv"
    if not index.is_file():
        raise NoRecordings(f"there are no recordings in ../{folder.relative_to(folder.parents[1])}")
    with index.open(encoding="utf-8") as lines:
        return [
            Recording(
                path=folder / row["path"],
                corpus=row["path"].split("/")[0],
                transcript=row["transcript"],
                language=row["lang"],
                seconds=float(row["seconds"]),
                note=row.get("note", ""),
            )
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]
