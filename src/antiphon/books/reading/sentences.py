"""Paragraphs to sentences, the units in which a book is said, kept and highlighted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from antiphon.dialogue.clauses import LONGEST_CLAUSE, ClauseSplitter

_AT_A_TIME = 2_000
"""How many characters of a paragraph are looked at together."""


def sentences(lines: Iterable[str]) -> tuple[str, ...]:
    """The sentences of a paragraph's lines; the longest are cut where one can take breath."""
    return tuple(sentence for line in lines for sentence in _whole(_pieces(line)))


def _pieces(line: str) -> Iterator[str]:
    splitter = ClauseSplitter(opens=False)
    for start in range(0, len(line), _AT_A_TIME):
        yield from splitter.feed(line[start : start + _AT_A_TIME])
    yield from splitter.finish()


def _whole(pieces: Iterable[str]) -> Iterator[str]:
    """What goes on in lower case belongs to the sentence before: “Come!” said Holmes."""
    sentence = ""
    for piece in pieces:
        is_more = piece.lstrip()[:1].islower() and len(sentence) + len(piece) <= LONGEST_CLAUSE
        if sentence and not is_more:
            yield from _said(sentence)
            sentence = ""
        sentence += piece
    yield from _said(sentence)


def _said(sentence: str) -> Iterator[str]:
    stripped = sentence.strip()
    if any(character.isalnum() for character in stripped):
        yield stripped
