"""`Script`: everything that a book's narration depends on, sentence by sentence: what is said, and in which voice."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from antiphon.books.book import Book, Chapter, Paragraph, ParagraphKind
from antiphon.books.cast import NOBODY, Cast
from antiphon.books.lexicon import NO_PRONUNCIATIONS, Pronunciations
from antiphon.books.quotations import Quotations

_AFTER_PARAGRAPH = 0.35
_AFTER_HEADING = 0.8
_FOR_BREAK = 1.2
"""Seconds of silence, beyond the pause that a sentence ends with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one voice says of a sentence."""

    text: str
    voice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A sentence as it is said."""

    parts: tuple[Part, ...]
    pause_seconds: float
    """After it, beyond what its last mark calls for."""

    @property
    def characters(self) -> int:
        return sum(len(part.text) for part in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    book: Book
    language: str
    """ISO 639-1: what to expect of a sentence."""
    speed: float
    chapters: tuple[tuple[Line, ...], ...]
    """One line for each sentence of each of the book's chapters."""

    @property
    def voices(self) -> frozenset[str]:
        return frozenset(part.voice for lines in self.chapters for line in lines for part in line.parts)

    @property
    def characters(self) -> int:
        return sum(line.characters for lines in self.chapters for line in lines)

    def fingerprint(self, engine: str) -> str:
        """Differs between narrations that would not sound alike, with the engine of that description."""
        whole = msgspec.json.encode([engine, self.language, self.speed, self.chapters])
        return hashlib.sha256(whole).hexdigest()[:32]


def script_of(
    book: Book,
    *,
    voice: str,
    speed: float = 1.0,
    language: str | None = None,
    cast: Cast = NOBODY,
    pronunciations: Pronunciations = NO_PRONUNCIATIONS,
) -> Script:
    """`voice` is the narrator's, unless the cast names one."""
    chapters = tuple(tuple(_lines(chapter, voice, cast, pronunciations)) for chapter in book.chapters)
    return Script(book=book, language=language or book.language, speed=speed, chapters=chapters)


def _lines(chapter: Chapter, voice: str, cast: Cast, pronunciations: Pronunciations) -> Iterator[Line]:
    marks = Quotations()
    for index, paragraph in enumerate(chapter.paragraphs):
        marks.begin_paragraph()
        for position, sentence in enumerate(paragraph.sentences, 1):
            is_last = position == len(paragraph.sentences)
            pause = _pause(chapter.paragraphs, index) if is_last else 0.0
            if cast is NOBODY:
                stretches = [(sentence, voice)]
            else:
                stretches = [
                    (each.text, cast.voice(chapter.number, each.quotation, narrator=voice))
                    for each in marks.stretches(sentence)
                ]
            if paragraph.kind is ParagraphKind.HEADING and sentence[-1].isalnum():
                stretches[-1] = (f"{stretches[-1][0]}.", stretches[-1][1])
            yield Line(parts=tuple(_parts(stretches, pronunciations)), pause_seconds=pause)


def _parts(stretches: list[tuple[str, str]], pronunciations: Pronunciations) -> Iterator[Part]:
    """What follows in the same voice is said in one breath."""
    text, speaking = "", ""
    for stretch, voice in stretches:
        if text and voice != speaking:
            yield Part(text=pronunciations.respelled(text.strip()), voice=speaking)
            text = ""
        text, speaking = text + stretch, voice
    yield Part(text=pronunciations.respelled(text.strip()), voice=speaking)


def _pause(paragraphs: tuple[Paragraph, ...], index: int) -> float:
    if index + 1 == len(paragraphs):
        return 0.0
    following = paragraphs[index + 1].kind
    if following is ParagraphKind.BREAK:
        return _FOR_BREAK
    is_heading = ParagraphKind.HEADING in (paragraphs[index].kind, following)
    return _AFTER_HEADING if is_heading else _AFTER_PARAGRAPH
