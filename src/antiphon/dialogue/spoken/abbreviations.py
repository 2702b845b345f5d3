"""Abbreviations written with full stops: Dr., e.g., z. B.; and those whose meaning depends on the context: St., No."""

from __future__ import annotations

import re

from antiphon.dialogue.spoken.lexicon import Lexicon
from antiphon.dialogue.spoken.rules import Rule, any_of


def abbreviation_rules(lexicon: Lexicon) -> list[Rule]:
    words = lexicon.abbreviations
    capitalised = {short[0].upper() + short[1:]: said[:1].upper() + said[1:] for short, said in words.items()}
    known = capitalised | dict(words)
    by_letters = {short.replace(" ", ""): said for short, said in known.items()}

    def say(found: re.Match[str]) -> str:
        said = by_letters[found[0].replace(" ", "")]
        ends_sentence = found[0].endswith(".") and not found.string[found.end() :].strip("\"'”’»)")
        return said + "." if ends_sentence else said

    spaced = any_of(known).replace(r"\ ", " ?")
    rules = [
        Rule(pattern=re.compile(pattern), say=replacement, needs_digit=False)
        for pattern, replacement in lexicon.contextual
    ]
    rules.append(Rule(pattern=re.compile(rf"(?<![\w.])(?:{spaced})(?!\w)"), say=say, needs_digit=False))
    return rules
