"""`ClauseSpeaker`: speaks clauses one after the other, each in the language it is written in."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from antiphon.audio.pcm import Pcm
from antiphon.dialogue.language import LanguageIdentifier
from antiphon.dialogue.reply import Voice
from antiphon.dialogue.spoken.pronunciation import Pronouncer
from antiphon.engines.interfaces import Clause, Synthesizer


@dataclass(slots=True)
class ClauseSpeaker:
    """Speaks what one reply, or one text, consists of."""

    synthesizer: Synthesizer
    languages: LanguageIdentifier
    pronouncer: Pronouncer
    voice: Voice
    language: str
    """The language spoken last; before the first clause, the one to expect."""
    has_spoken: bool = False

    async def speak(self, written: str) -> AsyncGenerator[Pcm]:
        """Yield a clause, as it is written, as audio."""
        self.language = self._spoken_language(written)
        words = Clause(
            text=self.pronouncer.pronounce(written, self.language),
            language=self.language,
            voice=self.voice.name,
            speed=self.voice.speed,
            opens_reply=not self.has_spoken,
        )
        async with aclosing(self.synthesizer.synthesize(words)) as stretches:
            async for audio in stretches:
                self.has_spoken = True
                yield audio

    def _spoken_language(self, written: str) -> str:
        """The clause's language, or English if there is no voice for it."""
        identified = self.languages.identify(written, prior=self.language)
        return identified if identified in self.synthesizer.languages else "en"
