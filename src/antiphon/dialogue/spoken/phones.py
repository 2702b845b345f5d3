"""Telephone numbers: +49 30 123456, (555) 123-4567, 1-800-FLOWERS, and 112 if it is dialled."""

from __future__ import annotations

import re

from antiphon.dialogue.spoken.identifiers import quantity_ahead
from antiphon.dialogue.spoken.lexicon import Lexicon
from antiphon.dialogue.spoken.numbers import NumberSpeaker
from antiphon.dialogue.spoken.rules import Rule

_JOINT = r"[ .-]"
_PHONE = (
    rf"(?:\+\d{{1,3}}{_JOINT}?(?:\(\d{{1,4}}\){_JOINT}?)?\d{{1,4}}(?:{_JOINT}?\d{{2,5}}){{1,5}}"
    rf"|\(\d{{2,5}}\){_JOINT}?\d{{2,8}}(?:{_JOINT}\d{{2,5}}){{0,3}}"
    rf"|0\d{{1,4}}(?:{_JOINT}\d{{2,8}}){{1,5}}"
    rf"|0\d{{1,4}} ?/ ?\d{{2,8}}(?:{_JOINT}\d{{1,8}}){{0,4}}"
    r"|(?!\d{1,3}(?: \d{3})+(?! ?\d))\d{2,3}(?: \d{2,3}){3,4}"
    r"|0 \d{3}(?: \d{2,3}){2,3}"
    r"|\d{3} \d{6,7}|\d{2} \d{4,5}-\d{4}"
    r"|\d{1,7}(?:-\d{1,7}){3,6}"
    r"|(?:1[-. ])?\d{3}([-. ])\d{3}\1\d{4}|\d{3}-\d{4}%s)"
)
_NAMED = (
    r"(?P<prefix>1-\(?[2-9]\d\d\)?[ -]|(?:\(8\d\d\) ?|0?8(?:00|33|44|55|66|77|88)-)(?=[A-Z\d-]*[A-Z]{3}))"
    r"(?P<name>(?=[\d-]*[^\W\d_]{2})[^\W_]{2,12}(?:-[^\W_]{1,12}){0,4})"
)
_EMERGENCY = "(?:112|911|999)"
"""Emergency numbers, recognized even after somebody else who could be called."""
_OR = r"(?:,|,? (?:or|and|oder|und|ou|et|o|u|y|e|od))"


def named_number_rules(numbers: NumberSpeaker) -> list[Rule]:
    """Numbers with letters for digits; apply these before rules that take them for codes."""

    def say(found: re.Match[str]) -> str:
        said: list[str] = []
        for part in re.findall(r"\d+|[^\W\d_]+", found["prefix"] + found["name"]):
            is_hundred = part.isdecimal() and len(part) == 3 and part.endswith("00")
            if part.isdecimal():
                said.append(numbers.cardinal(part) if is_hundred else numbers.digits(part))
            else:
                said.append(part.lower() if set(part.lower()) & set("aeiouy") else " ".join(part.upper()))
        return " ".join(said)

    return [Rule(pattern=re.compile(rf"(?<![\w.,/+-]){_NAMED}(?![\w-])"), say=say)]


def phone_rules(lexicon: Lexicon, numbers: NumberSpeaker) -> list[Rule]:
    words = lexicon.identifiers

    def say(found: re.Match[str]) -> str:
        if not 7 <= sum(character.isdigit() for character in found[0]) <= 15:
            return found[0]
        plus = lexicon.symbols["+"] + " " if found[0].startswith("+") else ""
        if words.pairs:
            return plus + numbers.pairs(found[0])
        return plus + ", ".join(say_digits(group) for group in re.findall(r"\d+", found[0]))

    def say_digits(group: str) -> str:
        return numbers.grouped_digits(group) if len(group) > 7 else numbers.digits(group)

    def say_called(found: re.Match[str]) -> str:
        return found["lead"] + re.sub(r"\d+(?:[ -]\d+)*", lambda number: say_short(number[0]), found["numbers"])

    def say_short(number: str) -> str:
        groups = re.findall(r"\d+", number)
        if words.short_numbers_are_digits or number in words.short_numbers_of_digits or number[0] == "0":
            return ", ".join(numbers.grouped_digits(group) for group in groups)
        if [len(group) for group in groups] == [4]:
            groups = [number[:2], number[2:]]
            return " ".join(numbers.cardinal(group) for group in groups)
        if any(len(group) > 3 for group in groups) or len(groups) > 2:
            return ", ".join(numbers.grouped_digits(group) for group in groups)
        return ", ".join(numbers.cardinal(group) for group in groups)

    number = r"(?!(?:19|20)\d\d(?!\d))\d{3,12}(?:[ -]\d{2,8}){0,4}"
    end = rf"(?!\w|[.,:/]\d|-\w|{quantity_ahead(lexicon)})"
    another = rf"(?: \([^()\d]{{1,30}}\))?{_OR} (?:(?:{words.call_links}) )?{number}{end}"
    in_turn = rf"{number}{end}(?:{another}){{0,3}}"
    link = rf"(?: ?[:(,]| (?:{words.call_links})(?!\w)){{0,5}} ?"
    called = rf"(?<!\w)(?P<lead>(?i:{words.calls})(?!\w)(?i:{link})(?<=[ :(]))(?P<numbers>{in_turn})"
    before = rf"(?<![\w.,/+-])(?P<lead>)(?P<numbers>\d{{3}})(?= (?:{words.called}))"
    someone_or = rf"(?i:{words.calls})(?!\w)[^.!?\d]{{1,60}}{_OR} (?:(?:{words.call_links}) )?"
    instead = rf"(?<!\w)(?P<lead>{someone_or})(?P<numbers>{_EMERGENCY}){end}"
    return [
        Rule(pattern=re.compile(rf"(?<![\w.,/+-]){_PHONE % ('|' + words.phones)}(?![\w/-]|[.,]\d)"), say=say),
        Rule(pattern=re.compile(called), say=say_called),
        Rule(pattern=re.compile(before), say=say_called),
        Rule(pattern=re.compile(instead), say=say_called),
    ]
