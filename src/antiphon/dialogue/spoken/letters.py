"""Capitals: which are spelled and which are read as a word; alone, and within codes such as GPT-4o."""

from __future__ import annotations

import re

from antiphon.dialogue.spoken.lexicon import Lexicon
from antiphon.dialogue.spoken.numbers import NumberSpeaker
from antiphon.dialogue.spoken.rules import Rule, any_of

_VOWELS = frozenset("AEIOUYÀÁÂÃÄÈÉÊËÌÍÎÏÒÓÔÕÖÙÚÛÜ")
_WORDS_IN_EVERY_LANGUAGE = frozenset(
    ["NASA", "COVID", "JPEG", "UNESCO", "UNICEF", "FIFA", "UEFA", "LASER", "RADAR", "SIM", "PIN", "RAM", "ROM", "GIF"]
)


class LetterSpeaker:
    """Says capitals in one language."""

    def __init__(self, lexicon: Lexicon, numbers: NumberSpeaker) -> None:
        self._words = lexicon.letters
        self._numbers = numbers

    def say_capitals(self, capitals: str) -> str:
        """Spell capitals, unless they are read as a word."""
        if self._words.respelled.get(capitals):
            return self._words.respelled[capitals]
        if not self._words.spells or not self._is_spelled(capitals):
            return capitals
        return " ".join(capitals)

    def say_code(self, code: str) -> str:
        """Say "GPT-4o" or "B12": letters, words and figures in turn."""
        parts = re.findall(r"\d+|[^\W\d_]+", code)
        return " ".join(self._say_part(part, index) for index, part in enumerate(parts))

    def _say_part(self, part: str, index: int) -> str:
        if part.isdecimal():
            return self._say_figures(part)
        if len(part) == 1:
            letter = part.upper() if part != "o" or index == 0 else "o"
            return self._words.names.get(letter, letter.upper())
        if part.isupper() or (len(part) <= 3 and not set(part.upper()) & _VOWELS):
            return self.say_capitals(part.upper())
        return part

    def _say_figures(self, figures: str) -> str:
        if len(figures) == 4 and "1010" <= figures <= "2099":
            return self._numbers.year(figures)
        return self._numbers.cardinal(figures) if len(figures) <= 3 else self._numbers.digits(figures)

    def _is_spelled(self, capitals: str) -> bool:
        words = self._words
        if capitals in words.words or capitals in _WORDS_IN_EVERY_LANGUAGE:
            return False
        return capitals in words.spelled or len(capitals) <= 3 or not set(capitals) & _VOWELS


def respelling_rules(lexicon: Lexicon) -> list[Rule]:
    """The codes and initialisms that follow no rule."""
    respelled = lexicon.letters.respelled
    exact = rf"(?<![\w&.,/])(?:{any_of(respelled)})(?![\w&+#/]|['’.,]\w)"
    return [Rule(pattern=re.compile(exact), say=lambda found: respelled[found[0]], needs_digit=False)]


def capital_rules(lexicon: Lexicon, letters: LetterSpeaker) -> list[Rule]:
    """Initialisms; their plural "s" stays."""
    if not lexicon.letters.spells:
        return []

    def say(found: re.Match[str]) -> str:
        return letters.say_capitals(found["capitals"]) + found["plural"] if found["capitals"].isupper() else found[0]

    capitals = r"(?<!\w)(?P<capitals>[^\W\d_a-z]{2,6})(?P<plural>s?)(?!\w)"
    return [Rule(pattern=re.compile(capitals), say=say, needs_digit=False)]
