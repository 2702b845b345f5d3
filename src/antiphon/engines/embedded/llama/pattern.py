"""`bounded_pattern`: the regular expressions of JSON schemas that are safe to compile into a grammar."""

from __future__ import annotations

import re

from antiphon.engines.interfaces import Json

LONGEST_PATTERN = 200
MOST_REPETITIONS = 1_000
"""The limit of the product of all counted repetitions in a pattern, because they may be nested."""

_ESCAPES = set("dDwWsSnrt") | set(r"\.^$|?*+()[]{}-/")
_COUNTED = re.compile(r"\{(\d*)(,?)(\d*)\}")


def bounded_pattern(pattern: Json) -> str | None:
    """Return the pattern, or None unless it is plain and bounded.

    Plain means that Python, Rust and JavaScript interpret it alike: no look-around, no back-references, anchors only at
    the ends.
    """
    if not isinstance(pattern, str) or len(pattern) > LONGEST_PATTERN or not pattern.isprintable():
        return None
    bare = _without_anchors(pattern)
    outside, plain = _skeleton(bare)
    if not plain or set("^$") & set(outside) or re.search(r"\(\?(?!:)|[*+?}][+]", outside):
        return None
    if bare != pattern and _has_branches(outside):
        return None  # An anchor would apply to one branch only.
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return None
    repetitions = 1
    for least, _, most in _COUNTED.findall(outside):
        repetitions *= max(int(least or 0), int(most or 0), 1)
    return pattern if repetitions <= MOST_REPETITIONS else None


def _without_anchors(pattern: str) -> str:
    bare = pattern.removeprefix("^")
    return bare[:-1] if bare.endswith("$") and not bare.endswith("\\$") else bare


def _skeleton(pattern: str) -> tuple[str, bool]:
    """The pattern without escapes and classes, and whether those are plain."""
    outside = ""
    in_class = False
    plain = True
    characters = iter(pattern)
    for character in characters:
        if character == "\\":
            plain &= next(characters, "") in _ESCAPES
        elif in_class:
            plain &= character not in "[&~"
            in_class = character != "]"
        elif character == "[":
            in_class = True
        else:
            outside += character
    return outside, plain


def _has_branches(skeleton: str) -> bool:
    """Whether there is a "|" outside any group."""
    while (without_group := re.sub(r"\([^()]*\)", "", skeleton)) != skeleton:
        skeleton = without_group
    return "|" in skeleton
