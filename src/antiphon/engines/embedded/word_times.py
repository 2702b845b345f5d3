"""When words are said, from where the recognizer's attention is while it reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from antiphon.engines.interfaces import RecognizedWord

_LEAD = 0.4
"""Attention turns to a word before it is said, by this share of the time that it stays there. Words said one by one in
four languages, at two paces, and put together then begin 0.06 s off at the median instead of 0.17 s."""
_SOUNDING = 0.01
"""The level, of full scale, from which there is a voice."""


def said_words(
    aligned: Sequence[RecognizedWord], samples: NDArray[np.float32], *, sample_rate: int
) -> Sequence[RecognizedWord]:
    """The words as they are written, with the marks around them, from the first sound to the last without gaps.

    `aligned` may be pieces of words: those without a space before them belong to the word before. `samples`, of shape
    (n,), say nothing else.
    """
    words = _whole(aligned)
    sounding = np.flatnonzero(np.abs(samples) > _SOUNDING)
    if not words or not len(sounding):
        return ()
    first_ms, last_ms = (round(1000 * int(sounding[at]) / sample_rate) for at in (0, -1))
    begins = [word.start_ms + round(_LEAD * (word.end_ms - word.start_ms)) for word in words]
    begins = [first_ms, *(min(max(each, first_ms), last_ms) for each in begins[1:])]
    ends = [*begins[1:], last_ms]
    return [
        replace(word, start_ms=begin, end_ms=max(begin, end))
        for word, begin, end in zip(words, begins, ends, strict=True)
    ]


def _whole(aligned: Sequence[RecognizedWord]) -> list[RecognizedWord]:
    words: list[RecognizedWord] = []
    for piece in aligned:
        if words and not piece.text.startswith(" "):
            words[-1] = replace(words[-1], text=words[-1].text + piece.text, end_ms=piece.end_ms)
        else:
            words.append(piece)
    return words
