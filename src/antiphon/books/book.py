"""`Book`: what there is to read aloud, in the order in which it is read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class ParagraphKind(StrEnum):
    HEADING = "heading"
    TEXT = "text"
    BREAK = "break"
    """A change of scene: nothing to say, but a longer pause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    kind: ParagraphKind = ParagraphKind.TEXT
    sentences: tuple[str, ...]
    """As they are written, without the space around them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    number: int
    """From 1, of all that the file has, even if only some are chosen."""
    title: str
    paragraphs: tuple[Paragraph, ...]

    @property
    def sentences(self) -> Iterator[str]:
        for paragraph in self.paragraphs:
            yield from paragraph.sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    data: bytes
    media_type: str
    """image/jpeg or image/png."""

    @property
    def extension(self) -> str:
        """Without the dot."""
        return "png" if self.media_type == "image/png" else "jpg"


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    title: str
    authors: tuple[str, ...] = ()
    language: str
    """ISO 639-1: what most of it is written in."""
    chapters: tuple[Chapter, ...]
    cover: Cover | None = None

    @property
    def author(self) -> str:
        return ", ".join(self.authors)

    @property
    def characters(self) -> int:
        """How much text there is to say."""
        return sum(len(sentence) for chapter in self.chapters for sentence in chapter.sentences)
