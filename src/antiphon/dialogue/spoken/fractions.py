"""Fractions: 3/4, 2½ hrs, 1 1/2 cups, ¼ mile, $2½ million."""

from __future__ import annotations

import re

from antiphon.dialogue.spoken.lexicon import Lexicon, Noun
from antiphon.dialogue.spoken.money import partitive
from antiphon.dialogue.spoken.numbers import NumberSpeaker
from antiphon.dialogue.spoken.rules import Rule, any_of, replace_endings

_FRACTION = r"(?:(?P<whole>\d{1,6}) )?(?P<numerator>\d{1,3}) ?/ ?(?P<denominator>\d{1,4})(?![\w/]|[.,]\d)"
_START = r"(?<![\w/.,])"


def hyphenated_fraction_rules() -> list[Rule]:
    """2-1/2 is not a range; apply these before rules that take it for one."""
    mixed = rf"{_START}(?<!-)([1-9]\d{{0,3}})-(?=[1-9]\d?/(?:[2-9]|1[026]|32|64)(?![\w/]|[.,]\d))"
    return [Rule(pattern=re.compile(mixed), say=r"\1 ")]


def fraction_rules(lexicon: Lexicon, numbers: NumberSpeaker) -> list[Rule]:
    """Apply these before rules that take a denominator for a number of its own."""
    speaker = _FractionSpeaker(lexicon, numbers)
    currencies = lexicon.money.currencies
    magnitudes = {name: noun for name, noun in lexicon.money.magnitudes.items() if len(name) > 2}
    units = magnitudes | dict(lexicon.units)

    def say_money(found: re.Match[str]) -> str:
        noun = currencies[found["currency"]].unit
        if not found["unit"]:
            return speaker.say_of(found, noun)
        magnitude = lexicon.money.magnitudes[found["unit"]]
        return f"{speaker.say_of(found, magnitude)} {partitive(lexicon.money, magnitude, noun.plural)}{noun.plural}"

    def say_unit(found: re.Match[str]) -> str:
        return speaker.say_of(found, units[found["unit"]])

    def say_word(found: re.Match[str]) -> str:
        return speaker.say_of(found, speaker.noun(found["noun"], is_one=found["whole"] in (None, "1")), is_unit=False)

    unit = rf"(?P<unit>{any_of(units)})(?![^\W_]|[²³]\w)"
    magnitude = rf"(?P<unit>{any_of(lexicon.money.magnitudes)})(?![^\W_])"
    currency = rf"(?P<currency>{any_of(currencies)})"
    article = rf"(?:(?<!\w)(?P<article>{lexicon.fractions.articles}) )?"
    measured = rf"(?P<noun>{lexicon.fractions.measured})(?!\w)"
    counted = rf"(?P<noun>{lexicon.counts.noun})(?!\w)"
    rules = [
        Rule(pattern=re.compile(rf"(?<![^\W\d_]){currency} ?{_FRACTION}(?:[ -]?{magnitude})?"), say=say_money),
        Rule(pattern=re.compile(rf"{_START}{_FRACTION}(?:[ -]?{magnitude})? ?{currency}(?!\w)"), say=say_money),
        Rule(pattern=re.compile(rf"{article}{_START}{_FRACTION} ?{unit}"), say=say_unit),
        Rule(pattern=re.compile(rf"{article}{_START}{_FRACTION} {measured}"), say=say_word),
    ]
    if lexicon.fractions.mixed_of:
        rules.append(Rule(pattern=re.compile(rf"{article}{_START}(?=\d+ \d){_FRACTION} {counted}"), say=say_word))
    rules.append(Rule(pattern=re.compile(rf"{_START}{_FRACTION}(?:-(?=[^\W\d_]))?"), say=speaker.say))
    return rules


class _FractionSpeaker:
    """Says the fractions found by `_FRACTION`."""

    def __init__(self, lexicon: Lexicon, numbers: NumberSpeaker) -> None:
        self._words = lexicon.fractions
        self._numbers = numbers

    def say(self, found: re.Match[str]) -> str:
        """Say a fraction on its own."""
        numerator, denominator = int(found["numerator"]), int(found["denominator"])
        fraction = self._say_part(numerator, denominator)
        if found["whole"] and (numerator, denominator) == (1, 2):
            said = self._words.and_a_half.format(whole=self._numbers.cardinal(found["whole"], Noun("", "")))
        elif found["whole"]:
            said = self._words.mixed.format(whole=self._numbers.cardinal(found["whole"]), fraction=fraction)
        else:
            said = fraction
        return said + " " * found[0].endswith("-")

    def say_of(self, found: re.Match[str], noun: Noun, *, is_unit: bool = True) -> str:
        """Say a fraction and what it is a part of."""
        words = self._words
        numerator, denominator = int(found["numerator"]), int(found["denominator"])
        is_half = (numerator, denominator) == (1, 2)
        if not found["whole"]:
            template = words.half_of[noun.is_feminine] if is_half else words.part_of
            said = template.format(fraction=self._say_part(numerator, denominator), noun=noun.singular)
        elif words.halves_in_mixed[0] and not (is_unit and " " in noun.plural):
            part = words.halves_in_mixed[noun.is_feminine] if is_half else self._say_part(numerator, denominator)
            counted = self._numbers.amount(found["whole"], noun)
            said = words.mixed_of.format(amount=counted, part=part)
        else:
            said = f"{self.say(found)} {noun.plural}"
        article = found.groupdict().get("article")
        said = f"{article} {said}" if article else said
        for pattern, replacement in words.elisions.items():
            said = re.sub(pattern, replacement, said)
        return said

    def noun(self, written: str, *, is_one: bool) -> Noun:
        """The noun behind a written form: its singular if `is_one`, and its gender."""
        head, _, rest = written.partition(" ")
        singular = replace_endings(head, self._words.singulars.items()) if is_one else head
        is_feminine = self._numbers.is_feminine(singular)
        is_feminine = is_feminine or (not is_one and head.endswith(self._words.feminine_plurals))
        return Noun(f"{singular} {rest}".rstrip(), written, is_feminine)

    def _say_part(self, numerator: int, denominator: int) -> str:
        noun = self._words.names.get(denominator)
        if noun is None or not 0 < numerator < denominator:
            over = self._words.over
            return f"{self._numbers.cardinal(str(numerator))} {over} {self._numbers.cardinal(str(denominator))}"
        return self._numbers.amount(str(numerator), noun)
