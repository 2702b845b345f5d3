"""Engines that answer at once, so that what is measured is the way to them."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from antiphon.audio.pcm import Pcm
from antiphon.engines.interfaces import Clause, Generated, GenerationFinished, Prompt, RecognizedSpeech, TextDelta

WORDS = ("I", " am", " a", " stub", " that", " answers", " at", " once", ".")
HEARD = "What do you do?"
SAMPLE_RATE = 24_000
SPOKEN = Pcm.silence(1.0, SAMPLE_RATE)


class InstantLanguageModel:
    async def generate(self, prompt: Prompt) -> AsyncGenerator[Generated]:  # noqa: ARG002
        for word in WORDS:
            yield TextDelta(text=word)
        yield GenerationFinished(finish_reason="stop", prompt_tokens=20, cached_tokens=0, completion_tokens=len(WORDS))


class InstantRecognizer:
    async def recognize(self, utterance: Pcm) -> AsyncGenerator[RecognizedSpeech]:
        yield RecognizedSpeech(
            text=HEARD,
            language="en",
            start_ms=0,
            end_ms=round(utterance.seconds * 1000),
            no_speech_probability=0.0,
        )


class InstantSynthesizer:
    async def synthesize(self, clause: Clause) -> AsyncGenerator[Pcm]:  # noqa: ARG002
        yield SPOKEN
