"""Capitals: which are spelled out and which are read as a word; on their own, and within codes such as GPT-4o."""

from __future__ import annotations

import re
from itertools import pairwise

from antiphon.dialogue.spoken.lexicon import Lexicon
from antiphon.dialogue.spoken.numbers import NumberSpeaker
from antiphon.dialogue.spoken.rules import Rule, any_of

_VOWELS = frozenset("AEIOUYÀÁÂÃÄÈÉÊËÌÍÎÏÒÓÔÕÖÙÚÛÜ")
_WORDS_IN_EVERY_LANGUAGE = frozenset(
    ["NASA", "COVID", "JPEG", "UNESCO", "UNICEF", "FIFA", "UEFA", "LASER", "RADAR", "SIM", "PIN", "RAM", "ROM", "GIF"]
)
_NAME_OR_DATE = re.compile(
    r"\d{1,4}(?:[xX]\d{1,4})+|[A-Za-z]{1,3}-\d{1,3}-\d{1,3}|\d{1,2}-[A-Za-z]{3}-\d{2,4}"
    r"|[12]\d{3}-?[01]\d-?[0-3]\dT[\d-]*Z?|[12]\d{3}-?W\d{1,2}(?:-\d)?|P?T?(?:\d{1,3}[YMWDHS]T?)+"
)
"""1920x1080, B-52-1, 12-JAN-2024, 2024-06-02T14, 2024-W23, PT1H30M."""
_HEXADECIMAL = re.compile(r"[0-9a-f-]{7,}")
_UNPRONOUNCEABLE = re.compile(r"[bcdfghjklmnpqrstvwxz]{4}|^[^aeiouyàáâãäèéêëìíîïòóôõöùúûü]+$", re.IGNORECASE)


class LetterSpeaker:
    """Says capitals in one language."""

    def __init__(self, lexicon: Lexicon, numbers: NumberSpeaker) -> None:
        self._words = lexicon.letters
        self._numbers = numbers

    def say_capitals(self, capitals: str) -> str:
        """Spell out capitals, unless they are read as a word."""
        if self._words.respelled.get(capitals):
            return self._words.respelled[capitals]
        if not self._words.spells or not self._is_spelled(capitals):
            return capitals
        return " ".join(capitals)

    def say_code(self, code: str) -> str:
        """Say "GPT-4o" or "B12": letters, words and figures in turn."""
        if _is_identifier(code):
            return self.say_identifier(code)
        parts = re.findall(r"\d+|[^\W\d_]+", code)
        return " ".join(self._say_part(part, index) for index, part in enumerate(parts))

    def say_identifier(self, code: str, *, has_words: bool = True) -> str:
        """Say each digit and each letter separately, but words whole, with a pause between groups: "DE89 3704"."""
        groups = re.findall(r"[^\W_]+", code)
        may_be_year = "-" in code and not code.replace("-", "").isdecimal()
        return ", ".join(self._say_group(group, may_be_year=may_be_year, has_words=has_words) for group in groups)

    def _say_group(self, group: str, *, may_be_year: bool, has_words: bool) -> str:
        if may_be_year and len(group) == 4 and "1900" <= group <= "2099":
            return self._numbers.year(group)
        return " ".join(
            self._numbers.grouped_digits(part)
            if part.isdecimal()
            else self._say_letters(part, may_be_word=has_words and part == group)
            for part in re.findall(r"\d+|[^\W\d_]+", group)
        )

    def _say_letters(self, letters: str, *, may_be_word: bool) -> str:
        if may_be_word and len(letters) > 3 and not _UNPRONOUNCEABLE.search(letters):
            return letters.lower()
        return " ".join(self._words.names.get(letter, letter) for letter in letters.upper())

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


def is_mixed(code: str) -> bool:
    """Whether letters and digits alternate as they do in no name: A1B2C3, 1Z999AA10123456784."""
    if _NAME_OR_DATE.fullmatch(code) or not (code.isupper() or _HEXADECIMAL.fullmatch(code)):
        return False
    parts = re.findall(r"\d+|[^\W\d_]+", code)
    turns = sum(part.isdecimal() != following.isdecimal() for part, following in pairwise(parts))
    digits = sum(character.isdecimal() for character in code)
    return (turns > 1 and digits + turns > 5) or (turns > 0 and digits > 4 and code.count("-") > 1)


def _is_identifier(code: str) -> bool:
    digits = sum(character.isdecimal() for character in code)
    return is_mixed(code) or (digits > 4 and not _NAME_OR_DATE.fullmatch(code))


def respelling_rules(lexicon: Lexicon) -> list[Rule]:
    """The irregular codes and initialisms."""
    respelled = lexicon.letters.respelled
    exact = rf"(?<![\w&.,/])(?:{any_of(respelled)})(?![\w&+#/]|['’.,]\w)"
    return [Rule(pattern=re.compile(exact), say=lambda found: respelled[found[0]], needs_digit=False)]


def capital_rules(lexicon: Lexicon, letters: LetterSpeaker) -> list[Rule]:
    """Initialisms; their plural "s" is kept."""
    if not lexicon.letters.spells:
        return []

    def say(found: re.Match[str]) -> str:
        return letters.say_capitals(found["capitals"]) + found["plural"] if found["capitals"].isupper() else found[0]

    capitals = r"(?<!\w)(?P<capitals>[^\W\d_a-z]{2,6})(?P<plural>s?)(?!\w)"
    return [Rule(pattern=re.compile(capitals), say=say, needs_digit=False)]
