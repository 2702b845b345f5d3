"""From the written form to the words that are said: "$1.5M" to "one point five million dollars".

The result has no digits or signs, only letters and the punctuation that shapes the voice. The rules are the same for
every language; what differs between languages is data, in `languages`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from antiphon.dialogue.spoken.abbreviations import abbreviation_rules
from antiphon.dialogue.spoken.addresses import address_rules
from antiphon.dialogue.spoken.clock import clock_rules
from antiphon.dialogue.spoken.codes import code_rules, version_rules
from antiphon.dialogue.spoken.comparisons import comparison_rules, heart_rules
from antiphon.dialogue.spoken.counts import count_rules
from antiphon.dialogue.spoken.dates import decade_rules, named_date_rules, numeric_date_rules
from antiphon.dialogue.spoken.durations import duration_rules
from antiphon.dialogue.spoken.formula_spans import plain_formulas
from antiphon.dialogue.spoken.formulas import formula_rules, letter_rules
from antiphon.dialogue.spoken.fractions import fraction_rules, hyphenated_fraction_rules
from antiphon.dialogue.spoken.grouping import grouping_rules
from antiphon.dialogue.spoken.identifiers import identifier_rules
from antiphon.dialogue.spoken.languages import LEXICONS
from antiphon.dialogue.spoken.letters import LetterSpeaker, capital_rules, respelling_rules
from antiphon.dialogue.spoken.lexicon import Lexicon
from antiphon.dialogue.spoken.measures import measure_rules, number_rules, range_rules
from antiphon.dialogue.spoken.money import money_rules
from antiphon.dialogue.spoken.numbers import NumberSpeaker
from antiphon.dialogue.spoken.ordinals import ordinal_rules, roman_rules
from antiphon.dialogue.spoken.phones import named_number_rules, phone_rules
from antiphon.dialogue.spoken.rules import Rule
from antiphon.dialogue.spoken.scientific import scientific_rules
from antiphon.dialogue.spoken.symbols import normalise, power_rules, symbol_rules
from antiphon.dialogue.spoken.timestamps import timestamp_rules

_WHOLE_NUMBER = re.compile(r"(?<![\d.,])\d{1,6}(?![\d.,]?\d)")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W\d_]{2,}")
_CODE = re.compile(r"[A-Z]{0,12}\d[A-Z\d]{0,40}(?: [A-Z]{4}(?= ?\d))?")


class Pronouncer:
    """Says text in every language of its lexicons. Holds only compiled rules: create one and share it."""

    def __init__(self, lexicons: Mapping[str, Lexicon] = LEXICONS) -> None:
        self._numbers = {
            language: NumberSpeaker(lexicon.numbers, lexicon.ordinals) for language, lexicon in lexicons.items()
        }
        self._rules = {language: _rules(lexicon) for language, lexicon in lexicons.items()}

    @property
    def languages(self) -> frozenset[str]:
        """ISO 639-1 codes of the languages that `pronounce` knows."""
        return frozenset(self._rules)

    def pronounce(self, text: str, language: str, *, is_ordinal: bool = False) -> str:
        """Return the words to say, on one line. Text in an unknown language is returned unchanged.

        If `is_ordinal`, whole numbers are places in an order: 3 is the third.
        """
        if is_ordinal and language in self._numbers:
            ordinal = self._numbers[language].ordinal
            text = _WHOLE_NUMBER.sub(lambda found: ordinal(int(found[0])), text)
        rules = self._rules.get(language)
        if rules is None:
            return text
        text = normalise(plain_formulas(text)).strip()
        if text.isupper() and _is_shouted(_WORD.findall(_CODE.sub("", text))):
            text = text.lower()
        for rule in rules:
            if not rule.needs_digit or _DIGIT.search(text):
                text = rule.apply(text)
        return text.strip()


def _is_shouted(capitals: list[str]) -> bool:
    """Whether the capitals are shouted words rather than initialisms."""
    return len(capitals) > 1 and max(map(len, capitals)) > 3


def _rules(lexicon: Lexicon) -> list[Rule]:
    """All rules of a language, in the order in which they apply: the narrower the pattern, the earlier."""
    numbers = NumberSpeaker(lexicon.numbers, lexicon.ordinals)
    letters = LetterSpeaker(lexicon, numbers)
    return [
        *grouping_rules(lexicon),
        *address_rules(lexicon, numbers, letters),
        *timestamp_rules(lexicon, numbers),
        *named_number_rules(numbers),
        *identifier_rules(lexicon, numbers, letters),
        *respelling_rules(lexicon),
        *duration_rules(lexicon, numbers),
        *heart_rules(lexicon),
        *formula_rules(lexicon, numbers),
        *comparison_rules(lexicon),
        *numeric_date_rules(lexicon, numbers),
        *phone_rules(lexicon, numbers),
        *version_rules(lexicon, numbers),
        *scientific_rules(lexicon, numbers),
        *hyphenated_fraction_rules(),
        *clock_rules(lexicon, numbers),
        *range_rules(lexicon, numbers),
        *named_date_rules(lexicon, numbers),
        *decade_rules(lexicon, numbers),
        *_list_number_rules(numbers),
        *abbreviation_rules(lexicon),
        *fraction_rules(lexicon, numbers),
        *count_rules(lexicon, numbers),
        *money_rules(lexicon, numbers),
        *ordinal_rules(lexicon, numbers),
        *measure_rules(lexicon, numbers),
        *power_rules(lexicon),
        *roman_rules(lexicon, numbers),
        *code_rules(letters),
        *capital_rules(lexicon, letters),
        *number_rules(lexicon, numbers),
        *letter_rules(lexicon),
        *symbol_rules(lexicon),
    ]


def _list_number_rules(numbers: NumberSpeaker) -> list[Rule]:
    """The number of a list item opens a clause: "1. Wash your hands"."""
    item = re.compile(r"^(?P<number>\d{1,3})[.)] (?=\S)")
    return [Rule(pattern=item, say=lambda found: f"{numbers.cardinal(found['number'])}, ")]
