"""From what the model wrote to what is said aloud, as written: no markup, no emoji, no bare addresses.

The result is the transcript that the client sees, so it keeps what is heard and nothing else. Figures and symbols stay
as written; `pronunciation` turns them into words.
"""

from __future__ import annotations

import re

from antiphon.dialogue.clauses import ClauseSplitter
from antiphon.dialogue.spoken.formula_spans import opens_formula
from antiphon.dialogue.spoken.inline import clean_formula, clean_inline

_CODE = {"es": "Código", "it": "Codice", "pt": "Código"}
"""What is said in place of a code block, if it is not "Code"."""

_FENCE = re.compile(r"[ \t]{0,3}(?:`{3,}|~{3,})[ \t]*([\w+#.-]{0,40})[^`\n]*$")
_PLAIN_TEXT = frozenset({"", "text", "txt", "plain", "plaintext", "markdown", "md"})
_RULE_OR_TABLE_BORDER = re.compile(
    r"[ \t]*(?:\|?[ \t]*:?-{3,}:?[ \t|:-]*|\|(?:[ \t]*:?-{1,80}:?[ \t]*\|){1,40}|(?:[*_=][ \t]*){3,}|:{3,}[^\n]{0,40})$"
)
_HEADING = re.compile(r"[ \t]{0,3}#{1,6}[ \t]+")
_HEADING_END = re.compile(r"(?<!#)#{1,6}[ \t]{0,80}$")
_QUOTE = re.compile(r"^(?:[ \t]{0,3}>(?![\d$€£=>])[ \t]?|[ \t]{0,3}>(?=>))+")
_ITEM = re.compile(r"[ \t]*(?:[-*+•‣◦▪●–][ \t]+(?:\[[ xX]\][ \t]+)?|\[[ xX]\][ \t]+|:[ \t]+|(?=\d{1,3}[.)][ \t]))")
_NUMBERED_TASK = re.compile(r"^([ \t]*\d{1,3}[.)][ \t]+)\[[ xX]\][ \t]+")

_ROW = re.compile(r"[ \t]*\|(?!\||[^|\s]{1,12}\| ?[=<>+])")
_HARD_BREAK = re.compile(r"(?<!\\)\\$")
_VISIBLE = re.compile(r"\w")
_STOPPED = '.!?…:;,。！？：；，"”»)'


class TranscriptCleaner:
    """Turns the clauses of one reply, in order, into its transcript.

    Feed it what `ClauseSplitter` yields: it follows markup that spans clauses (code blocks, emphasis, table rows),
    while links and inline code arrive whole. A clause with nothing to say gives "".
    """

    def __init__(self, language: str = "en") -> None:
        """`language` (ISO 639-1) chooses the word that stands for a code block."""
        self._code = _CODE.get(language, "Code")
        self._started = False
        self._at_line_start = True
        self._in_fence = False
        self._fence_is_silent = False
        self._fence_is_formula = False
        self._formula_end = ""
        self._line_is_heading = False
        self._line_is_row = False
        self._line_needs_stop = False

    def feed(self, clause: str) -> str:
        """Return what is said of this clause, with the space that separates it from what was said before."""
        said = "".join(self._clean_line(line) for line in re.findall(r"[^\n]*\n|[^\n]+", clause))
        if not self._started:
            said = said.lstrip()
        if not said.strip():
            return ""
        self._started = True
        return said

    def _clean_line(self, line: str) -> str:
        """Clean a line, or the part of it in this clause."""
        text = line.removesuffix("\n")
        line_end = line[len(text) :]
        is_start, self._at_line_start = self._at_line_start, line.endswith("\n")
        if is_start and (fence := _FENCE.match(text)) and not (self._in_fence and fence[1]):
            return self._toggle_fence(fence[1].lower(), line_end)
        if self._in_fence:
            return "" if self._fence_is_silent else clean_formula(line) + line_end if self._fence_is_formula else line
        if is_start:
            if _RULE_OR_TABLE_BORDER.match(text):
                return ""
            text = self._strip_line_marks(text)
        if self._line_is_row:
            text = re.sub(r"(?:[ \t]*(?<!\\)\|[ \t]*)+", ", ", text).removesuffix(", ")
        if self._line_is_heading and self._at_line_start:
            text = _HEADING_END.sub("", text)
        text = self._clean_formula_lines(_HARD_BREAK.sub("", text) if self._at_line_start else text)
        if self._at_line_start:
            if self._line_needs_stop and _VISIBLE.search(text) and not text.rstrip().endswith(tuple(_STOPPED)):
                text = text.rstrip() + "."
            text += "\n"
        return text

    def _clean_formula_lines(self, text: str) -> str:
        """Follow a formula over several lines, none of which may be blank."""
        if not text.strip():
            self._formula_end = ""
        if self._formula_end:
            formula, closing, rest = text.partition(self._formula_end)
            self._formula_end = "" if closing else self._formula_end
            return clean_formula(formula) + (clean_inline(rest) if closing else "")
        if (opening := opens_formula(text)) is None:
            return clean_inline(text)
        at, self._formula_end = opening
        return clean_inline(text[:at]) + clean_formula(text[at + 2 :])

    def _toggle_fence(self, info: str, line_end: str) -> str:
        self._in_fence = not self._in_fence
        self._fence_is_formula = info == "math"
        self._fence_is_silent = self._in_fence and info not in _PLAIN_TEXT and not self._fence_is_formula
        return f"{self._code}.{line_end}" if self._fence_is_silent else ""

    def _strip_line_marks(self, text: str) -> str:
        text = _QUOTE.sub("", text, count=1)
        heading = _HEADING.match(text)
        item = _ITEM.match(text)
        row = bool(_ROW.match(text))
        self._line_is_row = row
        self._line_needs_stop = bool(heading or item or row)
        self._line_is_heading = bool(heading)
        if heading:
            return text[heading.end() :]
        if item:
            return _NUMBERED_TASK.sub(r"\1", text[item.end() :])
        return text.lstrip()[1:].lstrip() if row else text


def transcript(text: str, language: str = "en") -> str:
    """What is said aloud of a whole reply, in written form."""
    splitter = ClauseSplitter()
    cleaner = TranscriptCleaner(language)
    return "".join(cleaner.feed(clause) for clause in [*splitter.feed(text), *splitter.finish()]).rstrip()
