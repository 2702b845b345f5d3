"""Signs: those read as words become words, others are dropped, punctuation that shapes the voice is kept."""

from __future__ import annotations

import re
import unicodedata

from antiphon.dialogue.spoken.comparisons import plain_signs
from antiphon.dialogue.spoken.grouping import NO_BREAK_SPACE
from antiphon.dialogue.spoken.lexicon import Lexicon
from antiphon.dialogue.spoken.rules import Rule
from antiphon.dialogue.spoken.scientific import SUPERSCRIPTS

_PLAIN = str.maketrans(
    {
        "\u202f": NO_BREAK_SPACE,
        "\u2007": NO_BREAK_SPACE,
        "\u2009": NO_BREAK_SPACE,
        "\u2060": "",
        "\u2011": "-",
        "\u2010": "-",
        "′": "'",
        "″": '"',
        "⁄": "/",
    }
)
_SIGN_OF_NUMBER = re.compile(r"(?<![\w)²³°] )(?<![\w)²³°])\u2212(?=\d)|(?<=\d[eE])\u2212(?=\d)")
_INDEX = re.compile(r"(?<![^\W_])([a-zα-ω])([₀-₉ᵢⱼₖₘₙₓ]{1,4})")
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₘₙₓ", "0123456789ijkmnx")
_MATHEMATICAL = re.compile("[\U0001d400-\U0001d7ffℂℍℕℙℚℝℤℓℎℑℜ℃℉]")
_SPOKEN_MARKS = frozenset(".,;:!?…—–-'’\"“”„«»‘()¿¡、。！？，；：·")


def normalise(text: str) -> str:
    """Write every digit as an ASCII digit, ½ as 1/2, and the variants of no-break space and hyphen as one."""
    text = unicodedata.normalize("NFC", text.translate(_PLAIN))
    text = _INDEX.sub(lambda found: f"{found[1]}_{found[2].translate(_SUBSCRIPTS)}", text)
    text = re.sub(r"(?<=\d)( ?)μ(?=[a-zA-Z])", r"\1µ", text)
    text = _SIGN_OF_NUMBER.sub("-", plain_signs(text))
    if text.isascii():
        return text
    text = _MATHEMATICAL.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    text = re.sub(r"(?<=[¼-¾⅐-⅞])(?=[^\W\d_])", " ", text)
    plain = "".join(each if each.isascii() else _plain_numeral(each) for each in text)
    return re.sub(r" {2,}(?=\d+/\d)", " ", plain)


def _plain_numeral(character: str) -> str:
    if not character.isnumeric() or character in "²³¹⁰⁴⁵⁶⁷⁸⁹" or unicodedata.category(character) == "Lo":
        return character
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    plain = unicodedata.normalize("NFKC", character).replace("⁄", "/")
    return f" {plain}" if "/" in plain else plain


def power_rules(lexicon: Lexicon) -> list[Rule]:
    """Superscripts become figures: x² is "x squared", 10⁶ "10 to the power of 6"."""
    symbols = lexicon.symbols

    def say(found: re.Match[str]) -> str:
        power = (found["raised"] or "").translate(SUPERSCRIPTS) or found["figure"]
        named = symbols.get(f"^{power}")
        if named:
            return f" {named}"
        return f" {symbols['^']} {power.replace('-', f'{lexicon.numbers.minus} ')}"

    raised = r"(?P<raised>[⁻⁰¹²³⁴-⁹]{1,20})| ?\^ ?\{?(?P<figure>-?\d{1,20})\}?"
    return [
        Rule(pattern=re.compile(rf"(?<=[\w)])(?:{raised})"), say=say, needs_digit=False),
        Rule(
            pattern=re.compile(r"[⁰¹²³⁴-⁹]+"),
            say=lambda found: found[0].translate(SUPERSCRIPTS),
            needs_digit=False,
        ),
    ]


def symbol_rules(lexicon: Lexicon) -> list[Rule]:
    """Turn the remaining signs into words, or remove them; apply these last."""
    words = {sign: word for sign, word in lexicon.symbols.items() if len(sign) == 1 and sign not in "^<>*~"}
    words |= lexicon.formulas.signs

    def say(found: re.Match[str]) -> str:
        return f" {words[found[0]]} "

    def keep_or_drop(found: re.Match[str]) -> str:
        sign = found[0]
        return sign if sign in _SPOKEN_MARKS or unicodedata.category(sign)[0] == "M" else " "

    return [
        Rule(
            pattern=re.compile(r"(?:(?<=\w)|(?<= )) ?[*] ?(?=[\w-])(?<![^\W\d_][*])"),
            say=f" {lexicon.symbols['*']} ",
            needs_digit=False,
        ),
        Rule(
            pattern=re.compile(r"\$(?=[^\W\d]|\{)"),
            say=f"{lexicon.money.currencies['$'].unit.singular} ",
            needs_digit=False,
        ),
        Rule(pattern=re.compile(r"~ ?(?=\w)"), say=f"{lexicon.symbols['~']} ", needs_digit=False),
        Rule(pattern=re.compile("[" + re.escape("".join(words)) + "]"), say=say, needs_digit=False),
        Rule(pattern=re.compile(r"[^\w\s]|_"), say=keep_or_drop, needs_digit=False),
        Rule(pattern=re.compile(r"(?<!\w)-(?=\s|$)|(?<=\s)[-–](?=\s)"), say="—", needs_digit=False),
        Rule(pattern=re.compile(r"(?<=\w)–(?=\w)"), say="-", needs_digit=False),
        Rule(pattern=re.compile(r"(?<=\b[A-Z])\.\.(?!\.)"), say=".", needs_digit=False),
        Rule(pattern=re.compile(r"\s+"), say=" ", needs_digit=False),
        Rule(pattern=re.compile(r" (?=[,.)]|…(?!\w))"), say="", needs_digit=False),
    ]
