"""`FinishedBook`: a book all of whose chapters are finished, and where each sentence is in the whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np

from antiphon.audio.pcm import Pcm
from antiphon.books.book import Book
from antiphon.books.job import FinishedChapter, Job


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedSentence:
    text: str
    start_seconds: float
    end_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedBook:
    book: Book
    sample_rate: int
    """Hz of every chapter's audio."""
    fingerprint: str
    """Of the narration."""
    chapters: Sequence[FinishedChapter]
    """One for each of the book's."""
    watch: Callable[[float], None] = lambda _: None
    """Told how many seconds of audio have just been read to be written. What it raises stops the writing."""

    @property
    def seconds(self) -> float:
        return sum(chapter.samples for chapter in self.chapters) / self.sample_rate

    def starts(self) -> Iterator[tuple[str, float, float]]:
        """The title of each chapter, and when it begins and ends, in seconds."""
        at = 0
        for chapter, finished in zip(self.book.chapters, self.chapters, strict=True):
            yield chapter.title, at / self.sample_rate, (at + finished.samples) / self.sample_rate
            at += finished.samples

    def sentences(self) -> Iterator[TimedSentence]:
        """Every sentence, with its time in the whole."""
        at = 0
        for chapter, finished in zip(self.book.chapters, self.chapters, strict=True):
            for text, span in zip(chapter.sentences, finished.sentences, strict=True):
                start, end = (at + span.start) / self.sample_rate, (at + span.end) / self.sample_rate
                yield TimedSentence(text=text, start_seconds=start, end_seconds=end)
            at += finished.samples

    def audio(self) -> Iterator[Pcm]:
        """The whole, piece by piece."""
        for chapter in self.chapters:
            yield from self.pieces(chapter)

    def pieces(self, chapter: FinishedChapter) -> Iterator[Pcm]:
        """One chapter, piece by piece."""
        for piece in read_audio(chapter.audio):
            self.watch(piece.seconds)
            yield piece


def finished_book(book: Book, job: Job, fingerprint: str) -> FinishedBook:
    """Of a job in which all has been said."""
    chapters = [job.finished(index) for index in range(len(book.chapters))]
    return FinishedBook(book=book, sample_rate=job.sample_rate, fingerprint=fingerprint, chapters=chapters)


def read_audio(path: Path) -> Iterator[Pcm]:
    """A chapter that was finished here, piece by piece."""
    with av.open(str(path), format="flac") as file:
        for frame in file.decode(audio=0):
            samples = frame.to_ndarray().reshape(-1)
            yield Pcm.from_int16(samples.astype(np.int16).tobytes(), frame.sample_rate)
