"""Numbers with a power of ten: 1e-5, 6.02E+23, 3×10^8, 10⁻⁶."""

from __future__ import annotations

import re

from antiphon.dialogue.spoken.lexicon import Lexicon
from antiphon.dialogue.spoken.numbers import NumberSpeaker
from antiphon.dialogue.spoken.rules import Rule, any_of

SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")


def scientific_rules(lexicon: Lexicon, numbers: NumberSpeaker) -> list[Rule]:
    """Apply these before rules that would take mantissa, base and exponent for separate numbers."""
    symbols, minus = lexicon.symbols, lexicon.numbers.minus

    def say_signed(digits: str) -> str:
        said = numbers.cardinal(digits.lstrip("+-").lstrip("0") or "0")
        return f"{minus} {said}" if digits[0] == "-" else said

    def say(found: re.Match[str]) -> str:
        exponent = say_signed((found["exponent"] or found["raised"].translate(SUPERSCRIPTS)).replace("−", "-"))
        if found["mantissa"]:
            whole, *decimals = re.split("[.,]", found["mantissa"])
            mantissa = numbers.say(lexicon.numbers.decimal_mark.join([whole, *decimals]))
            said = f"{mantissa} {symbols['×']} {lexicon.numbers.ten_to} {exponent}"
        else:
            said = f"{numbers.cardinal('10')} {symbols['^']} {exponent}"
        unit = f" {lexicon.units[found['unit']].plural}" if found["unit"] else ""
        return (f"{minus} " if found["minus"] else "") + said + unit

    start = r"(?<![\w.,^])(?P<minus>(?<![)\]])-)?"
    mantissa = r"(?P<mantissa>\d{1,15}(?:[.,]\d{1,30})?)"
    end = rf"(?!\w|[.,]\d)(?: ?(?P<unit>{any_of(lexicon.units)})(?![^\W_]|[²³]\w))?"
    exponent = r" ?\^ ?[({]?(?P<exponent>[+−-]?\d{1,4})[)}]?|(?P<raised>[⁻⁺]?[⁰¹²³⁴-⁹]{1,4})"
    by_ten = rf"{start}(?:{mantissa} ?[×x*·⋅∙] ?)?10(?:{exponent}){end}"
    by_letter = rf"{start}{mantissa}[eE](?P<exponent>[+−-]?\d{{1,4}})(?P<raised>(?!))?{end}"
    return [Rule(pattern=re.compile(by_ten), say=say), Rule(pattern=re.compile(by_letter), say=say)]
