"""Names containing figures: versions, GPT-4o, B12 and MP3."""

from __future__ import annotations

import re

from antiphon.dialogue.spoken.letters import LetterSpeaker
from antiphon.dialogue.spoken.lexicon import Lexicon
from antiphon.dialogue.spoken.numbers import NumberSpeaker
from antiphon.dialogue.spoken.rules import Rule


def version_rules(lexicon: Lexicon, numbers: NumberSpeaker) -> list[Rule]:
    def say(found: re.Match[str]) -> str:
        parts = found["parts"].split(".")
        is_decimal = lexicon.numbers.decimal_mark == "." and len(parts) < 4
        point = lexicon.numbers.point if is_decimal else lexicon.addresses.dot
        said = f" {point} ".join(numbers.cardinal(part) for part in parts)
        return f"{lexicon.addresses.version} {said}" if found["mark"] else said

    thousands = r"\d{1,3}(?:\.\d{3}){1,6}(?![.\d])" if "." in lexicon.numbers.thousands_marks else r"(?!)"
    parts = r"(?P<parts>\d{1,6}(?:\.\d{1,6}){%s})(?!\w)"
    return [
        Rule(pattern=re.compile(r"(?<![\w.,-])(?P<mark>[vV]\.?) ?" + parts % "0,5"), say=say),
        Rule(pattern=re.compile(rf"(?<![\w.,-])(?P<mark>)(?!{thousands})" + parts % "2,5"), say=say),
    ]


def code_rules(letters: LetterSpeaker) -> list[Rule]:
    segment = r"[^\W_]{1,20}"
    has_both = r"(?=[\w-]{0,40}\d)(?=[\w-]{0,40}[^\W\d_])"
    return [
        Rule(
            pattern=re.compile(rf"(?<!\w)(?<!\d[.,]){has_both}{segment}(?:-{segment}){{0,4}}(?!\w)"),
            say=lambda found: letters.say_code(found[0]),
        )
    ]
