"""Stubs of engines: each answers the same after 20 ms, so that what is measured is the server around them.

Voice activity is detected by the real engine where turns are measured, since it listens all the time and decides when
they end; its stub hears none.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

from antiphon.audio.pcm import Pcm
from antiphon.engines.interfaces import (
    PLAIN_RECOGNITION,
    Clause,
    GenerationFinished,
    Prompt,
    RecognitionOptions,
    RecognizedSpeech,
    TextDelta,
    ToolCallDelta,
)
from antiphon.vocabulary.speech import SpeechProbability
from bench.realtime.interruption import LONG_QUESTION

_WORK_S = 0.02
_FRAME_MS = 32
_SENTENCE = "I am a stub. "
_SENTENCES_OF_A_LONG_REPLY = 200


class StubRecognizer:
    async def recognize(
        self,
        utterance: Pcm,
        *,
        language: str | None = None,
        expected_language: str | None = None,  # noqa: ARG002
        prompt: str = "",  # noqa: ARG002
        options: RecognitionOptions = PLAIN_RECOGNITION,  # noqa: ARG002
    ) -> AsyncGenerator[RecognizedSpeech]:
        await asyncio.sleep(_WORK_S)
        yield RecognizedSpeech(
            text="Who are you?",
            language=language or "en",
            start_ms=0,
            end_ms=round(utterance.seconds * 1000),
            no_speech_probability=0.0,
        )


class StubLanguageModel:
    """Writes a sentence in 20 ms: one, or many where the long question is asked."""

    async def generate(self, prompt: Prompt) -> AsyncGenerator[TextDelta | ToolCallDelta | GenerationFinished]:
        is_long = prompt.messages[-1].text.endswith(LONG_QUESTION)
        sentences = _SENTENCES_OF_A_LONG_REPLY if is_long else 1
        for _ in range(sentences):
            await asyncio.sleep(_WORK_S)
            yield TextDelta(text=_SENTENCE)
        yield GenerationFinished(
            finish_reason="stop", prompt_tokens=20, cached_tokens=0, completion_tokens=5 * sentences
        )

    async def prefill(self, prompt: Prompt) -> None:
        """There is nothing to keep."""


@dataclass(frozen=True, slots=True)
class StubSynthesizer:
    """Speaks a clause as a second of silence, in 20 ms."""

    sample_rate: int = 24_000
    voices: frozenset[str] = frozenset({"alloy"})
    languages: frozenset[str] = frozenset({"en"})

    async def synthesize(self, clause: Clause) -> AsyncGenerator[Pcm]:  # noqa: ARG002
        await asyncio.sleep(_WORK_S)
        yield Pcm.silence(1.0, self.sample_rate)


class StubEndOfTurn:
    async def judge(self, utterance: Pcm) -> float:  # noqa: ARG002
        await asyncio.sleep(_WORK_S)
        return 1.0


class StubDetector:
    """Hears nobody speak."""

    async def detect(self, audio: Pcm) -> AsyncGenerator[SpeechProbability]:
        for end_ms in _frame_ends(audio):
            yield _silence(end_ms)

    def listen(self) -> StubListener:
        return StubListener()


class StubListener:
    worthwhile_ms = _FRAME_MS

    def __init__(self) -> None:
        self._heard_ms = 0

    async def hear(self, audio: Pcm) -> Sequence[SpeechProbability]:
        begin_ms = self._heard_ms
        self._heard_ms += round(audio.seconds * 1000)
        return [_silence(begin_ms + end_ms) for end_ms in _frame_ends(audio)]


def _frame_ends(audio: Pcm) -> range:
    return range(_FRAME_MS, round(audio.seconds * 1000) + 1, _FRAME_MS)


def _silence(end_ms: int) -> SpeechProbability:
    return SpeechProbability(probability=0.0, level_dbfs=-90.0, end_ms=end_ms)
