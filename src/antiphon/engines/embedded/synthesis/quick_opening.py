"""`QuickOpening`: a reply's first clause by a fast voice, so that speech starts early, and the rest by the full one."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from antiphon.audio.pcm import Pcm
from antiphon.engines.interfaces import Clause, Synthesizer


class QuickOpening:
    """A `Synthesizer` with the voices and languages of `full`.

    `fast` sounds like `full` in the voices and languages that it has, and opens replies in those.
    """

    def __init__(self, *, fast: Synthesizer, full: Synthesizer) -> None:
        if fast.sample_rate != full.sample_rate:
            raise ValueError(f"The fast voice speaks at {fast.sample_rate} Hz, the full one at {full.sample_rate} Hz.")
        self._fast = fast
        self._full = full

    @property
    def sample_rate(self) -> int:
        return self._full.sample_rate

    @property
    def voices(self) -> frozenset[str]:
        return self._full.voices

    @property
    def languages(self) -> frozenset[str]:
        return self._full.languages

    def synthesize(self, clause: Clause) -> AsyncGenerator[Pcm]:
        """Yield the clause as audio, from the engine that should say it."""
        fast_can = clause.voice in self._fast.voices and clause.language in self._fast.languages
        fast_can = fast_can and not clause.sounds
        return (self._fast if clause.opens_reply and fast_can else self._full).synthesize(clause)
