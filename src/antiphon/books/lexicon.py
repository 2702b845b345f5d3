"""`Pronunciations`: how a book's names and words are said, from a file of the reader's own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import msgspec

from antiphon.books.errors import BookRefused


class Pronunciations:
    """Says words as they are respelled. A word that is given in lower case is found in any case, another only as it is
    written: "polish" is not "Polish"."""

    def __init__(self, respellings: Mapping[str, str]) -> None:
        self._respellings = respellings
        longest_first = sorted(respellings, key=len, reverse=True)
        words = "|".join(
            re.escape(word) if word != word.lower() else f"(?i:{re.escape(word)})" for word in longest_first
        )
        self._pattern = re.compile(rf"(?<!\w)(?:{words})(?!\w)") if words else None

    def respelled(self, text: str) -> str:
        if self._pattern is None:
            return text
        return self._pattern.sub(self._respelling, text)

    def _respelling(self, found: re.Match[str]) -> str:
        word = found[0]
        return self._respellings.get(word) or self._respellings[word.lower()]


NO_PRONUNCIATIONS = Pronunciations({})


def read_pronunciations(path: Path) -> Pronunciations:
    """A TOML file of `word = "respelling"`. Raises `BookRefused`, and `OSError` if there is no such file."""
    try:
        return Pronunciations(msgspec.toml.decode(path.read_bytes(), type=dict[str, str]))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BookRefused(f'{path} is not a list of pronunciations, such as Siobhan = "shivawn": {error}.') from None
