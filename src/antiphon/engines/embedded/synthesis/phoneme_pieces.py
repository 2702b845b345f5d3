"""Phonemes in pieces that a synthesizer can say at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

LONGEST = 400
"""Phonemes. Kokoro takes 510 but hurries towards that; few clauses have 100."""

_LETTER = re.compile(r"[^\W\d_]")
_BREAKS = (re.compile(r"(?<=[.!?…;:—])\s+"), re.compile(r"(?<=,)\s+"), re.compile(r"\s+"))
"""Where to break, best first."""


def pieces(phonemes: str, longest: int = LONGEST) -> Iterator[str]:
    """`phonemes` in pieces of at most `longest`, broken at a sentence's end, else a comma, else between words.

    Pieces that are only punctuation are left out.
    """
    rest = phonemes.strip()
    while rest:
        piece, rest = (rest, "") if len(rest) <= longest else _broken(rest, longest)
        if _LETTER.search(piece):
            yield piece


def _broken(phonemes: str, longest: int) -> tuple[str, str]:
    """A piece of at most `longest`, and the rest."""
    for kind in _BREAKS:
        breaks = [found for found in kind.finditer(phonemes) if 0 < found.start() <= longest]
        if breaks:
            return phonemes[: breaks[-1].start()], phonemes[breaks[-1].end() :]
    return phonemes[:longest], phonemes[longest:]
