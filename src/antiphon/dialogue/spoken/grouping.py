"""Thousands grouped in a way that is not the language's own: 12 000 with a no-break space, 1'000, 2,50,000, 1_000."""

from __future__ import annotations

import re

from antiphon.dialogue.spoken.lexicon import Lexicon
from antiphon.dialogue.spoken.rules import Rule

NO_BREAK_SPACE = "\u00a0"
"""Stands for every kind of non-breaking space."""


def grouping_rules(lexicon: Lexicon) -> list[Rule]:
    """Write such numbers as the language does, and remaining no-break spaces as plain ones; apply these first."""
    point = lexicon.numbers.decimal_mark
    comma = "," if point == "." else "."

    def regroup(found: re.Match[str]) -> str:
        digits = re.sub(r"\D", "", found["whole"])
        head = len(digits) % 3 or 3
        groups = [digits[:head], *(digits[at : at + 3] for at in range(head, len(digits), 3))]
        return comma.join(groups) + (point + found["decimals"] if found["decimals"] else "")

    start = rf"(?<![\w.,:/+'’-])(?<!\d[ {NO_BREAK_SPACE}])"
    decimals = r"(?:[.,](?P<decimals>\d{1,9}))?(?![\w'’ ]?\d|[.,]\d)"
    marked = rf"(?P<whole>[1-9]\d{{0,2}}(?P<mark>[{NO_BREAK_SPACE}'’_])\d{{3}}(?:(?P=mark)\d{{3}}){{0,5}})"
    indian = r"(?P<whole>[1-9]\d?(?:,\d{2}){1,5},\d{3})"
    return [
        Rule(pattern=re.compile(start + marked + decimals), say=regroup),
        Rule(pattern=re.compile(start + indian + decimals), say=regroup),
        *([Rule(pattern=_spaced(start, decimals), say=regroup)] if " " not in lexicon.numbers.thousands_marks else []),
        Rule(pattern=re.compile(r"(?<=\d)(?:/[-–=]|[.,][–—-])(?!\w)"), say=""),
        Rule(pattern=re.compile(f"{NO_BREAK_SPACE}+"), say=" ", needs_digit=False),
    ]


def _spaced(start: str, decimals: str) -> re.Pattern[str]:
    """Plain spaces, in a language that does not group with them: only where it is almost certainly a number."""
    thousands = r"(?P<whole>[1-9]\d{0,2}(?: \d{3}){0,4}(?: 000| \d{3}(?= ?[%€$£₹]|[.,]\d\d(?!\d))))"
    millions = r"|[1-9]\d?(?: \d{3}){2,5}"
    return re.compile(start + thousands.removesuffix(")") + millions + ")" + decimals)
