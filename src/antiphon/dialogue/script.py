"""What is to be read aloud, part by part: words, with how they are said where that is laid down, and silence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words of one passage, as they are written."""

    text: str
    language: str | None = None
    """ISO 639-1; None is the one that they seem to be written in."""
    voice: str | None = None
    """None is the reader's."""
    rate: float = 1.0
    """Times the voice's own pace."""
    phonemes: str | None = None
    """In the International Phonetic Alphabet: how they sound, whatever is written."""
    is_ordinal: bool = False
    """Whether the figures are a place in an order: 3 is the third."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A pause, which also ends the clause before it."""

    seconds: float


Script: TypeAlias = Sequence[Words | Silence]
