"""How much of a spoken reply was heard: the alignment of its words with its audio."""

from __future__ import annotations

import re

_WORD = re.compile(r"\s*\S+")


class Spoken:
    """Pieces of a transcript, each with the duration of its audio."""

    def __init__(self) -> None:
        self._pieces: list[tuple[str, float]] = []

    @classmethod
    def evenly(cls, transcript: str, duration_ms: float) -> Spoken:
        """An even alignment, for a message that was not spoken here."""
        spoken = cls()
        spoken.say(transcript)
        spoken.sound(duration_ms)
        return spoken

    @property
    def transcript(self) -> str:
        return "".join(text for text, _ in self._pieces)

    @property
    def duration_ms(self) -> float:
        return sum(duration_ms for _, duration_ms in self._pieces)

    def say(self, text: str) -> None:
        """Begin a piece; its audio follows. What is said before there is any belongs to the same piece."""
        before, duration_ms = self._pieces[-1] if self._pieces else ("", 0.0)
        if before and not duration_ms:
            self._pieces[-1] = (before + text, 0.0)
        else:
            self._pieces.append((text, 0.0))

    def sound(self, duration_ms: float) -> None:
        text, before_ms = self._pieces.pop() if self._pieces else ("", 0.0)
        self._pieces.append((text, before_ms + duration_ms))

    def cut(self, end_ms: float) -> None:
        """Drop what comes after `end_ms`. A partly heard word stays; within a piece, a word's duration is proportional
        to its letters."""
        kept: list[tuple[str, float]] = []
        begun_ms = 0.0
        for text, duration_ms in self._pieces:
            if begun_ms >= end_ms:
                break
            heard_ms = min(duration_ms, end_ms - begun_ms)
            kept.append((_heard(text, heard_ms / duration_ms) if duration_ms else text, heard_ms))
            begun_ms += duration_ms
        self._pieces = kept


def _heard(text: str, share: float) -> str:
    """The words of a piece that had begun by the time `share` of it had been heard."""
    if share >= 1:
        return text
    heard = [word.group() for word in _WORD.finditer(text) if word.start() + _spaces(word.group()) < len(text) * share]
    return "".join(heard)


def _spaces(word: str) -> int:
    return len(word) - len(word.lstrip())
