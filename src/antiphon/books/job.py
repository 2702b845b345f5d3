"""`Job`: a folder in which a book is being made. What is in its journal has been said, whatever happens.

journal.jsonl       what has been done, see `journal`
chapter-001.pcm     what has been said of a chapter: 16-bit samples, little-endian, mono
chapter-001.flac    a chapter that is finished, as it will be heard
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout

from antiphon.audio.encode import CodecWriter, Format
from antiphon.audio.pcm import Pcm
from antiphon.books.errors import BookRefused
from antiphon.books.journal import VERSION, Begun, Journal, Mastered, Said
from antiphon.books.mastering import Loudness, Passage, lead_samples, mastered
from antiphon.books.narration import SpokenPart
from antiphon.vocabulary.books import chapter_file

_BYTES_PER_SAMPLE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Where a sentence is in its chapter, in samples."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedChapter:
    audio: Path
    """FLAC, mono."""
    samples: int
    sentences: Sequence[Span]


class Job:
    """One process at a time works in a folder. Raises `BookRefused` if another does, or if what was begun there is a
    different narration and is not to be begun anew (`restart`)."""

    def __init__(self, folder: Path, *, fingerprint: str, sample_rate: int, restart: bool = False) -> None:
        self.folder = folder
        self.sample_rate = sample_rate
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(folder / "lock")
        try:
            self._lock.acquire(blocking=False)
        except Timeout:
            raise BookRefused(f"This book is being made already: another process works in {folder}.") from None
        try:
            if restart:
                for path in folder.glob("*.*"):
                    path.unlink()
            self._journal = Journal(folder / "journal.jsonl")
        except BaseException:
            self._lock.release()
            raise
        self._said: dict[int, list[Said]] = {}
        self._mastered: dict[int, int] = {}
        try:
            self._take_up(Begun(fingerprint=fingerprint, sample_rate=sample_rate))
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let others work in the folder."""
        self._journal.close()
        self._lock.release()

    def said(self, chapter: int) -> int:
        """How many sentences of a chapter, counted from 0, have been said."""
        return len(self._said.get(chapter, ()))

    def is_finished(self, chapter: int) -> bool:
        return chapter in self._mastered

    def sentence_samples(self, chapter: int) -> Sequence[int]:
        """The length of each sentence that has been said, with the pause after it."""
        return [each.samples for each in self._said.get(chapter, ())]

    def append(self, chapter: int, parts: Sequence[SpokenPart], pause_seconds: float) -> int:
        """Keep the chapter's next sentence. Returns its samples once it is on the disk."""
        pause = Pcm.silence(pause_seconds, self.sample_rate)
        entry = Said(
            chapter=chapter,
            parts=[(part.voice, len(part.audio.samples)) for part in parts],
            pause=len(pause.samples),
        )
        with self._raw(chapter).open("ab") as file:
            for audio in (*(part.audio for part in parts), pause):
                file.write(audio.to_int16())
            file.flush()
            os.fsync(file.fileno())
        self._journal.append(entry)
        self._said.setdefault(chapter, []).append(entry)
        return entry.samples

    def finish(self, chapter: int) -> None:
        """Master a chapter of which all has been said."""
        loudness = Loudness()
        for passage in self._passages(chapter):
            loudness.measure(passage)
        gains = loudness.gains(self.sample_rate)
        path, partial = self.audio(chapter), self.folder / "partial.flac"
        samples = 0
        with partial.open("wb") as file:
            writer = CodecWriter(file, Format.FLAC, self.sample_rate)
            for piece in mastered(self._passages(chapter), gains, sample_rate=self.sample_rate, seed=chapter):
                writer.write(piece)
                samples += len(piece.samples)
            writer.close()
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
        self._journal.append(Mastered(chapter=chapter, samples=samples))
        self._mastered[chapter] = samples
        self._raw(chapter).unlink(missing_ok=True)

    def audio(self, chapter: int) -> Path:
        """Of a finished chapter."""
        return chapter_file(self.folder, chapter)

    def finished(self, chapter: int) -> FinishedChapter:
        spans: list[Span] = []
        at = lead_samples(self.sample_rate)
        for each in self._said.get(chapter, ()):
            spans.append(Span(start=at, end=at + each.spoken))
            at += each.samples
        return FinishedChapter(audio=self.audio(chapter), samples=self._mastered[chapter], sentences=spans)

    def remove(self) -> None:
        """Remove the folder with all that is in it."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _take_up(self, begun: Begun) -> None:
        entries = self._journal.entries
        if not entries:
            self._journal.append(begun)
        first = entries[0]
        if isinstance(first, Begun) and first.version != VERSION:
            raise BookRefused(f"{self.folder} was begun by another version of Antiphon. Remove it, or pass --restart.")
        if first != begun:
            raise BookRefused(
                f"{self.folder} has the same book with another voice, cast, list of pronunciations or choice of "
                "chapters. Ask for what you asked for then, or pass --restart to begin anew."
            )
        for entry in entries[1:]:
            if isinstance(entry, Said):
                self._said.setdefault(entry.chapter, []).append(entry)
            elif isinstance(entry, Mastered):
                self._mastered[entry.chapter] = entry.samples
        for chapter, said in self._said.items():
            if chapter not in self._mastered:
                self._keep_journalled(chapter, said)
            else:
                self._raw(chapter).unlink(missing_ok=True)

    def _keep_journalled(self, chapter: int, said: Sequence[Said]) -> None:
        """Cut off what was written of a sentence that was not finished."""
        journalled = sum(each.samples for each in said) * _BYTES_PER_SAMPLE
        path = self._raw(chapter)
        if not path.exists() or path.stat().st_size < journalled:
            raise BookRefused(f"{path} lacks what its journal says has been said. Pass --restart to begin anew.")
        os.truncate(path, journalled)

    def _raw(self, chapter: int) -> Path:
        return self.folder / f"chapter-{chapter + 1:03}.pcm"

    def _passages(self, chapter: int) -> Iterator[Passage]:
        with self._raw(chapter).open("rb") as file:
            for each in self._said.get(chapter, ()):
                for voice, samples in (*each.parts, (None, each.pause)):
                    data = file.read(samples * _BYTES_PER_SAMPLE)
                    yield Passage(voice=voice, audio=Pcm.from_int16(data, self.sample_rate))
