"""Doubles of the engines, for tests of what `dialogue` makes of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from antiphon.audio.pcm import Pcm
from antiphon.engines.interfaces import (
    PLAIN_RECOGNITION,
    Clause,
    Generated,
    GenerationFinished,
    Prompt,
    RecognitionDetails,
    RecognitionOptions,
    RecognizedSpeech,
    RecognizedWord,
    TextDelta,
    ToolCallDelta,
    ToolCallEnded,
)
from antiphon.vocabulary.logprobs import TokenLogprob
from antiphon.vocabulary.speech import SpeechProbability

FINISHED = GenerationFinished(finish_reason="stop", prompt_tokens=20, cached_tokens=4, completion_tokens=7)


def noise(seconds: float) -> Pcm:
    """A recording in which `LoudnessDetector` hears speech."""
    samples = np.random.default_rng(1).normal(0, 0.1, round(seconds * 16_000))
    return Pcm(samples.astype(np.float32), 16_000)


class EvenAligner:
    """A `WordAligner` for whom all words of a text take the same time."""

    async def align(self, audio: Pcm, text: str, *, language: str) -> Sequence[RecognizedWord]:
        words = text.split()
        step_ms = round(1000 * audio.seconds / len(words)) if words else 0
        return [
            RecognizedWord(text=f" {word}", start_ms=index * step_ms, end_ms=(index + 1) * step_ms)
            for index, word in enumerate(words)
        ]


@dataclass(slots=True)
class ScriptedRecognizer:
    """Recognizes the same words in everything."""

    text: str = "What is the time?"
    language: str = "en"
    language_is_certain: bool = True
    utterances: list[Pcm] = field(default_factory=list)
    hints: list[tuple[str | None, str]] = field(default_factory=list)
    """Language and prompt of each."""
    expected_languages: list[str | None] = field(default_factory=list)
    failure: Exception | None = None
    """What it raises instead of hearing anything."""
    words: Sequence[RecognizedWord] | None = None
    """Those it tells, asked or not."""
    no_speech_probability: float = 0.0
    mean_logprob: float = -0.1
    options: list[RecognitionOptions] = field(default_factory=list[RecognitionOptions])
    """Of each."""

    async def recognize(
        self,
        utterance: Pcm,
        *,
        language: str | None = None,
        expected_language: str | None = None,
        prompt: str = "",
        options: RecognitionOptions = PLAIN_RECOGNITION,
    ) -> AsyncGenerator[RecognizedSpeech]:
        self.utterances.append(utterance)
        self.expected_languages.append(expected_language)
        self.hints.append((language, prompt))
        self.options.append(options)
        if self.failure is not None:
            raise self.failure
        yield RecognizedSpeech(
            text=self.text,
            language=self.language,
            language_is_certain=self.language_is_certain,
            start_ms=0,
            end_ms=1000,
            no_speech_probability=self.no_speech_probability,
            words=self.words or (self._words() if options.words else ()),
            logprobs=self._logprobs() if options.logprobs else (),
            details=RecognitionDetails(
                token_ids=(7, 8), mean_logprob=self.mean_logprob, compression_ratio=1.2, temperature=0.0
            ),
        )

    def _words(self) -> list[RecognizedWord]:
        """Evenly spread over a second."""
        words = self.text.split()
        bounds = [1000 * index // len(words) for index in range(len(words) + 1)]
        return [
            RecognizedWord(text=f" {word}", start_ms=bounds[index], end_ms=bounds[index + 1], probability=0.9)
            for index, word in enumerate(words)
        ]

    def _logprobs(self) -> list[TokenLogprob]:
        return [TokenLogprob(token=f" {word}", bytes=f" {word}".encode(), logprob=-0.5) for word in self.text.split()]


@dataclass(slots=True)
class LoudnessDetector:
    """Takes everything that is not silent for speech."""

    async def detect(self, audio: Pcm) -> AsyncGenerator[SpeechProbability]:
        for start in range(0, len(audio.samples), 512):
            yield _judged(audio.samples[start : start + 512], end_ms=(start + 512) // 16)

    def listen(self) -> LoudnessListener:
        return LoudnessListener()


@dataclass(slots=True)
class LoudnessListener:
    """The same for a stream. Frames are 32 ms."""

    heard: list[Pcm] = field(default_factory=list)
    frames: int = 0
    worthwhile_ms: int = 0

    async def hear(self, audio: Pcm) -> list[SpeechProbability]:
        assert not self.heard or audio.sample_rate == self.heard[0].sample_rate
        self.heard.append(audio)
        stream = Pcm.concatenate(self.heard, audio.sample_rate).samples
        length = audio.sample_rate * 32 // 1000
        whole = range(self.frames, len(stream) // length)
        self.frames = whole.stop
        await asyncio.sleep(0)
        return [_judged(stream[index * length : (index + 1) * length], end_ms=(index + 1) * 32) for index in whole]


def _judged(frame: NDArray[np.float32], *, end_ms: int) -> SpeechProbability:
    is_loud = bool(np.abs(frame).max() > 0.01)
    return SpeechProbability(probability=float(is_loud), level_dbfs=-20.0 if is_loud else -100.0, end_ms=end_ms)


@dataclass(slots=True)
class PitchEncoder:
    """Takes each pitch for a voice of its own: a vector for each 20 Hz up to 640."""

    stretch_ms: int = 1600

    async def embed(self, audio: Pcm, starts_ms: Sequence[int]) -> NDArray[np.float32]:
        vectors = np.zeros((len(starts_ms), 32), np.float32)
        for row, start_ms in enumerate(starts_ms):
            first = start_ms * audio.sample_rate // 1000
            heard = audio.samples[first : first + self.stretch_ms * audio.sample_rate // 1000]
            strength = np.abs(np.fft.rfft(heard))
            vectors[row, round(strength.argmax() * audio.sample_rate / max(len(heard), 1)) // 20 % 32] = 1.0
        return vectors


@dataclass(slots=True)
class ScriptedEndOfTurn:
    """Gives the same answer to every utterance."""

    probability: float = 1.0

    async def judge(self, utterance: Pcm) -> float:
        return self.probability


@dataclass(slots=True)
class ScriptedLanguageModel:
    """Writes the same pieces to every prompt."""

    pieces: Sequence[str | ToolCallDelta | ToolCallEnded | Exception] = ("It is ten.",)
    finished: GenerationFinished = FINISHED
    prompts: list[Prompt] = field(default_factory=list)
    between: Callable[[], object] = lambda: None
    """Called after each piece has been taken."""
    closed: asyncio.Event = field(default_factory=asyncio.Event)

    async def generate(self, prompt: Prompt) -> AsyncGenerator[Generated]:
        self.prompts.append(prompt)
        try:
            for piece in self.pieces:
                if isinstance(piece, Exception):
                    raise piece
                yield TextDelta(text=piece) if isinstance(piece, str) else piece
                await asyncio.sleep(0)
                self.between()
            yield self.finished
        finally:
            self.closed.set()

    async def prefill(self, prompt: Prompt) -> None:
        self.prompts.append(prompt)


@dataclass(slots=True)
class RecordingSynthesizer:
    """Speaks a tenth of a second for each word, and remembers the clauses."""

    clauses: list[Clause] = field(default_factory=list)
    sample_rate: int = 24_000
    voices: frozenset[str] = frozenset({"alloy"})
    languages: frozenset[str] = frozenset({"en", "fr", "it", "es", "pt", "de"})
    failure: Exception | None = None
    """What it raises instead of speaking."""
    speaks_first: bool = True
    """Whether the first clause is spoken even so."""

    async def synthesize(self, clause: Clause) -> AsyncGenerator[Pcm]:
        self.clauses.append(clause)
        if self.failure is not None and len(self.clauses) > self.speaks_first:
            raise self.failure
        for _ in clause.text.split():
            yield Pcm.silence(0.1, self.sample_rate)
