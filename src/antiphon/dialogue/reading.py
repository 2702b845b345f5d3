"""`Reader`: reads a text aloud as it is written. Nothing is added, left out or answered."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import dataclass

from antiphon.audio.pcm import Pcm
from antiphon.dialogue.clauses import ClauseSplitter
from antiphon.dialogue.language import LanguageIdentifier
from antiphon.dialogue.reply import Voice
from antiphon.dialogue.speaking import ClauseSpeaker
from antiphon.dialogue.spoken.pronunciation import Pronouncer
from antiphon.engines.interfaces import Synthesizer

_AT_A_TIME = 2_000
"""How many characters of a text are looked at before the clauses found so far are spoken."""
_NOTHING_SECONDS = 0.25
"""How much silence stands for a text without anything to say, so that its audio can be played."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseRead:
    """A clause has been spoken; its audio comes before this."""

    text: str
    """As it stands in what was to be read, including the space around it."""
    start_seconds: float
    end_seconds: float


class Reader:
    """Reads with a synthesizer, each clause in the language it is written in."""

    def __init__(self, synthesizer: Synthesizer, languages: LanguageIdentifier, pronouncer: Pronouncer) -> None:
        self._synthesizer = synthesizer
        self._languages = languages
        self._pronouncer = pronouncer

    @property
    def sample_rate(self) -> int:
        """Hz of everything that `read` yields."""
        return self._synthesizer.sample_rate

    @property
    def voices(self) -> frozenset[str]:
        """The voice names that can be requested."""
        return self._synthesizer.voices

    async def read(self, text: str, voice: Voice) -> AsyncGenerator[Pcm | ClauseRead]:
        """Yield the audio of each clause, then where in the whole it is."""
        language = self._languages.identify(text)
        speaker = ClauseSpeaker(self._synthesizer, self._languages, self._pronouncer, voice, language)
        position = 0
        for clause in _clauses(text):
            start = position
            async with aclosing(speaker.speak(clause)) as stretches:
                async for audio in stretches:
                    position += len(audio.samples)
                    yield audio
            yield ClauseRead(
                text=clause, start_seconds=start / self.sample_rate, end_seconds=position / self.sample_rate
            )
        if not position:
            yield Pcm.silence(_NOTHING_SECONDS, self.sample_rate)


def _clauses(text: str) -> Iterator[str]:
    """The text, cut into clauses; a long one little by little."""
    splitter = ClauseSplitter()
    for start in range(0, len(text), _AT_A_TIME):
        yield from splitter.feed(text[start : start + _AT_A_TIME])
    yield from splitter.finish()
