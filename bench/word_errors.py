"""Word error rates that count what was said, not how it is written: "10:30" and "ten thirty" are the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import jiwer

from antiphon.dialogue.spoken.pronunciation import Pronouncer

LANGUAGES_BY_CHARACTER = frozenset({"ja", "ko", "zh"})
"""Where words are not, or not alike, set apart by spaces: each character counts as a word."""

_CLOCK_WITH_DOT = re.compile(r"\b(\d{1,2})\.(\d{2})\b")
"""How a recognizer may write "ten thirty", as well as "ten point three zero"."""
_INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_APOSTROPHES = re.compile("['’]")
_NOT_A_WORD = re.compile(r"[^\w\s]|_")


@dataclass(frozen=True, slots=True)
class WordErrors:
    """Words that are missing, wrong or too many, and words there should be."""

    errors: int = 0
    words: int = 0

    def __add__(self, other: WordErrors) -> WordErrors:
        return WordErrors(self.errors + other.errors, self.words + other.words)

    @property
    def percent(self) -> float:
        return 100 * self.errors / self.words if self.words else 0.0


def word_errors(reference: str, hypothesis: str, language: str, pronouncer: Pronouncer) -> WordErrors:
    """Compare two texts in `language` (ISO 639-1) by the words that a voice would say for them.

    Where the hypothesis can be read in two ways, the one that fits better counts.
    """
    expected = spoken_words(reference, language, pronouncer)
    readings = {hypothesis, _CLOCK_WITH_DOT.sub(r"\1:\2", hypothesis)}
    errors = min(_edits(expected, spoken_words(reading, language, pronouncer)) for reading in readings)
    return WordErrors(errors, len(expected))


def _edits(expected: Sequence[str], heard: Sequence[str]) -> int:
    alignment = jiwer.process_words(" ".join(expected), " ".join(heard))
    return alignment.substitutions + alignment.deletions + alignment.insertions


def spoken_words(text: str, language: str, pronouncer: Pronouncer) -> list[str]:
    """The words that a voice would say, in lower case and without punctuation."""
    said = unicodedata.normalize("NFKC", pronouncer.pronounce(text, language)).lower()
    said = _INITIALS.sub(lambda initials: initials[0].replace(".", ""), said)
    said = _NOT_A_WORD.sub(" ", _APOSTROPHES.sub("", said))
    return list("".join(said.split())) if language in LANGUAGES_BY_CHARACTER else said.split()
