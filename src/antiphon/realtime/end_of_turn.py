"""`EndOfTurn`: with semantic VAD, how long a silence ends the turn, by the sound of what was said and by its words.

The sound alone takes two of three pauses for the end: people let their voice fall at the end of every phrase. The words
tell phrases from sentences: a recognizer ends an open one without a mark, or with a comma or dots.
"""

from __future__ import annotations

from dataclasses import dataclass

from antiphon.realtime.configuration import Eagerness
from antiphon.realtime.inputs import EndOfTurnJudged, ReplyHeard
from antiphon.realtime.interjections import is_assent

FINISHED_PROBABILITY = 0.5
"""From here on, an utterance sounds finished."""
_MARKS = (".", "!", "?", "。", "！", "？")
_OPEN_MARKS = ("..", "…")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Silences:
    """Milliseconds that suffice once an utterance ..."""

    whole: int
    """sounds finished and is a sentence, or assent;"""
    single: int
    """sounds finished and is one word;"""
    open: int
    """sounds finished and is no sentence, or is a sentence that sounds unfinished."""


_SILENCES: dict[Eagerness, _Silences] = {
    "high": _Silences(whole=300, single=300, open=800),
    "medium": _Silences(whole=300, single=700, open=1500),
    "auto": _Silences(whole=300, single=700, open=1500),
    "low": _Silences(whole=600, single=1200, open=3000),
}


class EndOfTurn:
    """Judges one pause after the other. Each method returns the silence that suffices by what is known; None leaves it
    as it is."""

    def __init__(self) -> None:
        self._generation = 0
        self._silences = _SILENCES["auto"]
        self._words: str | None = None
        self._sounds_finished: bool | None = None
        self._expects_words = False

    def pause(self, generation: int, eagerness: Eagerness, *, expects_words: bool) -> None:
        """A pause has begun; the judgement of its sound has this generation."""
        self._generation = generation
        self._silences = _SILENCES[eagerness]
        self._words = self._sounds_finished = None
        self._expects_words = expects_words

    def resume(self) -> None:
        """Speech goes on: what is still to come about the pause counts for nothing."""
        self._generation = 0
        self._words = self._sounds_finished = None

    def judge(self, judged: EndOfTurnJudged) -> int | None:
        """How likely the speaker has finished, by the sound."""
        if judged.generation != self._generation:
            return None
        self._sounds_finished = judged.probability >= FINISHED_PROBABILITY
        return self._silence_ms()

    def hear(self, heard: ReplyHeard | None) -> int | None:
        """What was said before the pause; None if that is not known."""
        if not self._generation or heard is None:
            return None
        self._words = heard.transcript
        return self._silence_ms()

    def _silence_ms(self) -> int | None:
        silences = self._silences
        if self._words is None:
            is_enough = self._sounds_finished and not self._expects_words
            return silences.whole if is_enough else silences.open if self._sounds_finished else None
        is_sentence = _is_sentence(self._words)
        if not self._sounds_finished:
            return silences.open if is_sentence and self._sounds_finished is False else None
        if not is_sentence:
            return silences.open
        is_single = len(self._words.split()) == 1 and not is_assent(self._words)
        return silences.single if is_single else silences.whole


def _is_sentence(words: str) -> bool:
    return words.endswith(_MARKS) and not words.endswith(_OPEN_MARKS)
