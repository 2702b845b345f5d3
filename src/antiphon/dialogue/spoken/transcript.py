"""From what the model wrote to what is said aloud, as written: no markup, no emoji, no bare addresses.

The result is the transcript that the client sees, so it keeps what is heard and nothing else. Figures and symbols stay
as they are written; `pronunciation` turns them into words.
"""

from __future__ import annotations

import html
import re

from antiphon.dialogue.clauses import ClauseSplitter

_CODE = {"es": "Código", "it": "Codice", "pt": "Código"}
"""What is said in place of a block of code, where it is not "Code"."""

_FENCE = re.compile(r"[ \t]{0,3}(?:`{3,}|~{3,})[ \t]*([\w+#.-]{0,40})[^`\n]*$")
_PLAIN_TEXT = frozenset({"", "text", "txt", "plain", "plaintext", "markdown", "md"})
_RULE_OR_TABLE_BORDER = re.compile(r"[ \t]*(?:\|?[ \t]*:?-{3,}:?[ \t|:-]*|(?:[*_=][ \t]*){3,})$")
_HEADING = re.compile(r"[ \t]{0,3}#{1,6}[ \t]+")
_HEADING_END = re.compile(r"(?<!#)#{1,6}[ \t]{0,80}$")
_QUOTE = re.compile(r"^(?:[ \t]{0,3}>[ \t]?)+")
_ITEM = re.compile(r"[ \t]*(?:[-*+•‣◦▪●–][ \t]+(?:\[[ xX]\][ \t]+)?|(?=\d{1,3}[.)][ \t]))")

_COMMENT = re.compile(r"<!--[^<>]{0,1000}-->")
_BREAK = re.compile(r"<br[ \t]*/?>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
_IMAGE_OR_LINK = re.compile(r"!?\[([^\[\]]{0,400})\]\([^()\n]{0,1000}(?:\([^()\n]{0,200}\)[^()\n]{0,200})?\)")
_FOOTNOTE = re.compile(r"\[\^[^\[\]]{1,40}\]:?")
_REFERENCE = re.compile(r"\[([^\[\]]{1,400})\]\[[^\[\]]{0,100}\]")
_ADDRESS = re.compile(r"<?(?:https?://|\bwww\.)([^\s<>\[\]\"`*]{1,2000})>?", re.IGNORECASE)
_SHORT_PATH = re.compile(r"/[A-Za-z]{2,20}(?:-[A-Za-z]{2,20}){0,2}$")
_EMPHASIS = re.compile(r"(?<!\\)(?:\*{2,3}|~~|(?<!\w)\*(?=\S)|(?<=\S)\*(?!\w)|(?<!\w)_{1,3}(?=\S)|(?<=\S)_{1,3}(?!\w))")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_FRACTION = re.compile(r"\\[dt]?frac\{([^{}]{1,100})\}\{([^{}]{1,100})\}")
_MATHS = re.compile(
    r"\\(?:text|mathrm|mathbf|sqrt|times|cdot|div|pm|approx|leq|geq|neq|to|pi|infty)(?![a-zA-Z])|\\[()\[\]]"
)
_MATHS_SIGNS = {
    r"\sqrt": "√", r"\times": "×", r"\cdot": "×", r"\div": "÷", r"\pm": "±", r"\approx": "≈", r"\leq": "≤",
    r"\geq": "≥", r"\neq": "≠", r"\to": "→", r"\pi": "π", r"\infty": "∞",
}  # fmt: skip
_UNSPOKEN = re.compile(
    "[ \t]*[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u2300-\u23ff\u25a0-\u25ff\u2194-\u21d1\u21d3-\u21ff]"
    "[\U0001f3fb-\U0001f3ff\ufe0f\u200d\u20e3\u2600-\u27bf\U0001f000-\U0001faff]*"
    "|[\ufe0e\ufe0f\u20e3\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad™®©\x00-\x08\x0b-\x1f\x7f\U000e0000-\U000e007f]"
)
_SPACES = re.compile(r"[ \t]{2,}")
_VISIBLE = re.compile(r"\w")
_STOPPED = '.!?…:;,。！？：；，"”»)'


class TranscriptCleaner:
    """Turns the clauses of one reply, in order, into its transcript.

    Feed it what `ClauseSplitter` yields: markup that spans clauses (blocks of code, emphasis, table rows) is followed,
    links and inline code come whole. A clause of which nothing is said gives "".
    """

    def __init__(self, language: str = "en") -> None:
        """`language` (ISO 639-1) chooses the word that stands for a block of code."""
        self._code = _CODE.get(language, "Code")
        self._started = False
        self._at_line_start = True
        self._in_fence = False
        self._fence_is_silent = False
        self._line_is_heading = False
        self._line_is_row = False
        self._line_needs_stop = False

    def feed(self, clause: str) -> str:
        """Return what is said of this clause, with the space that parts it from what was said before."""
        said = "".join(self._clean_line(line) for line in re.findall(r"[^\n]*\n|[^\n]+", clause))
        if not self._started:
            said = said.lstrip()
        if not said.strip():
            return ""
        self._started = True
        return said

    def _clean_line(self, line: str) -> str:
        """Clean a line, or the part of it that this clause holds."""
        text = line.removesuffix("\n")
        is_start, self._at_line_start = self._at_line_start, line.endswith("\n")
        if is_start and (fence := _FENCE.match(text)) and not (self._in_fence and fence[1]):
            return self._toggle_fence(fence[1].lower(), line[len(text) :])
        if self._in_fence:
            return "" if self._fence_is_silent else line
        if is_start:
            if _RULE_OR_TABLE_BORDER.match(text):
                return ""
            text = self._strip_line_marks(text)
        if self._line_is_row:
            text = re.sub(r"[ \t]*\|[ \t]*", ", ", text)
            text = text.removesuffix(", ") if self._at_line_start else text
        if self._line_is_heading and self._at_line_start:
            text = _HEADING_END.sub("", text)
        text = _clean_inline(text)
        if self._at_line_start:
            if self._line_needs_stop and _VISIBLE.search(text) and not text.rstrip().endswith(tuple(_STOPPED)):
                text = text.rstrip() + "."
            text += "\n"
        return text

    def _toggle_fence(self, info: str, line_end: str) -> str:
        self._in_fence = not self._in_fence
        self._fence_is_silent = self._in_fence and info not in _PLAIN_TEXT
        return f"{self._code}.{line_end}" if self._fence_is_silent else ""

    def _strip_line_marks(self, text: str) -> str:
        text = _QUOTE.sub("", text, count=1)
        heading = _HEADING.match(text)
        item = _ITEM.match(text)
        row = text.lstrip().startswith("|")
        self._line_is_row = row
        self._line_needs_stop = bool(heading or item or row)
        self._line_is_heading = bool(heading)
        if heading:
            return text[heading.end() :]
        if item:
            return text[item.end() :]
        return text.lstrip()[1:].lstrip() if row else text


def transcript(text: str, language: str = "en") -> str:
    """What is said aloud of a whole reply, as written."""
    splitter = ClauseSplitter()
    cleaner = TranscriptCleaner(language)
    return "".join(cleaner.feed(clause) for clause in [*splitter.feed(text), *splitter.finish()]).rstrip()


def _clean_inline(text: str) -> str:
    segments = re.split("`+", text)
    if len(segments) % 2 == 0:
        segments = [" ".join(segments)]
    cleaned = "".join(_clean_prose(each) if index % 2 == 0 else each for index, each in enumerate(segments))
    return _SPACES.sub(" ", _UNSPOKEN.sub("", cleaned))


def _clean_prose(text: str) -> str:
    text = _ADDRESS.sub(_name_address, _IMAGE_OR_LINK.sub(r"\1", _IMAGE_OR_LINK.sub(r"\1", text)))
    text = _TAG.sub("", _BREAK.sub(" ", _COMMENT.sub("", text)))
    text = _REFERENCE.sub(r"\1", _FOOTNOTE.sub("", text))
    text = _MATHS.sub(lambda maths: _MATHS_SIGNS.get(maths[0], ""), _FRACTION.sub(r"\1/\2", text))
    return html.unescape(_ESCAPE.sub(r"\1", _EMPHASIS.sub("", text)))


def _name_address(address: re.Match[str]) -> str:
    """`https://www.example.com/docs?page=2` is said "example.com/docs"; a path that is not words is left out."""
    located = address[1].rstrip(".,;:!?'’”»")
    if located.endswith(")") and "(" not in located:
        located = located.rstrip(").,;:!?")
    trailing = "" if address[0].endswith(">") else address[1][len(located) :]
    host, slash, path = re.split(r"[?#]", located, maxsplit=1)[0].partition("/")
    host = re.sub(r"^www\.|:\d{1,5}$", "", host.rpartition("@")[2], flags=re.IGNORECASE)
    path = slash + path.rstrip("/")
    return host + (path if _SHORT_PATH.match(path) else "") + trailing
