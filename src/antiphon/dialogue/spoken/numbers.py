"""Numbers in words: cardinals, decimals, ordinals, years, single digits, amounts of something."""

from __future__ import annotations

import re
from dataclasses import dataclass

from num2words import num2words

from antiphon.dialogue.spoken.lexicon import Noun, NumberWords, OrdinalWords
from antiphon.dialogue.spoken.rules import replace_endings

LONGEST_NUMBER = 15
"""Figures with more digits are said digit by digit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number as written: its digits before and after the decimal mark."""

    whole: str
    decimals: str = ""

    @property
    def is_one(self) -> bool:
        return not self.decimals and self.whole.lstrip("0") == "1"


class NumberSpeaker:
    """Says numbers in one language."""

    def __init__(self, words: NumberWords, ordinals: OrdinalWords) -> None:
        self._words = words
        self._ordinals = ordinals
        mark = re.escape(words.decimal_mark)
        thousands = f"[{re.escape(words.thousands_marks)}]"
        other = re.escape({".": ",", ",": "."}[words.decimal_mark])
        self.pattern = (
            rf"(?<!\d)(?:\d{{1,3}}(?:{thousands}\d{{3}}){{1,6}}(?:{mark}\d{{1,40}})?(?!\d)"
            rf"|\d{{1,3}}(?:{other}\d{{3}}){{1,6}}{mark}\d{{1,40}}(?!\d)"
            rf"|\d{{1,40}}(?:[{re.escape('.,')}]\d{{1,40}})?(?!\d))"
        )
        """A regular expression, without groups, for a number as this language writes it."""

    def read(self, written: str) -> Figure:
        """Take apart what `pattern` has matched."""
        marks = [character for character in written if not character.isdigit()]
        if not marks:
            return Figure(whole=written)
        last = written.rindex(marks[-1])
        behind = written[last + 1 :]
        is_decimal = marks[-1] in ".," and (
            (marks[-1] == self._words.decimal_mark and marks.count(marks[-1]) == 1) or len(behind) != 3
        )
        whole = written[:last] if is_decimal else written
        return Figure(whole=re.sub(r"\D", "", whole), decimals=behind if is_decimal else "")

    def say(self, written: str, noun: Noun | None = None) -> str:
        """Say a written number, in agreement with the noun it counts (which is not said)."""
        figure = self.read(written)
        whole = self.cardinal(figure.whole, noun if not figure.decimals else None)
        if not figure.decimals:
            return whole
        return f"{whole} {self._words.point} {self._say_decimals(figure.decimals)}"

    def say_counting(self, written: str, counted: str) -> str:
        """Say a written number, in agreement with the word after it, as far as its ending shows."""
        if counted.lower() in self._words.uncounted_words:
            return self.year(written) if len(written) == 4 and written.isdigit() else self.say(written)
        return self.say(written, Noun("", "", self.is_feminine(counted)))

    def is_feminine(self, noun: str) -> bool:
        """Whether a noun's ending makes it feminine."""
        singular = noun.lower().removesuffix("s")
        return singular not in self._words.masculine_nouns and singular.endswith(self._words.feminine_nouns_end_in)

    def amount(self, written: str, noun: Noun) -> str:
        """Say a written number and what it counts; a zero that only pads the figure ("05 min") is not said."""
        figure = self.read(written)
        below_two = self._words.singular_below_two and figure.whole.lstrip("0") in ("", "1")
        said = self.say(re.sub(r"^0+(?=\d)", "", written), noun)
        return f"{said} {noun.singular if figure.is_one or below_two else noun.plural}"

    def cardinal(self, digits: str, noun: Noun | None = None) -> str:
        if len(digits) > LONGEST_NUMBER or (len(digits) > 1 and digits[0] == "0"):
            return self.grouped_digits(digits)
        said = self._convert(int(digits), "cardinal")
        if noun is None:
            return said
        if noun.is_feminine:
            for pattern, replacement in self._words.feminine_within.items():
                said = re.sub(pattern, replacement, said)
        endings = self._words.before_feminine if noun.is_feminine else self._words.before_masculine
        return replace_endings(said, endings.items())

    def digits(self, digits: str) -> str:
        """Say each digit separately."""
        return " ".join(self._convert(int(digit), "cardinal") for digit in digits)

    def grouped_digits(self, digits: str) -> str:
        """Say each digit separately; if there are many, pause after every three or four."""
        return ", ".join(self.digits(group) for group in groups_of(digits))

    def pairs(self, digits: str) -> str:
        """Say a telephone number as people do in French, each group of two or three as a number: "zéro six, douze"."""
        groups = re.findall(r"\d+", digits)
        if [len(group) for group in groups] == [10]:
            groups = re.findall(r"\d\d", digits)
        return ", ".join(self._after_zeros(group) for group in groups)

    def _after_zeros(self, group: str) -> str:
        rest = group.lstrip("0") if len(group) <= 3 else ""
        zeros = group[: len(group) - len(rest)]
        return " ".join(filter(None, (self.digits(zeros), rest and self.cardinal(rest))))

    def ordinal(self, number: int, *, feminine: bool = False) -> str:
        said = self._convert(number, "ordinal")
        if feminine:
            for pattern, replacement in self._ordinals.to_feminine.items():
                said = re.sub(pattern, replacement, said)
        return said

    def is_in_millions(self, written: str) -> bool:
        """Whether a number ends in "million", after which what it counts may need a joining word."""
        figure = self.read(written)
        return figure.whole.endswith("000000") and not figure.decimals.strip("0")

    def thousands(self, written: str) -> str:
        """The digits of a written number that counts thousands: 2.5k is 2500."""
        figure = self.read(written)
        return (figure.whole + figure.decimals[:3].ljust(3, "0")).lstrip("0") or "0"

    def year(self, digits: str) -> str:
        """Say four digits as a year, or as the number of a thing if that is said the same way."""
        if digits[0] == "0":
            return self.digits(digits)
        number = int(digits)
        century, rest = divmod(number, 100)
        if self._words.years == "number" or not 1010 <= number <= 2099 or (century % 10 == 0 and rest < 10):
            return self.cardinal(str(number))
        if self._words.years == "hundreds":
            hundreds = f"{self.cardinal(str(century))}hundert" if century < 20 else self.cardinal(f"{century}00")
            return hundreds + (self.cardinal(str(rest)) if rest else "")
        if not rest:
            return f"{self.cardinal(str(century))} hundred"
        return f"{self.cardinal(str(century))} {'oh ' if rest < 10 else ''}{self.cardinal(str(rest))}"

    def _say_decimals(self, digits: str) -> str:
        if not self._words.says_decimals_as_number or len(digits) > 3:
            return self.digits(digits)
        significant = digits.lstrip("0")
        zeros = "0" * (len(digits) - len(significant))
        return " ".join(filter(None, (self.digits(zeros), significant and self.cardinal(significant))))

    def _convert(self, number: int, to: str) -> str:
        said = num2words(number, lang=self._words.num2words_code, to=to).replace(",", "")
        for pattern, replacement in self._words.corrections.items():
            said = re.sub(pattern, replacement, said)
        return said


def groups_of(code: str) -> list[str]:
    """Cut a long code where people pause: into fours if that comes out even, else into threes and fours at the end."""
    length = len(code)
    if length < 7:
        return [code]
    threes = 0 if length % 4 == 0 else length // 3 - length % 3
    return [code[at : at + 3] for at in range(0, 3 * threes, 3)] + [
        code[at : at + 4] for at in range(3 * threes, length, 4)
    ]
