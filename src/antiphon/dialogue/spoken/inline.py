"""Markup within a line: links, emphasis, tags, formulas, emoji. What remains is spoken."""

from __future__ import annotations

import html
import re

from antiphon.dialogue.spoken.comparisons import strip_hearts
from antiphon.dialogue.spoken.formula_spans import plain_formulas
from antiphon.dialogue.spoken.latex import plain

_COMMENT = re.compile(r"<!--[^<>]{0,1000}-->")
_BREAK = re.compile(
    r"</?(?:br|p|li|ul|ol|div|tr|td|th|h[1-6]|summary|details|blockquote)(?:\s[^<>]{0,200})?[ \t]*/?>", re.IGNORECASE
)
_ATTRIBUTE = (
    r"(?:[\w:@.-]{1,60}[ \t]*=[ \t]*(?:\"[^\"<>]{0,500}\"|'[^'<>]{0,500}'|[^\s\"'<>=]{1,200})"
    r"|open|disabled|checked|hidden)"
)
_TAG = re.compile(rf"</?[a-zA-Z][\w:-]{{0,40}}(?:\s+{_ATTRIBUTE}){{0,12}}\s*/?>")
_RAISED_TAG = re.compile(r"(?<=[\w)])<sup>(-?\d{1,4}|[a-z])</sup>", re.IGNORECASE)
_NOTE_TAG = re.compile(
    r"(?<=[^\W\d_]{3})(?<!sin)(?<!cos)(?<!tan)<sup>\[?\d{1,3}\]?</sup>|(?<=[.,;:!?])<sup>\[?\d{1,3}\]?</sup>",
    re.IGNORECASE,
)
_IMAGE_OR_LINK = re.compile(r"!?\[([^\[\]]{0,400})\]\([^()\n]{0,1000}(?:\([^()\n]{0,200}\)[^()\n]{0,200})?\)")
_FOOTNOTE = re.compile(r"\[\^[^\[\]]{1,40}\]:?|\^\[[^\[\]]{1,200}\]")
_ALERT = re.compile(r"\[!(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION|INFO)\]|^\[TOC\]$", re.IGNORECASE)
_REFERENCE = re.compile(r"\[([^\[\]]{1,400})\]\[[^\[\]]{0,100}\]")
_WIKI_LINK = re.compile(r"\[\[(?:[^\[\]|]{1,200}\|)?([^\[\]|]{1,200})\]\]")
_ADDRESS = re.compile(r"<?(?:https?://|\bwww\.)([^\s<>\[\]\"`*]{1,2000})>?", re.IGNORECASE)
_SHORT_PATH = re.compile(r"/[A-Za-z]{2,20}(?:-[A-Za-z]{2,20}){0,2}$")
_EMPHASIS = re.compile(
    r"(?<!\\)(?:\*{2,3}|~~|(?<!\w)\*(?=\S)|(?<=\S)\*(?!\w)|(?<!\w)_{1,3}(?=\S)|(?<=[^\s∑∏∫])(?<!lim)_{1,3}(?!\w))"
)
_HIGHLIGHT = re.compile(
    r"(?<![\w=<>!])==(?=[^\s=])([^=\n]{1,300}?)(?<=[^\s=])==(?![\w=>])"
    r"|(?<![\w+])\+\+(?=[^\s+])([^+\n]{1,300}?)(?<=[^\s+])\+\+(?![\w+])"
    r"|(?<![\w|])\|\|(?=[^\s|])([^|\n]{1,300}?)(?<=[^\s|])\|\|(?![\w|])"
)
_HALF_HIGHLIGHT = re.compile(r"(?<![^\s(\"'“*])==(?=[^\W\d_]{2})|(?:(?<=[\w.?…*])|(?<=\w!))==(?=[\s,.;:!?)]|$)")
_RAISED = re.compile(r"(?<=[\w)])\^([^\s^\\{}]{1,10})\^(?!\w)")
_POWER = re.compile(r"(?<=[\d)])\*\*(?=[\d(])|(?<=(?<!\w)[a-z])\*\*(?=\d)")
_LOWERED = re.compile(r"(?<=[A-Za-z])~(\d{1,3})~")
_ATTRIBUTES = re.compile(r"[ \t]*\{[:#.][^{}\n]{0,80}\}")
_SHORTCODE = re.compile(r"[ \t]*(?<![\w:])(?::(?:[a-z][a-z0-9_-]{1,40}|\+1|-1|100):)+(?![\w:])")
_EMOTICON = re.compile(
    r"(?:(?<=\s)|^)(?:[:;=8][-'^o]?[)(DPpO/\\|*3]|[xX]D|\^[_.-]?\^|[oO]_[oO]|>[_.]<|-[_.]-|T[_.]T)(?=[\s.,!?]|$)"
)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_UNSPOKEN = re.compile(
    "[ \t]*[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u2300-\u23ff\u25a0-\u25ff\u2139"
    "\u2195-\u21d1\u21d3\u21d5-\u21ff]"
    "[\U0001f3fb-\U0001f3ff\ufe0f\u200d\u20e3\u2600-\u27bf\U0001f000-\U0001faff]*"
    "|[\ufe0e\ufe0f\u20e3\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad™®©\x00-\x08\x0b-\x1f\x7f\U000e0000-\U000e007f]"
    "|[\ue000-\uf8ff]"
)
_SPACES = re.compile(r"[ \t]{2,}")
_CODED_FORMULA = re.compile(r"\$`([^`\n]{1,200})`\$")
_FIRST_KEPT, _MOST_KEPT = 0xE000, 0x1000
_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def clean_inline(text: str) -> str:
    """Remove what is not spoken from a line, or part of one; code is left unchanged."""
    segments = re.split("`+", _CODED_FORMULA.sub(r"$\1$", text))
    if len(segments) % 2 == 0:
        segments = [" ".join(segments)]
    cleaned = "".join(_clean_prose(each) if index % 2 == 0 else each for index, each in enumerate(segments))
    return _SPACES.sub(" ", _UNSPOKEN.sub("", cleaned))


def clean_formula(text: str) -> str:
    """Write a formula, or a line of one, the way it is said."""
    return _UNSPOKEN.sub("", _TAG.sub("", plain(text)))


def _clean_prose(text: str) -> str:
    """Sets formulas aside meanwhile, so that their signs are not taken for markup."""
    kept: list[str] = []

    def keep(formula: str) -> str:
        kept.append(_TAG.sub("", formula))
        return chr(_FIRST_KEPT + len(kept) - 1) if len(kept) <= _MOST_KEPT else formula

    text = plain_formulas(re.sub(r"[\ue000-\uf8ff]", "", text), keep)
    text = _ADDRESS.sub(_name_address, _IMAGE_OR_LINK.sub(r"\1", _IMAGE_OR_LINK.sub(r"\1", text)))
    text = _RAISED_TAG.sub(_raise, _NOTE_TAG.sub("", _POWER.sub("^", text)))
    text = _TAG.sub("", _BREAK.sub(" ", _COMMENT.sub("", text)))
    text = _REFERENCE.sub(r"\1", _WIKI_LINK.sub(r"\1", _ALERT.sub("", _FOOTNOTE.sub("", text))))
    text = _ATTRIBUTES.sub("", _SHORTCODE.sub("", _EMOTICON.sub("", text)))
    text = _HIGHLIGHT.sub(lambda found: found[1] or found[2] or found[3], text)
    text = _LOWERED.sub(r"\1", _RAISED.sub(_raise, _HALF_HIGHLIGHT.sub("", text)))
    text = html.unescape(_ESCAPE.sub(r"\1", _EMPHASIS.sub("", strip_hearts(text))))
    return re.sub("[\ue000-\uf8ff]", lambda found: "".join(kept[ord(found[0]) - _FIRST_KEPT :][:1]), text)


def _raise(found: re.Match[str]) -> str:
    """The 2 of x<sup>2</sup> is a power, the "th" of 19^th^ is not."""
    raised = found[1].lower()
    return (
        raised.translate(_SUPERSCRIPTS)
        if re.fullmatch(r"-?\d+", raised)
        else f"^{raised}"
        if len(raised) == 1
        else raised
    )


def _name_address(address: re.Match[str]) -> str:
    """`https://www.example.com/docs?page=2` is said "example.com/docs"; a path not made of words is left out."""
    located = address[1].rstrip(".,;:!?'’”»")
    if located.endswith(")") and "(" not in located:
        located = located.rstrip(").,;:!?")
    trailing = "" if address[0].endswith(">") else address[1][len(located) :]
    host, slash, path = re.split(r"[?#]", located, maxsplit=1)[0].partition("/")
    host = re.sub(r"^www\.|:\d{1,5}$", "", host.rpartition("@")[2], flags=re.IGNORECASE)
    path = slash + path.rstrip("/")
    return host + (path if _SHORT_PATH.match(path) else "") + trailing
