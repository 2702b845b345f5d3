"""Recordings are transcribed window by window, some at a time, and told in order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field

import pytest

from antiphon.audio.pcm import Pcm
from antiphon.dialogue.transcription import (
    SAMPLE_RATE,
    RecordingEnded,
    Transcribed,
    Transcriber,
    TranscriptionRequest,
)
from antiphon.engines.interfaces import (
    PLAIN_RECOGNITION,
    RecognitionOptions,
    RecognizedSpeech,
    RecognizedWord,
)

from ..waiting import eventually
from .doubles import LoudnessDetector, ScriptedRecognizer, noise

pytestmark = pytest.mark.anyio


async def spoken(times: int, *, read: list[int] | None = None) -> AsyncGenerator[Pcm]:
    """A recording in which somebody speaks for two seconds and pauses for three, so many times."""
    for index in range(times):
        if read is not None:
            read.append(index)
        yield noise(2.0)
        yield Pcm.silence(3.0, SAMPLE_RATE)


@dataclass(slots=True)
class GatedRecognizer:
    """Recognizes each window when it is let, and says its number."""

    begun: int = 0
    ended: int = 0
    gates: list[asyncio.Event] = field(default_factory=lambda: [asyncio.Event() for _ in range(9)])

    async def recognize(
        self,
        utterance: Pcm,
        *,
        language: str | None = None,
        expected_language: str | None = None,
        prompt: str = "",
        options: RecognitionOptions = PLAIN_RECOGNITION,
    ) -> AsyncGenerator[RecognizedSpeech]:
        number, self.begun = self.begun, self.begun + 1
        try:
            await self.gates[number].wait()
            yield RecognizedSpeech(text=str(number), language="en", start_ms=0, end_ms=100, no_speech_probability=0.0)
        finally:
            self.ended += 1


async def test_windows_are_recognized_side_by_side_and_told_in_order():
    recognizer = GatedRecognizer()
    for number in (0, 2, 3, 4):
        recognizer.gates[number].set()
    told: list[str] = []

    async def listen() -> None:
        async for each in Transcriber(recognizer, LoudnessDetector()).transcribe(spoken(5), TranscriptionRequest()):
            told.append(each.speech.text if isinstance(each, Transcribed) else f"{each.seconds:g} s")

    listening = asyncio.create_task(listen())
    await eventually(lambda: recognizer.begun == 3)
    assert told == ["0"]
    recognizer.gates[1].set()
    await listening
    assert told == ["0", "1", "2", "3", "4", "25 s"]


async def test_no_more_of_the_recording_is_read_than_is_needed():
    recognizer, read = GatedRecognizer(), list[int]()
    recognizer.gates[0].set()
    transcriber = Transcriber(recognizer, LoudnessDetector())
    listening = asyncio.create_task(anext(transcriber.transcribe(spoken(100, read=read), TranscriptionRequest())))
    await listening
    assert len(read) == 1


async def test_who_leaves_ends_all_work():
    recognizer = GatedRecognizer()
    recognizer.gates[0].set()
    transcriber = Transcriber(recognizer, LoudnessDetector())
    async with aclosing(transcriber.transcribe(spoken(5), TranscriptionRequest())) as heard:
        await anext(heard)
        waiting = asyncio.create_task(anext(heard))
        await eventually(lambda: recognizer.begun == 3)
        waiting.cancel()
        await asyncio.wait([waiting])
    await eventually(lambda: recognizer.ended == 3)


async def test_words_are_told_where_the_voice_is():
    """The word after a pause was aligned with the pause as well."""
    words = [
        RecognizedWord(text=" Well", start_ms=0, end_ms=1_000),
        RecognizedWord(text=" then", start_ms=1_000, end_ms=2_900),
    ]
    transcriber = Transcriber(ScriptedRecognizer(text="Well then", words=words), LoudnessDetector())

    async def recording() -> AsyncGenerator[Pcm]:
        yield Pcm.concatenate([noise(1.0), Pcm.silence(1.0, SAMPLE_RATE), noise(1.0)], SAMPLE_RATE)

    heard = [each async for each in transcriber.transcribe(recording(), TranscriptionRequest())]
    transcribed, ended = heard
    assert isinstance(transcribed, Transcribed)
    assert isinstance(ended, RecordingEnded)
    assert [(word.start_ms, word.end_ms) for word in transcribed.speech.words] == [
        (0, 1_000),
        (pytest.approx(2_000, abs=32), 2_900),
    ]
