"""Ordinals: 1st, 1er, 2ª, der 3. Versuch; and Roman numerals: Louis XIV, siglo XIX, World War II."""

from __future__ import annotations

import re

from antiphon.dialogue.spoken.lexicon import Lexicon
from antiphon.dialogue.spoken.numbers import LONGEST_NUMBER, NumberSpeaker
from antiphon.dialogue.spoken.rules import Rule, any_of

_ROMAN = r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})"
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}


def ordinal_rules(lexicon: Lexicon, numbers: NumberSpeaker) -> list[Rule]:
    words = lexicon.ordinals

    def say(found: re.Match[str]) -> str:
        if (written := found[0].lower()) in words.exceptions:
            return words.exceptions[written]
        digits = re.sub(r"\D", "", found["digits"])
        if len(digits) > LONGEST_NUMBER // 2:
            return numbers.digits(digits)
        is_feminine = bool(words.feminine_marks and re.fullmatch(words.feminine_marks, found["mark"]))
        return numbers.ordinal(int(digits), feminine=is_feminine)

    def say_after_lead(found: re.Match[str]) -> str:
        return f"{found['lead']} {numbers.ordinal(int(found['digits']))}{words.after[found['lead'].lower()]}"

    rules: list[Rule] = []
    if marks := "|".join(filter(None, (words.masculine_marks, words.feminine_marks))):
        digits = r"(?<![\w.,])(?P<digits>\d{1,3}(?:,\d{3}){1,2}|\d{1,9})"
        rules.append(Rule(pattern=re.compile(rf"{digits}(?P<mark>{marks})(?!\w)"), say=say))
    if words.after:
        leads = any_of(word for word in words.after if word)
        after_lead = rf"(?<!\w)(?P<lead>(?i:{leads})) (?P<digits>\d{{1,3}})\.(?= ?[^\W\d_]| ?[–-])"
        rules.append(Rule(pattern=re.compile(after_lead), say=say_after_lead))
    return rules


def roman_rules(lexicon: Lexicon, numbers: NumberSpeaker) -> list[Rule]:
    words = lexicon.roman

    def say_sovereign(found: re.Match[str]) -> str:
        number = _roman_value(found["roman"])
        if number == 1 and words.first:
            said = words.first
        elif number <= words.ordinals_to:
            is_feminine = bool(lexicon.ordinals.to_feminine) and found["name"].endswith("a")
            said = numbers.ordinal(number, feminine=is_feminine)
        else:
            said = numbers.cardinal(str(number))
        return f"{found['name']} {words.sovereign.format(number=said)}"

    def say_number(found: re.Match[str]) -> str:
        return f"{found['name']} {numbers.cardinal(str(_roman_value(found['roman'])))}"

    def say_ordinal_after(found: re.Match[str]) -> str:
        number = _roman_value(found["roman"])
        said = numbers.ordinal(number) if number <= words.ordinals_to else numbers.cardinal(str(number))
        return f"{found['name']} {said}"

    def say_ordinal_before(found: re.Match[str]) -> str:
        return numbers.ordinal(_roman_value(found["roman"]))

    roman = rf"(?P<roman>(?=[IVXLCDM]){_ROMAN})(?!\w)"
    stop = r"(?:\.(?= [^\W\d_]))?" if lexicon.ordinals.after else ""
    rules = [
        Rule(pattern=re.compile(rf"(?<!\w)(?P<name>{any_of(words.sovereigns)}) {roman}{stop}"), say=say_sovereign),
        Rule(pattern=re.compile(rf"(?<!\w)(?P<name>{any_of(words.ordinals_after)}) {roman}"), say=say_ordinal_after),
        Rule(
            pattern=re.compile(rf"(?<!\w){roman}(?= (?:{any_of(words.ordinals_before)})(?!\w))"), say=say_ordinal_before
        ),
        Rule(pattern=re.compile(rf"(?<!\w)(?P<name>(?i:{any_of(words.after)})) {roman}(?!\.\w)"), say=say_number),
        Rule(
            pattern=re.compile(rf"(?<!\w)(?P<name>[^\W\d_a-z]\w{{2,30}}) (?=[IVX]{{2}}){roman}(?!['’.]\w)"),
            say=say_number,
        ),
    ]
    if words.ordinal_marks:
        marked = rf"(?<!\w)(?P<roman>(?=[IVX])X{{0,3}}(?:IX|IV|V?I{{0,3}}))(?:{words.ordinal_marks})(?!\w)"
        rules.insert(0, Rule(pattern=re.compile(marked), say=say_ordinal_before))
    return [Rule(pattern=rule.pattern, say=rule.say, needs_digit=False) for rule in rules]


def _roman_value(roman: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in roman]
    return sum(
        -value if value < following else value for value, following in zip(values, [*values[1:], 0], strict=True)
    )
