"""Figures that are read out rather than counted: card and account numbers, PINs, postcodes, tracking numbers, IBANs."""

from __future__ import annotations

import re

from antiphon.dialogue.spoken.abbreviations import abbreviation_rules
from antiphon.dialogue.spoken.letters import LetterSpeaker, is_mixed
from antiphon.dialogue.spoken.lexicon import Lexicon
from antiphon.dialogue.spoken.numbers import LONGEST_NUMBER, NumberSpeaker, groups_of
from antiphon.dialogue.spoken.rules import Rule, any_of

_START = r"(?<![\w.,/+-])"
_END = r"(?![\w/-]|[.,]\d)"

_IBAN = r"(?P<code>[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?)"
_SHAPES = (
    r"\d{4}(?P<gap>[ -])\d{4}(?:(?P=gap)\d{4}){1,6}(?:(?P=gap)\d{1,3})?",
    r"\d{4}(?P<wide>[ -])\d{6}(?P=wide)\d{5}",
    r"\d{5}-\d{3,4}",
    r"\d{2}-\d{7}",
    r"\d{3}\.\d{3}\.\d{3}-\d{2}",
    r"\d{2}\.\d{3}\.\d{3}/\d{4}-\d{2}",
    r"\d{1,2}\.\d{3}\.\d{3}-[\dA-Zkx]",
    r"\d{3}\.\d{4}\.\d{4}\.\d{2}",
    r"\d{1,7}(?:-\d{1,7}){2,6}(?:-?[Xx])?",
    r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}",
    r"(?:[\dA-F]{2}:){5}[\dA-F]{2}",
    r"0\d{2,7}-\d{2,8}",
    r"[A-Z]\d[A-Z] \d[A-Z]\d",
)
"""Bank cards and other groups of four, American Express, ZIP+4 and CEP, EIN, CPF, CNPJ, RUT and DNI, AHV, anything with
two hyphens (social security numbers, ISBN, orders), British postcodes, network adapters, Canadian postcodes."""
_DATE = r"[12]\d{3}-\d{1,2}-\d{1,2}|\d{1,2}-(?:\d{1,2}|[A-Z]{3})-(?:[12]\d{3}|\d{2})|\d{1,2}/\d{1,2}/\d{2,4}"
_PHONE_IN_PAIRS = r"0\d(?:[ .-]?\d\d){4}"
_SORT_CODE = r"\d\d-\d\d-\d\d"
_YEARS = r"(?:(?:19|20)\d\d[ -]?){3,}"
_YEAR = r"(?:19|20)\d\d"
_NO_YEAR_FOLLOWS = re.compile(
    r"pin\b|[ck]od|c[óo]d|pass|zip|plz|postleit|wort|mot de|contraseña|clave|senha|number|nummer|n[úu]m[ée]r|:",
    re.IGNORECASE,
)
"""What announces four digits that look like a year but are not."""
_FEWEST_DIGITS_OF_A_SHAPE = 8
_FEWEST_DIGITS_OF_A_SECRET = 3
_FEWEST_DIGITS_OF_A_REFERENCE = 5


def identifier_rules(lexicon: Lexicon, numbers: NumberSpeaker, letters: LetterSpeaker) -> list[Rule]:
    """Apply these before rules that take such figures for telephone numbers, ranges, years or numbers."""
    words = lexicon.identifiers

    def say_iban(found: re.Match[str]) -> str:
        code = found["code"].replace(" ", "")
        if sum(character.isdigit() for character in code) < 10:
            return found[0]
        groups = " ".join(code[at : at + 4] for at in range(0, len(code), 4))
        return letters.say_identifier(groups, has_words=False)

    def say_shape(found: re.Match[str]) -> str:
        code = found["code"]
        if re.fullmatch(f"{_DATE}|{_YEARS}", code):
            return found[0]
        if re.fullmatch(r"\d(?:-\d)+", code):
            return numbers.digits(code.replace("-", ""))
        is_long = sum(character.isdigit() for character in code) >= _FEWEST_DIGITS_OF_A_SHAPE
        return letters.say_identifier(code) if is_long or code[0] == "0" or code.isupper() else found[0]

    def say_zero_filled(found: re.Match[str]) -> str:
        return f"{numbers.year(found['year']) if found['year'] else numbers.digits(found['head'])}, " + numbers.digits(
            found["filled"]
        )

    def say_postcode(found: re.Match[str]) -> str:
        return found["lead"].replace("-", " ") + letters.say_identifier(found["code"])

    return [
        Rule(pattern=re.compile(rf"{_START}{_IBAN}{_END}"), say=say_iban),
        Rule(pattern=re.compile(rf"{_START}(?<![\d)] )(?P<code>{'|'.join(_SHAPES)}){_END}"), say=say_shape),
        Rule(
            pattern=re.compile(
                rf"{_START}(?:(?P<year>(?:19|20)\d\d)|(?P<head>\d{{2,8}}))-(?P<filled>0\d{{2,8}}){_END}"
            ),
            say=say_zero_filled,
        ),
        Rule(
            pattern=re.compile(rf"(?P<lead>{words.postcode_before})(?P<code>\d{{5}}(?:-\d{{4}})?|(?<=-)\d{{4}}){_END}"),
            say=say_postcode,
        ),
        Rule(
            pattern=re.compile(rf"{_START}(?P<lead>)(?P<code>\d{{4,5}})(?= (?:{words.postcode_after})(?!\w))"),
            say=say_postcode,
        ),
        *_announced_rules(lexicon, numbers, letters),
        Rule(
            pattern=re.compile(
                rf"{_START}(?=[A-Za-z-]{{0,40}}\d)(?P<code>[A-Za-z\d]{{1,40}}(?:-[A-Za-z\d]{{1,40}}){{0,6}}){_END}"
            ),
            say=lambda found: letters.say_identifier(found["code"]) if is_mixed(found["code"]) else found[0],
        ),
        _long_number_rule(lexicon, numbers, letters),
    ]


def quantity_ahead(lexicon: Lexicon) -> str:
    """The content of a lookahead: what makes the figures before it a quantity, whatever announces them."""
    return rf"{_unit_ahead(lexicon)}| (?:{lexicon.identifiers.not_counted})(?!\w)"


def _unit_ahead(lexicon: Lexicon) -> str:
    sums = [*lexicon.money.currencies, *lexicon.money.magnitudes]
    nouns = [form for currency in lexicon.money.currencies.values() for form in currency.unit[:2]]
    unit = any_of([*lexicon.units, *sums, *nouns])
    return rf" ?(?:{unit})(?![^\W_])"


def _announced_rules(lexicon: Lexicon, numbers: NumberSpeaker, letters: LetterSpeaker) -> list[Rule]:
    """Figures after "PIN", "order number", …"""
    words = lexicon.identifiers
    expansions = abbreviation_rules(lexicon)

    def expand(lead: str) -> str:
        """Write out the "no." of a lead, which is recognized by the digit after it."""
        text = f"{lead}1"
        for rule in expansions:
            text = rule.apply(text)
        return text[:-1]

    def say(found: re.Match[str]) -> str:
        code = found["code"]
        is_secret = found.re.groupindex.get("secret") is not None
        digits = sum(character.isdigit() for character in code)
        fewest = _FEWEST_DIGITS_OF_A_SECRET if is_secret or not code[0].isdigit() else _FEWEST_DIGITS_OF_A_REFERENCE
        if digits < fewest or (re.fullmatch(_DATE, code) and not (is_secret and re.fullmatch(_SORT_CODE, code))):
            return found[0]
        if re.fullmatch(_YEAR, code) and not _NO_YEAR_FOLLOWS.search(found["lead"]):
            return found[0]
        lead = expand(found["lead"])
        in_pairs = words.pairs and re.fullmatch(_PHONE_IN_PAIRS, code)
        said = numbers.pairs(code) if in_pairs else letters.say_identifier(code)
        return lead + (" " if lead[-1:] not in " ('\"“„«" else "") + said

    link = rf"(?: ?[:#=(№„\"“'«]| (?:{words.links})(?!\w)){{0,5}} ?"
    code = r"(?P<code>(?=[A-Z]*\d)[A-Z\d]{1,40}(?:[ /-][A-Z]*\d[A-Z\d]*){0,12}(?:-[A-Z])?)"
    end = rf"(?![\w]|[.,:/]\d|-\w|\) ?\d|{quantity_ahead(lexicon)})"
    secret = rf"(?<!\w)(?P<lead>(?P<secret>(?i:{words.secrets}))(?!\w)(?i:{link})){code}{end}"
    reference = rf"(?<!\w)(?P<lead>(?i:{words.references})(?!\w)(?i:{link})){code}{end}"
    return [Rule(pattern=re.compile(secret), say=say), Rule(pattern=re.compile(reference), say=say)]


def _long_number_rule(lexicon: Lexicon, numbers: NumberSpeaker, letters: LetterSpeaker) -> Rule:
    """Digits without separators, more than anybody would write that way for a number."""
    words = lexicon.identifiers

    def say(found: re.Match[str]) -> str:
        code = found["code"]
        is_round = code.endswith("000") and len(code) <= LONGEST_NUMBER
        if found["currency"] or is_round or (found["counted"] is not None and len(code) < 10):
            return found[0]
        if words.pairs and len(code) == 10 and code[0] == "0":
            return numbers.pairs(code)
        return letters.say_identifier(" ".join(groups_of(code)))

    currency = rf"(?P<currency>(?:{any_of(lexicon.money.currencies)}) ?)?"
    start = r"(?<![\w.,/:+^−-])(?<![=≈×*/+−<>] )"
    end = rf"(?![\w]|[.,:/]\d|-\w|{_unit_ahead(lexicon)})(?P<counted>(?= (?:{lexicon.counts.noun})(?!\w)))?"
    return Rule(pattern=re.compile(rf"{currency}{start}(?P<code>\d{{8,}}){end}"), say=say)
