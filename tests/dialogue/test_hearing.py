"""Each recording is heard once, whoever asks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

import numpy as np
import pytest

from antiphon.audio.pcm import Pcm
from antiphon.dialogue.errors import NoSpeech
from antiphon.dialogue.hearing import Hearing
from antiphon.dialogue.reply import Speech
from antiphon.engines.interfaces import PLAIN_RECOGNITION, RecognitionOptions, RecognizedSpeech
from antiphon.hardening.errors import ServerBusy

from ..waiting import eventually
from .doubles import LoudnessDetector, ScriptedRecognizer, noise

pytestmark = pytest.mark.anyio


@dataclass(slots=True)
class SlowRecognizer:
    """Recognizes when it is let."""

    begun: int = 0
    stopped: int = 0
    may_finish: asyncio.Event = field(default_factory=asyncio.Event)
    error: Exception | None = None

    async def recognize(
        self,
        utterance: Pcm,
        *,
        language: str | None = None,
        expected_language: str | None = None,
        prompt: str = "",
        options: RecognitionOptions = PLAIN_RECOGNITION,
    ) -> AsyncGenerator[RecognizedSpeech]:
        self.begun += 1
        try:
            await self.may_finish.wait()
        except asyncio.CancelledError:
            self.stopped += 1
            raise
        if self.error:
            raise self.error
        yield RecognizedSpeech(text="Hello.", language="en", start_ms=0, end_ms=1, no_speech_probability=0.0)

    async def until_begun(self, times: int = 1) -> None:
        await eventually(lambda: self.begun >= times)


def hearing_of(recognizer: SlowRecognizer | ScriptedRecognizer) -> Hearing:
    return Hearing(recognizer, LoudnessDetector())


async def test_who_asks_meanwhile_shares_the_work_even_if_the_first_gives_up():
    recognizer = SlowRecognizer()
    hearing = hearing_of(recognizer)
    first = asyncio.create_task(hearing.hear(Speech(audio=noise(1.0))))
    await recognizer.until_begun()
    second = asyncio.create_task(hearing.hear(Speech(audio=noise(1.0))))
    (listening,) = hearing._under_way.values()
    await eventually(lambda: listening.waiting == 2)
    first.cancel()
    await asyncio.wait([first])
    recognizer.may_finish.set()
    assert (await second).text == "Hello."
    assert first.cancelled()
    assert (recognizer.begun, recognizer.stopped) == (1, 0)


async def test_the_work_stops_when_nobody_waits_and_begins_anew_for_the_next():
    recognizer = SlowRecognizer()
    hearing, speech = hearing_of(recognizer), Speech(audio=noise(1.0))
    for times in (1, 2):
        task = asyncio.create_task(hearing.hear(speech))
        await recognizer.until_begun(times)
        task.cancel()
        await asyncio.wait([task])
    third = asyncio.create_task(hearing.hear(speech))
    await recognizer.until_begun(3)
    recognizer.may_finish.set()
    assert (await third).text == "Hello."
    assert recognizer.stopped == 2


async def test_a_failure_reaches_all_who_wait_and_is_not_remembered():
    recognizer = SlowRecognizer(error=ServerBusy())
    hearing, speech = hearing_of(recognizer), Speech(audio=noise(1.0))
    recognizer.may_finish.set()
    results = await asyncio.gather(hearing.hear(speech), hearing.hear(speech), return_exceptions=True)
    assert [type(result) for result in results] == [ServerBusy, ServerBusy]
    recognizer.error = None
    assert (await hearing.hear(speech)).text == "Hello."


async def test_hints_are_given_and_told_apart():
    recognizer = ScriptedRecognizer()
    hearing, audio = hearing_of(recognizer), noise(1.0)
    for _ in range(2):
        await hearing.hear(Speech(audio=audio))
        await hearing.hear(Speech(audio=audio, language="de", prompt="Rhabarber"))
    assert recognizer.hints == [(None, ""), ("de", "Rhabarber")]


async def test_where_another_language_is_expected_it_is_heard_again():
    recognizer = ScriptedRecognizer()
    hearing, audio = hearing_of(recognizer), noise(1.0)
    for _ in range(2):
        await hearing.hear(Speech(audio=audio))
        await hearing.hear(Speech(audio=audio, expected_language="de"))
    assert recognizer.expected_languages == [None, "de"]


async def test_silence_is_remembered_too():
    recognizer = ScriptedRecognizer(text="")
    hearing, speech = hearing_of(recognizer), Speech(audio=noise(1.0), source="here")
    for _ in range(2):
        with pytest.raises(NoSpeech) as raised:
            await hearing.hear(speech)
        assert raised.value.source == "here"
    assert len(recognizer.utterances) == 1


async def test_quiet_speech_is_found_and_measured_as_quiet_as_it_is():
    loud = noise(1.0)
    quiet = Pcm(loud.samples / np.float32(100), loud.sample_rate)
    levels = [
        (await hearing_of(ScriptedRecognizer()).hear(Speech(audio=audio))).acoustics.speech_level_dbfs
        for audio in (loud, quiet)
    ]
    assert levels == [pytest.approx(-20, abs=0.5), pytest.approx(-60, abs=0.5)]
