"""Synthesis by Kokoro, in this process."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from pathlib import Path

from antiphon.audio.pcm import Pcm
from antiphon.engines.embedded.synthesis.clause_edges import with_natural_edges
from antiphon.engines.embedded.synthesis.kokoro_model import SAMPLE_RATE, Interrupted, KokoroModel
from antiphon.engines.embedded.synthesis.phoneme_pieces import pieces
from antiphon.engines.embedded.synthesis.phonemes import Phonemizer, clause_phonemes
from antiphon.engines.embedded.synthesis.style_packs import StylePacks
from antiphon.engines.embedded.synthesis.tempo import split_speed, with_tempo
from antiphon.engines.embedded.synthesis.voices import LANGUAGES, PACKS, VOICES, speaking
from antiphon.engines.embedded.worker_pool import Job, WorkerPool
from antiphon.engines.interfaces import Clause
from antiphon.hardening.fair_turns import FairTurns


class Kokoro:
    """A `Synthesizer`: any Kokoro 1.0 file, with a folder of its style packs.

    `phonemizers` has one for each dialect that `voices.speaking` names. `workers` clauses are spoken at a time, each on
    `threads` threads, or on the GPU if `device` is "cuda".
    """

    sample_rate = SAMPLE_RATE
    voices = frozenset(VOICES)
    languages = LANGUAGES

    def __init__(
        self,
        model: Path,
        style_packs: Path,
        *,
        phonemizers: Mapping[str, Phonemizer],
        threads: int,
        workers: int,
        max_waiting: int,
        device: str = "cpu",
    ) -> None:
        self._model = KokoroModel(model, threads=threads, device=device)
        self._styles = StylePacks(style_packs, PACKS)
        self._phonemizers = phonemizers
        self._workers = WorkerPool("kokoro", workers=workers, max_waiting=max_waiting)

    @property
    def turns(self) -> FairTurns:
        """Where its work waits."""
        return self._workers.turns

    async def warm_up(self) -> None:
        """Read a word in every dialect and say one, so that the first clause finds everything warm."""

        def read() -> None:
            for phonemes in self._phonemizers.values():
                phonemes("a")

        await self._workers.run(read)
        async for _ in self.synthesize(Clause(text="a", language="en", voice="alloy")):
            pass

    def synthesize(self, clause: Clause) -> AsyncGenerator[Pcm]:
        """Yield the clause as audio; a very long one in several pieces. Speeds are clamped to 0.25–4.0.

        Raises `ValueError` for a voice or language that the engine does not have.
        """
        voice = speaking(clause.voice, clause.language)
        speed, tempo = split_speed(clause.speed)

        def work(job: Job[Pcm]) -> None:
            phonemes = self._model.pronounceable(clause_phonemes(clause, self._phonemizers[voice.dialect]))
            for piece in pieces(phonemes):
                if job.cancelled:
                    return
                style = self._styles.style(voice.blend, phonemes=len(piece))
                try:
                    samples = self._model.speak(piece, style, speed=speed, on_start=job.on_cancel)
                except Interrupted:
                    return
                samples = with_natural_edges(samples, sample_rate=SAMPLE_RATE, text=piece, speed=speed)
                if len(samples):
                    job.emit(Pcm(with_tempo(samples, sample_rate=SAMPLE_RATE, tempo=tempo), SAMPLE_RATE))

        return self._workers.stream(work)
