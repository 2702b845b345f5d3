"""Doubles that narrate books."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field

import numpy as np

from antiphon.audio.pcm import Pcm
from antiphon.books.narration import Narrator
from antiphon.dialogue.language import LanguageIdentifier
from antiphon.dialogue.spoken.pronunciation import Pronouncer
from antiphon.engines.interfaces import Clause

LOUDNESS = {"alloy": 0.05, "onyx": 0.3}
"""How loud each voice is before it is mastered: the amplitude of its tone."""


@dataclass(slots=True)
class ToneSynthesizer:
    """Says each clause as a tone that depends on its words alone, as long as they are."""

    sample_rate: int = 8_000
    voices: frozenset[str] = frozenset(LOUDNESS)
    languages: frozenset[str] = frozenset({"en", "fr"})
    seconds_a_character: float = 0.01
    clauses: list[Clause] = field(default_factory=list[Clause])
    before: Callable[[Clause], None] = lambda _: None
    """Called before a clause is said."""

    async def synthesize(self, clause: Clause) -> AsyncGenerator[Pcm]:
        self.before(clause)
        self.clauses.append(clause)
        await asyncio.sleep(0)
        seconds = len(clause.text) * self.seconds_a_character
        times = np.arange(round(seconds * self.sample_rate)) / self.sample_rate
        pitch = 200 + sum(clause.text.encode()) % 400
        tone = LOUDNESS[clause.voice] * np.sin(2 * np.pi * pitch * times) * np.minimum(1, times * 100)
        yield Pcm(tone.astype(np.float32), self.sample_rate)

    @property
    def said(self) -> list[str]:
        return [clause.text for clause in self.clauses]


def narrator(synthesizer: ToneSynthesizer, languages: LanguageIdentifier) -> Narrator:
    return Narrator(synthesizer, languages, Pronouncer(), engine="tones")
