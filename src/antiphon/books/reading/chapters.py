"""Blocks to chapters: at the places that a table of contents names, or at the headings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from antiphon.books.book import Chapter, Paragraph, ParagraphKind
from antiphon.books.errors import UnreadableBook
from antiphon.books.reading.blocks import Block
from antiphon.books.reading.sentences import sentences

MOST_CHARACTERS = 12_000_000
"""Some two hundred hours of speech: more than any book has."""
LONGEST_TITLE = 120

_LICENCE_BEGINS = re.compile(r"\*{3} ?START OF TH(?:E|IS) PROJECT GUTENBERG EBOOK", re.IGNORECASE)
_LICENCE_ENDS = re.compile(r"\*{3} ?END OF TH(?:E|IS) PROJECT GUTENBERG EBOOK", re.IGNORECASE)


def chapters_at(blocks: Sequence[Block], starts: Mapping[int, str], *, opening: str) -> tuple[Chapter, ...]:
    """Chapters that begin at the blocks of these indices, with these titles. What comes before the first is a chapter
    with the title `opening`."""
    begins = sorted({0, *starts})
    ends = [*begins[1:], len(blocks)]
    parts = (
        (starts.get(begin, opening), _paragraphs(blocks[begin:end])) for begin, end in zip(begins, ends, strict=True)
    )
    spoken = ((title, paragraphs) for title, paragraphs in parts if paragraphs)
    return _checked(tuple(_chapter(number, *part) for number, part in enumerate(spoken, 1)))


def chapters_by_headings(blocks: Sequence[Block], *, opening: str) -> tuple[Chapter, ...]:
    """Chapters that begin at the headings of the level that divides the text: the highest of which there are two, or
    the highest there is."""
    levels = sorted(block.level for block in blocks if block.kind is ParagraphKind.HEADING)
    dividing = next((level for level in levels if levels.count(level) > 1), levels[0] if levels else 0)
    starts: dict[int, str] = {}
    for index, block in enumerate(blocks):
        is_heading = block.kind is ParagraphKind.HEADING and block.level <= dividing
        if is_heading and not (index - 1 in starts and blocks[index - 1].level < block.level):
            starts[index] = title_of(block)
    return chapters_at(blocks, starts, opening=opening)


def title_of(block: Block) -> str:
    """What a chapter that begins with this block can be called."""
    title = ". ".join(line.rstrip(".") for line in block.lines)
    return title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1].rstrip()}…"


def without_licence(blocks: Sequence[Block]) -> Sequence[Block]:
    """Without what Project Gutenberg puts around a text, which says itself where it begins and ends."""
    begin = next((index + 1 for index, block in enumerate(blocks) if _LICENCE_BEGINS.search(block.text)), 0)
    ends = (index for index, block in enumerate(blocks) if index >= begin and _LICENCE_ENDS.search(block.text))
    return blocks[begin : next(ends, len(blocks))]


def _checked(chapters: tuple[Chapter, ...]) -> tuple[Chapter, ...]:
    """Raises `UnreadableBook` where there is nothing to say, or more than any book has."""
    characters = sum(len(sentence) for chapter in chapters for sentence in chapter.sentences)
    if not characters:
        raise UnreadableBook("The book has no text to read aloud; its pages may be pictures.")
    if characters > MOST_CHARACTERS:
        raise UnreadableBook(f"The book has {characters} characters; at most {MOST_CHARACTERS} are read.")
    return chapters


def _chapter(number: int, title: str, paragraphs: tuple[Paragraph, ...]) -> Chapter:
    return Chapter(number=number, title=" ".join(title.split())[:LONGEST_TITLE], paragraphs=paragraphs)


def _paragraphs(blocks: Sequence[Block]) -> tuple[Paragraph, ...]:
    """Without breaks at the beginning and the end."""
    paragraphs: list[Paragraph] = []
    for block in blocks:
        if block.kind is ParagraphKind.BREAK:
            if paragraphs:
                paragraphs.append(Paragraph(kind=block.kind, sentences=()))
        elif said := sentences(block.lines):
            paragraphs.append(Paragraph(kind=block.kind, sentences=said))
    while paragraphs and paragraphs[-1].kind is ParagraphKind.BREAK:
        paragraphs.pop()
    return tuple(paragraphs)
