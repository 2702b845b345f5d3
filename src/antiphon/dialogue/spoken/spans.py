"""The spans of markup that stay whole when text is cut: code, links and tags."""

from __future__ import annotations

import re

LONGEST = 1000
"""Characters after which a span that has not closed no longer counts as one."""


_OPEN_TAG = re.compile(r"<(?:[a-zA-Z][\w:-]{0,40}\s[^<>]{0,300}=\s*[\"'][^<>]{0,300}|!--[^<>]{0,300})$")


def is_inside_tag(text: str) -> bool:
    """Whether a tag with attributes, or a comment, is open at the end of `text`."""
    return "<" in text and _OPEN_TAG.search(text) is not None


class MarkdownSpan:
    """Takes text character by character and knows whether it is inside code or a link."""

    def __init__(self) -> None:
        self._ticks = 0
        self._fence = False
        self._inline = 0
        self._link = ""
        self._line_is_blank = True
        self._length = 0

    @property
    def is_open(self) -> bool:
        is_inside = self._ticks or self._fence or self._inline or self._link in ("[", "(")
        return bool(is_inside) and self._length < LONGEST

    def is_open_after(self, character: str) -> bool:
        """Whether a cut right after `character`, not yet taken, would fall into a span."""
        if character == "`":
            return True
        if character in "])" and not (self._fence or self._inline):
            return False
        return self.is_open or character == "["

    def take(self, character: str) -> None:
        if character == "`":
            self._ticks += 1
        else:
            self._end_ticks()
        if character == "\n":
            self._inline, self._link, self._line_is_blank, self._length = 0, "", True, 0
            return
        if not (self._inline or self._fence or character == "`"):
            self._follow_link(character)
        self._line_is_blank = self._line_is_blank and (character.isspace() or character == "`")
        self._length = self._length + 1 if self._inline or self._fence or self._link or self._ticks else 0

    def _end_ticks(self) -> None:
        ticks, self._ticks = self._ticks, 0
        if ticks >= 3 and self._line_is_blank:
            self._fence = not self._fence
        elif ticks and not self._fence:
            self._inline = 0 if self._inline == ticks else self._inline or ticks

    def _follow_link(self, character: str) -> None:
        if character == "[":
            self._link = "["
        elif character == "]" and self._link == "[":
            self._link = "]"
        elif character == "(" and self._link == "]":
            self._link = "("
        elif self._link == "]" or (character == ")" and self._link == "("):
            self._link = ""
