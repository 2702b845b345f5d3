"""A book's sentences as subtitles: long ones in pieces of two lines."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

from antiphon.books.writing.finished import FinishedBook
from antiphon.dialogue import subtitles
from antiphon.dialogue.captions import MOST_CHARACTERS


def write_srt(finished: FinishedBook, path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(subtitles.srt(_cues(finished)))


def write_vtt(finished: FinishedBook, path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(subtitles.vtt(_cues(finished)))


def _cues(finished: FinishedBook) -> Iterator[subtitles.Cue]:
    """A piece of a sentence lasts as long as its share of the letters."""
    for sentence in finished.sentences():
        pieces = textwrap.wrap(sentence.text, MOST_CHARACTERS) or [sentence.text]
        letters = sum(map(len, pieces))
        start = sentence.start_seconds
        for piece in pieces:
            end = start + (sentence.end_seconds - sentence.start_seconds) * len(piece) / letters
            yield subtitles.Cue(start_ms=round(start * 1000), end_ms=round(end * 1000), text=piece)
            start = end
