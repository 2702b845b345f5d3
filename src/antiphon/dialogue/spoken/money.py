"""Sums of money: $1.5M, 20 €, £3.99, US$5bn."""

from __future__ import annotations

import re

from antiphon.dialogue.spoken.lexicon import Lexicon, MoneyWords, Noun
from antiphon.dialogue.spoken.numbers import NumberSpeaker
from antiphon.dialogue.spoken.rules import Rule, any_of


def partitive(words: MoneyWords, magnitude: Noun, counted: str) -> str:
    """What joins a noun such as million and what it counts: "millions d'euros"."""
    if magnitude.plural == words.never_takes_of:
        return ""
    return words.of_before_vowel if re.match(words.vowels, counted) else words.of


def money_rules(lexicon: Lexicon, numbers: NumberSpeaker) -> list[Rule]:
    words = lexicon.money
    unit = any_of(words.currencies)
    magnitude = any_of(words.magnitudes)
    sum_ = rf"(?P<number>{numbers.pattern})(?:[ -]?(?P<magnitude>{magnitude})(?![^\W_]))?"
    per = r"(?P<per> ?/ ?(?=[^\W\d_]))?"

    def say(found: re.Match[str]) -> str:
        currency = words.currencies[found["unit"]]
        per_word = f" {lexicon.per} " if found["per"] else ""
        if found["magnitude"] and found["magnitude"] in "kK":
            return numbers.amount(numbers.thousands(found["number"]), currency.unit) + per_word
        if found["magnitude"]:
            magnitude_noun = words.magnitudes[found["magnitude"]]
            amount = numbers.amount(found["number"], magnitude_noun)
            return f"{amount} {partitive(words, magnitude_noun, currency.unit.plural)}{currency.unit.plural}{per_word}"
        figure = numbers.read(found["number"])
        if words.of and numbers.is_in_millions(found["number"]):
            of = partitive(words, currency.unit, currency.unit.plural)
            return f"{numbers.say(figure.whole)} {of}{currency.unit.plural}{per_word}"
        if currency.cent is None or len(figure.decimals) != 2:
            return numbers.amount(found["number"], currency.unit) + per_word
        cents = figure.decimals.lstrip("0")
        if not cents:
            return numbers.amount(figure.whole, currency.unit) + per_word
        said_cents = numbers.amount(cents, currency.cent)
        if not figure.whole.strip("0"):
            return said_cents + per_word
        units = numbers.amount(figure.whole, currency.unit)
        return words.with_cents.format(units=units, cents=said_cents, count=numbers.cardinal(cents)) + per_word

    return [
        Rule(pattern=re.compile(rf"(?<![^\W\d_])(?P<unit>{unit}) ?{sum_}{per}"), say=say),
        Rule(pattern=re.compile(rf"{sum_} ?(?P<unit>{unit})(?![^\W\d_]){per}"), say=say),
    ]
