"""Formulas on one line, in Unicode's notation: x_1, √(x+1), x^(n+1), (a+b)∕c, ∑_(i=1)^n i, sin(x), f'(x), n! ÷ 2.

Parentheses that only group are dropped; groups are said from the inside outwards.
"""

from __future__ import annotations

import re
import unicodedata

from antiphon.dialogue.spoken.lexicon import Lexicon
from antiphon.dialogue.spoken.numbers import NumberSpeaker
from antiphon.dialogue.spoken.rules import Rule, any_of

_DEEPEST = 3
"""How deeply groups may be nested."""
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_GROUP = r"\((?P<{0}>[^()\n]{{1,80}})\)"
_DECORATED = r"(?:_(?P<base>\d{1,3}|[^\W\d_]))?(?P<power>\^-?\d|[²³])?"
_VARIABLE = r"[b-df-hj-np-zB-HJ-Z](?![^\W_])"
_ARGUMENT = r"(?P<argument>(?=[^()]{1,40}\))(?:[\d_]+|[^\W\d_]{1,2}(?![^\W\d_])|[^\w()\n])+)"
_ALSO_WORDS = frozenset(["max", "min", "det", "exp", "gcd"])
"""Functions whose argument must be in parentheses."""
_BOUND = r"(?:\({0}\)|(?P<{1}>[-−]?(?:\d{{1,6}}|[^\W\d_]|∞)))"


def formula_rules(lexicon: Lexicon, numbers: NumberSpeaker) -> list[Rule]:
    """How a formula's parts are said; single signs and letters are left to `symbol_rules` and `letter_rules`."""
    return [
        *_notation_rules(lexicon),
        *(rule for _ in range(_DEEPEST) for rule in _group_rules(lexicon, numbers)),
        *_bound_rules(lexicon),
        *_term_rules(lexicon),
    ]


def letter_rules(lexicon: Lexicon) -> list[Rule]:
    """Greek letters on their own, not those in Greek words."""
    letters = lexicon.formulas.letters
    return [
        Rule(
            pattern=re.compile(rf"(?<![\u0370-\u03ff])[{''.join(letters)}](?![\u0370-\u03ff])"),
            say=lambda found: f" {letters[found[0]]} ",
            needs_digit=False,
        )
    ]


def _notation_rules(lexicon: Lexicon) -> list[Rule]:
    """Other ways of writing the same: (a + b)/2 for (a + b)∕2, 2x for two x."""

    def say_ion(found: re.Match[str]) -> str:
        sign = lexicon.symbols["+"] if found["sign"] == "⁺" else lexicon.numbers.minus
        return f"{found['ion']} {unicodedata.normalize('NFKC', found['charge'])} {sign}"

    operator = r"[-+=^*×÷<>≤≥≠²³−)]"
    rules = [
        Rule(
            pattern=re.compile(r"(?<![\w/.,])(?P<above>\d{1,3})/(?=[knxyzθπ](?:\^\d|[²³])?(?![\w/]))"),
            say=r"\g<above>∕",
        ),
        Rule(
            pattern=re.compile(r"(?<![^\W_])(?P<ion>[A-Z][a-z]?)(?P<charge>[²-⁹]?)(?P<sign>[⁺⁻])(?!\d|[⁰-⁹])"),
            say=say_ion,
            needs_digit=False,
        ),
        Rule(
            pattern=re.compile(r"(?<=[0-9a-zA-Z])(?=[α-ωΑ-Ω](?![α-ω]))|(?<=(?<![α-ω])[α-ω])(?=[a-zA-Z])"),
            say=" ",
            needs_digit=False,
        ),
        Rule(
            pattern=re.compile(r"(?<=[\w)])\^(?P<power>-\d{1,6})"),
            say=lambda found: found["power"].translate(_SUPERSCRIPTS),
        ),
        Rule(
            pattern=re.compile(r"(?<=[\d)]) ?\* ?(?=[\d(]|[a-z](?![^\W_]))|(?<=(?<![^\W_])[a-z])\*(?=[a-z](?![^\W_]))"),
            say=" × ",
            needs_digit=False,
        ),
        Rule(
            pattern=re.compile(r"(?<![^\W_])(?P<above>\((?=[^()]{0,40}[-+−*×^\d])[^()]{1,40}\))/(?=\w{1,3}(?!\w)|\()"),
            say=r"\g<above>∕",
            needs_digit=False,
        ),
        Rule(
            pattern=re.compile(r"(?<![\w/.,])(?P<above>\d{0,3}[abdf-vx-zπθ](?:\^\d|[²³])?)/(?=\d{1,3}(?![\w/.,]))"),
            say=r"\g<above>∕",
        ),
        Rule(
            pattern=re.compile(
                r"(?<![^\W_])(?P<left>[a-z](?:\^\d|[²³])?|\d{1,6}) - (?=[a-z](?![^\W_])|\d(?![^=]*[^\W\d_]{4}))"
            ),
            say=r"\g<left> − ",
            needs_digit=False,
        ),
    ]
    rules.append(
        Rule(
            pattern=re.compile(r"(?<![^\W_])(?!km|[cdmn]m|mi|ft|yd|in)([a-zA-Z])([a-z])(?=\^\d|[²³])"),
            say=r"\1 \2",
            needs_digit=False,
        )
    )
    if "x" in lexicon.units:
        factor = r"(?<![\w.,])(?P<factor>\d{1,6}(?:[.,]\d{1,3})?)x"
        rules += [
            Rule(pattern=re.compile(rf"{factor}(?= ?{operator})"), say="\\g<factor>\u2062x"),
            Rule(
                pattern=re.compile(rf"(?P<before>[=+(×−] ?|- ){factor.replace('(?<![', '(?<![')}(?!\w)"),
                say="\\g<before>\\g<factor>\u2062x",
            ),
        ]
    return rules


def _group_rules(lexicon: Lexicon, numbers: NumberSpeaker) -> list[Rule]:
    words = lexicon.formulas
    power = lexicon.symbols["^"]

    def say_function(found: re.Match[str]) -> str:
        name = words.functions[found["name"]]
        if base := found["base"]:
            name = words.base.format(function=name, base=base)
        argument = f" {words.of} {found['argument'] or ''} " if found["argument"] or base else " "
        return f"{name}{found['power'] or ''}{argument}"

    def say_unknown_function(found: re.Match[str]) -> str:
        primes = f" {words.prime}" * len(found["primes"])
        argument = re.sub(r" ?[|∣] ?", f" {words.given} ", found["argument"])
        return f"{found['name']}{primes} {words.of} {argument} "

    def say_root(found: re.Match[str]) -> str:
        degree = unicodedata.normalize("NFKC", found["degree"])
        named = words.nth if degree == "n" else numbers.ordinal(int(degree), feminine=words.roots_are_feminine)
        return f"{words.root.format(n=named)} "

    applicable = any_of(words.functions.keys() - _ALSO_WORDS)
    called = rf"(?<![^\W\d_])(?P<name>{any_of(words.functions)}){_DECORATED} ?{_GROUP.format('argument')}"
    applied = (
        rf"(?<![^\W\d_])(?P<name>{applicable})(?![^\W\d_]){_DECORATED} ?(?P<argument>(?!))?"
        rf"(?={_VARIABLE}|[α-ω√|]|(?(base)\d|\d{{1,4}}(?:°| ?[πθ=+*/∕×÷)^−-]|[a-z](?![^\W_]))))"
    )
    return [
        Rule(
            pattern=re.compile(r"(?P<root>[√∛∜])" + _GROUP.format("inner")),
            say=r"\g<root>\g<inner> ",
            needs_digit=False,
        ),
        Rule(pattern=re.compile(r"(?P<degree>[⁴-⁹ⁿ])√"), say=say_root, needs_digit=False),
        Rule(pattern=re.compile(called), say=say_function, needs_digit=False),
        Rule(pattern=re.compile(applied), say=say_function, needs_digit=False),
        Rule(
            pattern=re.compile(rf"(?<![^\W_])(?P<name>[b-zB-HJ-ZΓφψρ])(?P<primes>['’]{{0,3}})\({_ARGUMENT}\)"),
            say=say_unknown_function,
            needs_digit=False,
        ),
        Rule(pattern=re.compile(r"\^" + _GROUP.format("inner")), say=rf" {power} \g<inner> ", needs_digit=False),
        Rule(pattern=re.compile(_GROUP.format("inner") + r" ?∕ ?"), say=r"\g<inner>∕", needs_digit=False),
        Rule(pattern=re.compile(r" ?∕ ?" + _GROUP.format("inner")), say=r"∕\g<inner> ", needs_digit=False),
        Rule(
            pattern=re.compile(r"\(?(?P<above>\w{1,3})¦(?P<below>\w{1,3})\)?"),
            say=rf"\g<above> {words.choose} \g<below>",
            needs_digit=False,
        ),
    ]


def _bound_rules(lexicon: Lexicon) -> list[Rule]:
    """Sums, integrals and limits with their bounds."""
    words = lexicon.formulas

    def say(found: re.Match[str]) -> str:
        name = words.big_signs[found["sign"].replace("Σ", "∑").replace("Π", "∏")]
        low, high = (found[f"{each}_group"] or found[each] or "" for each in ("low", "high"))
        if low and high:
            return words.between.format(name=name, low=low, high=high) + " "
        return (words.over.format(name=name, low=low) if low else f"{name} {words.of}") + " "

    low = _BOUND.format(r"(?P<low_group>[^()\n]{1,40})", "low")
    high = _BOUND.format(r"(?P<high_group>[^()\n]{1,40})", "high")
    return [
        Rule(pattern=re.compile(rf"(?P<sign>[∫∑∏]|[ΣΠ](?=_))(?:_{low})?(?: ?\^{high})? ?"), say=say, needs_digit=False),
        Rule(
            pattern=re.compile(r"(?<!\w)lim ?_?\((?P<variable>[^()\n→]{1,10}?) ?→ ?(?P<value>[^()\n]{1,20})\) ?"),
            say=lambda found: words.limit.format(variable=found["variable"], value=found["value"]) + " ",
            needs_digit=False,
        ),
    ]


def _term_rules(lexicon: Lexicon) -> list[Rule]:
    words = lexicon.formulas
    over = lexicon.fractions.over

    def say_subscript(found: re.Match[str]) -> str:
        index = found["index"] or found["indices"]
        said = words.subscript.format(base=found["base"], index=index)
        return said if found["base"].islower() else f"{found['base']} {index}"

    return [
        Rule(
            pattern=re.compile(
                r"(?<![^\W_])(?P<base>[^\W\d_])_(?:(?P<index>\d{1,3}|[^\W\d_](?![^\W_]))|\((?P<indices>[^()\n]{1,30})\))"
            ),
            say=say_subscript,
            needs_digit=False,
        ),
        Rule(
            pattern=re.compile(r"(?<=[\w)])\^(?=[^\W\d_](?![^\W_])|∞)"),
            say=f" {lexicon.symbols['^']} ",
            needs_digit=False,
        ),
        Rule(pattern=re.compile(r" ?∕ ?"), say=f" {over} ", needs_digit=False),
        Rule(
            pattern=re.compile(r"(?<![^\W_])(?P<number>(?:\d{1,4}|[a-z])(?=! ?[-+=×÷*/∕)−])|[k-nrx](?=!))!(?!=)"),
            say=lambda found: words.factorial.format(number=found["number"]),
            needs_digit=False,
        ),
        Rule(
            pattern=re.compile(r"(?<![^\W_])(?P<name>[a-zA-Z])['’](?= ?[=+])"),
            say=rf"\g<name> {words.prime}",
            needs_digit=False,
        ),
        Rule(
            pattern=re.compile(
                r"(?<![\w|])\|(?P<value>(?:[\d.,]{1,8}|[^\W\d_](?![^\W\d_])|[-+−*×^²³ ()]){1,30})\|(?![\w|])"
            ),
            say=lambda found: words.absolute.format(value=found["value"].strip()),
            needs_digit=False,
        ),
    ]
