"""`Narrator`: says the lines of a script, each part in its voice."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass

from antiphon.audio.pcm import Pcm
from antiphon.books.errors import BookRefused
from antiphon.books.script import Line, Script
from antiphon.dialogue.language import LanguageIdentifier
from antiphon.dialogue.reply import Voice
from antiphon.dialogue.speaking import ClauseSpeaker
from antiphon.dialogue.spoken.pronunciation import Pronouncer
from antiphon.engines.interfaces import Synthesizer


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenPart:
    voice: str
    audio: Pcm


class Narrator:
    """`engine` describes the synthesizer: two with the same description sound alike."""

    def __init__(
        self, synthesizer: Synthesizer, languages: LanguageIdentifier, pronouncer: Pronouncer, *, engine: str
    ) -> None:
        self._synthesizer = synthesizer
        self._languages = languages
        self._pronouncer = pronouncer
        self.engine = engine

    @property
    def sample_rate(self) -> int:
        """Hz of all that it says."""
        return self._synthesizer.sample_rate

    def check(self, script: Script) -> None:
        """Raises `BookRefused` if it has not the voices, or speaks not the language, that the script asks for."""
        if unknown := sorted(script.voices - self._synthesizer.voices):
            there_are = ", ".join(sorted(self._synthesizer.voices))
            raise BookRefused(f"There is no voice {unknown[0]!r}. There are: {there_are}.")
        if script.language not in self._synthesizer.languages:
            there_are = ", ".join(sorted(self._synthesizer.languages))
            raise BookRefused(
                f"The book's language is {script.language!r}, which no voice speaks. They speak: {there_are}. If the "
                "book is in one of these, name it with --language."
            )

    async def say(self, script: Script, line: Line) -> Sequence[SpokenPart]:
        """The line as audio, which does not depend on the lines before it."""
        said: list[SpokenPart] = []
        for part in line.parts:
            speaker = ClauseSpeaker(
                self._synthesizer,
                self._languages,
                self._pronouncer,
                Voice(name=part.voice, speed=script.speed),
                script.language,
                has_spoken=True,  # Nobody is waiting: the voice that opens replies quickly is not wanted.
            )
            async with aclosing(speaker.speak(part.text)) as stretches:
                audio = Pcm.concatenate([each async for each in stretches], self.sample_rate)
            said.append(SpokenPart(voice=part.voice, audio=audio))
        return said
