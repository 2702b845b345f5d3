"""`ClauseSpeaker`: speaks clauses one after the other, each in the language it is written in."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from antiphon.audio.pcm import Pcm
from antiphon.dialogue.language import LanguageIdentifier
from antiphon.dialogue.reply import Voice
from antiphon.dialogue.script import Words
from antiphon.dialogue.spoken.pronunciation import Pronouncer
from antiphon.engines.interfaces import Clause, Sounds, Synthesizer

SLOWEST, FASTEST = 0.25, 4.0
"""Times the voice's own pace."""


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

    async def speak(self, written: str | Sequence[Words]) -> AsyncGenerator[Pcm]:
        """Yield a clause, as it is written, as audio. If it is given in several parts, they have their language, voice
        and rate in common."""
        parts = [Words(text=written)] if isinstance(written, str) else written
        first = parts[0]
        self.language = first.language or self._spoken_language("".join(part.text for part in parts))
        text, sounds = self._pronounced(parts)
        words = Clause(
            text=text,
            language=self.language,
            voice=first.voice or self.voice.name,
            speed=min(max(self.voice.speed * first.rate, SLOWEST), FASTEST),
            opens_reply=not self.has_spoken,
            sounds=sounds,
        )
        async with aclosing(self.synthesizer.synthesize(words)) as stretches:
            async for audio in stretches:
                self.has_spoken = True
                yield audio

    def _pronounced(self, parts: Sequence[Words]) -> tuple[str, tuple[Sounds, ...]]:
        """The words to say, and how those sound whose sounds are laid down."""
        text = ""
        sounds: list[Sounds] = []
        for part in parts:
            said = self.pronouncer.pronounce(part.text, self.language, is_ordinal=part.is_ordinal)
            if text and part.text[:1].isspace() and not text[-1:].isspace():
                text += " "
            start = len(text)
            text += said
            if part.phonemes is not None:
                sounds.append(Sounds(start=start, end=len(text), ipa=part.phonemes))
            if part.text[-1:].isspace() and part is not parts[-1]:
                text += " "
        return text, tuple(sounds)

    def _spoken_language(self, written: str) -> str:
        """The clause's language, or English if there is no voice for it."""
        identified = self.languages.identify(written, prior=self.language)
        return identified if identified in self.synthesizer.languages else "en"
