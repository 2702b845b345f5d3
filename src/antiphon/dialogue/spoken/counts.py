"""Large numbers abbreviated before what they count: 5k followers, 2m downloads, 3M users, 2 mi de pessoas."""

from __future__ import annotations

import re

from antiphon.dialogue.spoken.lexicon import Lexicon
from antiphon.dialogue.spoken.money import partitive
from antiphon.dialogue.spoken.numbers import NumberSpeaker
from antiphon.dialogue.spoken.rules import Rule, any_of

_AND = "(?:and|or|to|und|oder|bis|et|ou|à|y|o|a|e|ed)"


def count_rules(lexicon: Lexicon, numbers: NumberSpeaker) -> list[Rule]:
    """Anything else (2 m of rope, a 10k run, a 4K screen) is left unchanged."""
    words = lexicon.counts
    others = any_of(short for short in words.short if short not in "kK")
    spaced = any_of(short for short in words.short if short not in words.attached)

    def say(found: re.Match[str]) -> str:
        short, counted = found["short"] or found["great"], found["counted"] or ""
        but_not = words.not_thousands_of if short in "kK" else words.not_millions_of if short == "m" else "(?!)"
        if re.search(rf"(?<!\w)(?:{but_not})$", counted):
            return found[0]
        plus = f" {lexicon.symbols['+']} " if found["plus"] else " "
        if short in "kK":
            thousands_of = numbers.thousands(found["number"])
            return f"{numbers.say_counting(thousands_of, counted or '-')}{plus}{found['of'] or ''}"
        noun = words.short[short]
        of = found["of"] or partitive(lexicon.money, noun, counted)
        return f"{numbers.amount(found['number'], noun)}{plus}{of}"

    def say_after(found: re.Match[str]) -> str:
        return found["lead"] + numbers.amount(found["number"], words.short[found["great"]])

    number = rf"(?<![\w.,])(?P<number>{numbers.pattern})"
    short = rf"(?:(?P<short>{any_of(words.attached)})| ?(?P<great>{spaced}))"
    another = rf"(?:{_AND} {numbers.pattern} ?(?:{any_of(words.short)}) )?"
    ahead = rf"(?:(?P<of>{words.of})(?=[^\W\d_]{{3}})|(?={another}(?P<counted>{words.noun})(?!\w)))"
    lead = rf"(?<!\w)(?P<lead>(?i:{words.after})(?: [^\W\d_]{{1,20}}){{0,4}}(?: [~≈])? ?)"
    return [
        Rule(pattern=re.compile(rf"{number}{short}(?P<plus>\+?) {ahead}"), say=say),
        Rule(pattern=re.compile(rf"{lead}{number}(?P<great>{others})(?![\w-]|{words.not_after})"), say=say_after),
    ]
