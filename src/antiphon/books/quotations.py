"""Finds what is spoken in a story: which stretches of its sentences are within quotation marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_CLOSES = {"“": "”", "«": "»", "„": "“”", "»": "«", '"': '"', "‟": "”"}
"""What closes a quotation, by what opens it."""
_SINGLE_OPENS = re.compile(r"(?<![\w’])‘(?=\w)")
_SINGLE_CLOSES = re.compile(r"(?<=[.,!?…—–-])’(?!\w)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Part of a sentence."""

    text: str
    quotation: int | None
    """Which of the chapter's quotations it is part of, counted from 1; None outside of quotations."""


@dataclass(slots=True)
class Quotations:
    """Follows the quotation marks of a chapter, sentence by sentence. No quotation is longer than its paragraph."""

    count: int = 0
    _closes: str = ""
    """What closes the quotation that is open; "" if none is."""

    def begin_paragraph(self) -> None:
        self._closes = ""

    def stretches(self, sentence: str) -> Sequence[Stretch]:
        """The stretches of the next sentence, which together make it up."""
        found: list[Stretch] = []
        begin, quotation = 0, self.count if self._closes else None
        for at, opened in self._marks(sentence):
            if sentence[begin:at]:
                found.append(Stretch(text=sentence[begin:at], quotation=quotation))
            begin, quotation = at, opened
        if sentence[begin:]:
            found.append(Stretch(text=sentence[begin:], quotation=quotation))
        return _with_words(found)

    def _marks(self, sentence: str) -> Iterator[tuple[int, int | None]]:
        """Where quotations begin, with their numbers, and where they have ended."""
        opens = {found.start() for found in _SINGLE_OPENS.finditer(sentence)}
        ends = {found.start() for found in _SINGLE_CLOSES.finditer(sentence)}
        for at, character in enumerate(sentence):
            if self._closes:
                if character in self._closes and (character != "’" or at in ends):
                    self._closes = ""
                    yield at + 1, None
            elif character in _CLOSES or at in opens:
                self._closes = "’" if character == "‘" else _CLOSES[character]
                self.count += 1
                yield at, self.count


def _with_words(stretches: Sequence[Stretch]) -> Sequence[Stretch]:
    """Marks without words stay with the stretch before them, or else with the one after."""
    kept: list[Stretch] = []
    loose = ""
    for stretch in stretches:
        if any(character.isalnum() for character in stretch.text):
            kept.append(Stretch(text=loose + stretch.text, quotation=stretch.quotation))
            loose = ""
        elif kept:
            kept[-1] = Stretch(text=kept[-1].text + stretch.text, quotation=kept[-1].quotation)
        else:
            loose += stretch.text
    return kept
