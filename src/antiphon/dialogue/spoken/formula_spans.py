r"""Finds formulas in text: $x = 5$, $$…$$, \(…\), \[…\], and commands such as \frac{1}{2} on their own.

A dollar sign may also be money ($5) or a program's variable ($HOME): it opens a formula if the text up to the next
looks like one.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from antiphon.dialogue.spoken.latex import COMMANDS, FUNCTIONS, plain
from antiphon.dialogue.spoken.rules import any_of

LONGEST = 400
"""Characters after which a formula that has not closed no longer counts as one."""

_DISPLAY = re.compile(rf"\$\$(.{{1,{LONGEST}}}?)\$\$(?!\$)", re.DOTALL)
_DELIMITED = re.compile(rf"\\\((.{{1,{LONGEST}}}?)\\\)|\\\[(.{{1,{LONGEST}}}?)\\\]", re.DOTALL)
_INLINE = re.compile(r"(?<![\w$\\])\$(?P<loose> ?)(?=[^\s$])([^$\n]{1,200}?)(?<![\s\\$])(?P=loose)\$(?![\w$])")
_BRACES = r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]{0,60}\}){0,100}\}){0,200}\}"
_BARE = re.compile(
    rf"(?<![A-Za-z]{{2}})(?<![:\\])\\(?:{any_of(COMMANDS)})(?![a-zA-Z])(?:\[[^\[\]]{{0,20}}\])?(?:{_BRACES}){{0,2}}"
    rf"(?:[_^](?:{_BRACES}|\w)){{0,2}}|(?<=[\w)])[\^_]{_BRACES}"
)
_LEFT_OVER = re.compile(r"\\[()\[\]]|\$\$(?!\w)")
_TEXT_COMMAND = re.compile(r"\\(?:text|mathrm|operatorname)\{[^{}]*\}|\\[a-zA-Z]+")
_WORD = re.compile(r"[^\W\d_]{2,}")
_EVIDENCE = re.compile(r"\\[a-zA-Z]|[\^_={}]|[\w)] ?[+*<>≤≥≠×÷−-] ?[\w(]")
_STRONG = re.compile(r"\\[a-zA-Z]|[\^_=]")
_SHORT = re.compile(r"[-−+]?\d+(?:[.,]\d+)*%?|[^\W\d_]{1,2}['′]*|\d{0,4}[^\W\d_]|[^\W\d_]\([\w, ]{1,10}\)|\d+/\d+")
_COMMAND = re.compile(r"\\[a-zA-Z]{2,20}(?=[\[{])")
_OPEN_DOLLAR = re.compile(r"(?<![\w$\\])(?P<dollars>\$\$?)(?P<content>[^\s$][^$\n]{0,200})$")
_MONEY = re.compile(r"\d[\d.,]*(?:[kKmMbBtT]n?)?(?![\w^=\\({])(?! ?[=+*<>×])")


def plain_formulas(text: str, keep: Callable[[str], str] = str) -> str:
    """Write each formula in `text` on one line, without its delimiters, and pass it through `keep`."""
    if "$" in text:
        text = _DISPLAY.sub(
            lambda found: keep(plain(found[1])) if _looks_like_formula(found[1].strip()) else found[0], text
        )
        text = _INLINE.sub(lambda found: keep(plain(found[2])) if _is_formula(found) else found[0], text)
    if "\\" in text or "{" in text:
        text = _DELIMITED.sub(lambda found: keep(plain(found[1] or found[2])), text)
        text = _BARE.sub(lambda found: _space_before(found) + keep(plain(found[0])), text)
    return _LEFT_OVER.sub("", text)


def _space_before(command: re.Match[str]) -> str:
    """The space between a whole number and its fraction: 1\\frac{1}{2}."""
    follows_figure = command.string[command.start() - 1 : command.start()].isdigit()
    return " " if follows_figure and "frac" in command[0] else ""


def opens_formula(line: str) -> tuple[int, str] | None:
    """The position of a formula that opens but does not close on this line, and what closes it."""
    if line.lstrip().startswith("$$") and line.count("$$") == 1:
        return line.index("$$"), "$$"
    at = line.rfind("\\[")
    return (at, "\\]") if at >= 0 and "\\]" not in line[at:] and line[at - 1 : at] != "\\" else None


def is_inside_formula(text: str) -> bool:
    """Whether a formula is open at the end of `text`, as far as can be told before it closes."""
    if "\\" in text:
        for opening, closing in (("\\(", "\\)"), ("\\[", "\\]")):
            at = text.rfind(opening)
            if at >= 0 and closing not in text[at:] and len(text) - at <= LONGEST:
                return True
        if any(_is_open(text[command.end() :]) for command in _COMMAND.finditer(text, max(0, len(text) - LONGEST))):
            return True
    if "$" not in text:
        return False
    opened = _OPEN_DOLLAR.search(
        _DISPLAY.sub("", _INLINE.sub(lambda found: "" if _is_formula(found) else found[0], text))
    )
    if opened is None or _MONEY.match(opened["content"]):
        return False
    content = opened["content"].rstrip()
    return _looks_like_formula(content) or (not _prose(content) and not content[0].isdigit() and content[-1] in ",;")


def _is_open(arguments: str) -> bool:
    return arguments.count("{") > arguments.count("}")


def _is_formula(found: re.Match[str]) -> bool:
    return _looks_like_formula(found[2]) and (not found["loose"] or bool(_STRONG.search(found[2])))


def _looks_like_formula(content: str) -> bool:
    if not content:
        return False
    if _SHORT.fullmatch(content):
        return True
    if _prose(content):
        return bool(_STRONG.search(content)) and not content[0].isdigit() and not content.isupper()
    return bool(_EVIDENCE.search(content)) or bool(re.search(r"(?<!\w)[^\W\d_](?!\w)", content))


def _prose(content: str) -> list[str]:
    words = _WORD.findall(_TEXT_COMMAND.sub(" ", content))
    return [word for word in words if word not in FUNCTIONS and (len(word) > 2 or not word.isupper())]
