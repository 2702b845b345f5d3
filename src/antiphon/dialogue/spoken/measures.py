"""Amounts: units, percentages, ranges."""

from __future__ import annotations

import re

from antiphon.dialogue.spoken.lexicon import Lexicon
from antiphon.dialogue.spoken.numbers import NumberSpeaker
from antiphon.dialogue.spoken.rules import Rule, any_of


def range_rules(lexicon: Lexicon, numbers: NumberSpeaker) -> list[Rule]:
    """10–20 becomes "10 to 20" and 5 - 3 "5 minus 3", so that later rules apply to both numbers."""
    to = lexicon.numbers.to
    currency = any_of(lexicon.money.currencies)
    figure = r"\d{1,15}(?:[.,]\d{1,15}){0,3}"
    return [
        Rule(pattern=re.compile(r"(?<=\d):(?=\d)"), say=f" {to} "),
        Rule(pattern=re.compile(r"(?<=\d) [-−] (?=\d)"), say=f" {lexicon.numbers.minus} "),
        Rule(
            pattern=re.compile(rf"(?P<unit>{currency}) ?(?P<low>{numbers.pattern}) ?[–—-] ?(?=\d)"),
            say=lambda found: f"{found['low']} {to} {found['unit']}",
        ),
        Rule(
            pattern=re.compile(rf"(?<![\w.,-])(?P<low>{figure}(?: ?(?:%|°C?))?) ?[–—-] ?(?=[\d$€£])"),
            say=rf"\g<low> {to} ",
        ),
        Rule(pattern=re.compile(r"(?<![\w.,)\]^{-])[-−] ?(?=\d)"), say=f"{lexicon.numbers.minus} "),
    ]


def measure_rules(lexicon: Lexicon, numbers: NumberSpeaker) -> list[Rule]:
    units = lexicon.units
    unit = any_of(units)

    def say_amount(found: re.Match[str]) -> str:
        noun = units[found["unit"]]
        if found["joint"] == "-":
            return f"{numbers.say(found['number'], noun)} {noun.singular}"
        said = numbers.amount(found["number"], noun)
        return f"{said} {lexicon.per} {units[found['per']].singular}" if found["per"] else said

    def say_unit_alone(found: re.Match[str]) -> str:
        return units[found["unit"]].plural

    rates = any_of(each for each in units if "/" in each)
    return [
        Rule(
            pattern=re.compile(
                rf"(?P<number>{numbers.pattern})(?P<joint>[ -]?)(?P<unit>{unit})(?:/(?P<per>{unit}))?(?![^\W_]|[²³]\w)"
            ),
            say=say_amount,
        ),
        Rule(pattern=re.compile(rf"(?<![^\W_])(?P<unit>{rates})(?![^\W_])"), say=say_unit_alone, needs_digit=False),
    ]


def number_rules(lexicon: Lexicon, numbers: NumberSpeaker) -> list[Rule]:
    """Numbers that count what is named after them, and those on their own."""
    words = lexicon.numbers

    def say(found: re.Match[str]) -> str:
        written, counted = found["number"], found["counted"]
        if not counted and written.isdigit() and len(written) == 4:
            return numbers.year(written)
        if not counted:
            return numbers.say(written)
        return numbers.say_counting(written, counted)

    agreement = rf"(?= (?P<counted>{words.counted_words})(?!\w))" if words.counted_words else r"(?P<counted>(?!))"
    return [
        Rule(pattern=re.compile(r"(?<=\d)(?=[^\W\d_])|(?<=[^\W\d_])(?=\d)"), say=" "),
        Rule(pattern=re.compile(rf"(?<![\w.,])(?P<number>{numbers.pattern}){agreement}"), say=say),
        Rule(pattern=re.compile(rf"(?P<number>{numbers.pattern})(?P<counted>(?!))?"), say=say),
        Rule(pattern=re.compile(r"\d+"), say=lambda found: f" {numbers.digits(found[0])} "),
    ]
