"""A rule rewrites every match of its pattern."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    pattern: re.Pattern[str]
    say: Callable[[re.Match[str]], str] | str
    """The replacement, in any form that `re.sub` accepts."""
    needs_digit: bool = True
    """Whether the pattern can only match text with a digit."""

    def apply(self, text: str) -> str:
        return self.pattern.sub(self.say, text)


def words_of(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


def any_of(words: Iterable[str]) -> str:
    """A pattern that matches the longest of `words`."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or r"(?!)"


def replace_endings(text: str, endings: Iterable[tuple[str, str]]) -> str:
    """Apply the first of `endings`, pairs of a pattern and its replacement, that matches at the end of `text`."""
    for pattern, replacement in endings:
        changed, count = re.subn(rf"(?:{pattern})$", replacement, text)
        if count:
            return changed
    return text
