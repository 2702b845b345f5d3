"""Synthesis by hibari, a small model that sounds like Kokoro's voice af_heart and is twenty times as fast."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import hibari
import numpy as np

from antiphon.audio.pcm import Pcm
from antiphon.engines.embedded.synthesis.clause_edges import with_natural_edges
from antiphon.engines.embedded.synthesis.phoneme_pieces import pieces
from antiphon.engines.embedded.synthesis.phonemes import Phonemizer
from antiphon.engines.embedded.synthesis.tempo import split_speed, with_tempo
from antiphon.engines.embedded.worker_pool import Job, WorkerPool
from antiphon.engines.interfaces import Clause
from antiphon.hardening.fair_turns import FairTurns

_LOUDNESS_OF_KOKORO = 10 ** (3.4 / 20)
"""The gain that brings it to Kokoro's level: the median over sixteen clauses, in every band within 1.3 dB."""


class Hibari:
    """A `Synthesizer` of one voice in one language: alloy in English. The model comes with its package.

    `phonemizer` reads American English.
    """

    sample_rate = hibari.SAMPLE_RATE
    voices = frozenset({"alloy"})
    languages = frozenset({"en"})

    def __init__(self, *, phonemizer: Phonemizer, workers: int, max_waiting: int) -> None:
        self._model = hibari.Hibari("heart", threads=1)  # Its other voices would be downloaded.
        self._phonemizer = phonemizer
        self._workers = WorkerPool("hibari", workers=workers, max_waiting=max_waiting)

    @property
    def turns(self) -> FairTurns:
        """Where its work waits."""
        return self._workers.turns

    async def warm_up(self) -> None:
        """Say a word, so that the first clause finds the model warm."""
        async for _ in self.synthesize(Clause(text="a", language="en", voice="alloy")):
            pass

    def synthesize(self, clause: Clause) -> AsyncGenerator[Pcm]:
        """Yield the clause as audio, as loud as Kokoro would say it. Speeds are clamped to 0.25–4.0.

        Raises `ValueError` for a voice or language that the engine does not have.
        """
        if clause.voice not in self.voices or clause.language not in self.languages:
            raise ValueError(f"The fast voice cannot be {clause.voice!r} in {clause.language!r}: it is alloy in en.")
        speed, tempo = split_speed(clause.speed)

        def work(job: Job[Pcm]) -> None:
            for piece in pieces(self._phonemizer(clause.text)):
                samples = self._model.from_phonemes(piece, speed, seed=0) * np.float32(_LOUDNESS_OF_KOKORO)
                samples = with_natural_edges(samples, sample_rate=self.sample_rate, text=piece, speed=speed)
                if len(samples):
                    job.emit(Pcm(with_tempo(samples, sample_rate=self.sample_rate, tempo=tempo), self.sample_rate))
                if job.cancelled:
                    return

        return self._workers.stream(work)
