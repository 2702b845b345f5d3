"""Signs between two things: x >= 5, a != b, <3 minutes, A -> B. A spelling used in code becomes the sign itself."""

from __future__ import annotations

import re

from antiphon.dialogue.spoken.lexicon import Lexicon
from antiphon.dialogue.spoken.rules import Rule, any_of, words_of

_SPELLINGS = (
    (r"(?<![=<>!])<(?:=|-{1,2}|={2})>(?![=>])", "↔"),
    (r"!={1,2}|=/=|(?<= )<>(?= )", "≠"),
    (r"(?<![=<>-])<=(?![=<>])|=<(?= ?\d)", "≤"),
    (r"(?<![=<>-])>=(?![=<>])", "≥"),
    (r"(?<![=<>!-])={1,2}>(?!>)", "⇒"),
    (r"(?<![<=-])-{1,2}>(?!>)|[⟶➔➜➡](?!\ufe0f)", "→"),
    (r"(?<= )<-{1,2}(?= )", "←"),
    (r"(?<=[\w)\]\"'])={2,3}(?=[\w(\[\"'-])|(?<= )(?:={2,3}|:=)(?= )|(?<=\w):=(?=\w)", "="),
    (r"(?<=[\w)]) ?[·∙] ?(?=\d)|(?<=\d) ?[·∙] ?(?=[\w(])|⋅", "×"),
    (r"(?<=[\w)] )>>(?= [\w(])", "≫"),
    (r"(?<=[\w)] )<<(?= [\w(])", "≪"),
    (r"&&", "&"),
    (r"§§", "§"),
)
_DECORATION = re.compile(r"={2,}|([<>*#~+|^])\1{2,}|^\s*[→⇒←](?:\s+|$)")
_HEART = r"(?<![\w<])</?3+(?![\w%°]|[.,]\d| ?[-–]\d)"
_FOND = words_of(
    "you u ya love thanks thx ty hugs kisses xoxo dich euch danke dir grüße toi vous merci bises bisous te ti gracias "
    "besos abrazos grazie baci obrigado obrigada beijos"
)
"""Words that precede a heart."""
_BEFORE_QUANTITY = words_of(
    "is are be was were been of to for with at in takes took needs has have under within than an and or if when only "
    "ist sind war waren sein von mit bei in braucht dauert hat und oder wenn nur "
    "est sont était de avec en dans prend dure et ou si es son era con tarda dura tiene "
    "sono di richiede ha se são com leva tem"
)
"""Words that precede a quantity: "takes <3 minutes"."""
_ASKS = re.compile(r"(?i)(?<!\w)(?:is|are|was|were) \S{1,20}$")
_NAMES_A_MEASURE = re.compile(r"[^\W\d_A-ZÀ-Ý][A-ZÀ-Ý]|^[A-Z]{2,4}$")
_AMOUNT = re.compile(r"[\d$€£¥₹]")
_OPERAND = re.compile(r"[^\W_]|[$€£¥₹√∞(.\"']")
_VARIABLE = re.compile(r"(?:[^\W\d_]|\S*[\d_)\]%°²³]\S*|[\"'\S]*[\"'])$")


def plain_signs(text: str) -> str:
    """Write each sign as one character, and drop rows of signs, which are only decoration."""
    for pattern, sign in _SPELLINGS:
        text = re.sub(pattern, sign, text)
    return _DECORATION.sub(" ", text)


def strip_hearts(text: str) -> str:
    """Drop "<3" if it is a heart that is not spoken: "Thanks <3"."""
    return re.sub(rf" ?{_HEART}", lambda found: "" if _is_ornament(found) else found[0], text)


def heart_rules(lexicon: Lexicon) -> list[Rule]:
    """ "I <3 you" is said "I love you"."""
    loves = lexicon.signs.loves

    def say(found: re.Match[str]) -> str:
        said = loves[found["subject"].lower()]
        return said[0].upper() + said[1:] if found["subject"][0].isupper() else said

    return [
        Rule(pattern=re.compile(rf"(?<!\w)(?P<subject>(?i:{any_of(loves)})) {_HEART}"), say=say),
        Rule(pattern=re.compile(rf" ?{_HEART}"), say=lambda found: "" if _is_ornament(found) else found[0]),
    ]


def comparison_rules(lexicon: Lexicon) -> list[Rule]:
    relations, bounds = lexicon.symbols, lexicon.signs.bounds

    def say(found: re.Match[str]) -> str:
        sign, left = found["sign"], _word_before(found)
        right = found.string[found.end() : found.end() + 3].lstrip("-−+±")
        is_loose = bool(found["before"]) or not left
        is_variable = _VARIABLE.match(left) is not None
        if not _OPERAND.match(right):
            return " " if sign in "<>" else f" {relations[sign].removeprefix('is ')} "
        if (
            sign in bounds
            and is_loose
            and _AMOUNT.match(right)
            and (not left or _counts(found, left) or not (found["after"] or is_variable))
        ):
            return f" {bounds[sign]} "
        if sign in "<>" and not is_variable:
            if not left or (right[0].isalpha() and not (is_loose and found["after"])):
                return " "
            if sign == ">" and found["after"] and is_loose and _is_title(left) and right[0].isupper():
                return ", "
        is_asked = _ASKS.search(found.string[: found.start()])
        is_named = sign in "≤≥≠" and not is_variable and right[:2].isalpha()
        return f" {relations[sign].removeprefix('is ') if is_asked or is_named else relations[sign]} "

    sign = r"(?P<before> *)(?P<sign>[<>≤≥≠≈])(?P<after> *)"
    return [
        Rule(pattern=re.compile(r"(?<=\d) ?~ ?(?=\d)"), say=f" {lexicon.numbers.to} "),
        Rule(pattern=re.compile(sign), say=say, needs_digit=False),
        Rule(pattern=re.compile(r"(?<= )\|\|(?= )"), say=lexicon.signs.disjunction, needs_digit=False),
        Rule(pattern=re.compile(r"(?<= )\|(?= )"), say=",", needs_digit=False),
        Rule(
            pattern=re.compile(r"(?<![\w.,])(?P<stars>[1-7])\*(?= ?-?[^\W\d_])"),
            say=rf"\g<stars> {lexicon.signs.stars}",
        ),
    ]


def _is_ornament(found: re.Match[str]) -> bool:
    left = _word_before(found)
    if "/" in found[0] or left.lower() in _FOND:
        return True
    is_measured = _VARIABLE.match(left) or left.lower() in _BEFORE_QUANTITY or _NAMES_A_MEASURE.search(left)
    return not is_measured and not re.match(r" ?\w", found.string[found.end() :])


def _word_before(found: re.Match[str]) -> str:
    before = found.string[max(0, found.start() - 40) : found.start()]
    return re.split(r"[\s(\[{,;:]", before.rstrip())[-1]


def _counts(found: re.Match[str], left: str) -> bool:
    return left.lower() in _BEFORE_QUANTITY or re.search(r"(?i)\by a$", found.string[: found.start()]) is not None


def _is_title(word: str) -> bool:
    return len(word) > 1 and word[0].isupper()
