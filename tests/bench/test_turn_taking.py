"""Turn taking: audio passes through a session by its own clock, and what engines find comes when they would have."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from typing import Any, cast

import numpy as np
import pytest
from bench.realtime.speech import SAMPLE_RATE
from bench.turn_taking.ears import Ears, as_sent
from bench.turn_taking.replay import Reply, replay

from antiphon.audio.pcm import Pcm
from antiphon.compose.profiles import Engines
from antiphon.engines.interfaces import RecognizedSpeech
from antiphon.realtime.configuration import AudioFormat, SemanticVad, ServerVad
from antiphon.vocabulary.speech import SpeechProbability

pytestmark = pytest.mark.anyio
FRAME_MS = 32


class LoudnessListener:
    """A stub `Listener`: what is loud is speech."""

    def __init__(self) -> None:
        self._samples = np.zeros(0, np.float32)
        self._ms = 0

    @property
    def worthwhile_ms(self) -> int:
        return 0

    async def hear(self, audio: Pcm) -> Sequence[SpeechProbability]:
        self._samples = np.concatenate([self._samples, audio.samples])
        length, found = audio.sample_rate * FRAME_MS // 1000, list[SpeechProbability]()
        while len(self._samples) >= length:
            loud, self._samples = float(np.abs(self._samples[:length]).max()) > 0.1, self._samples[length:]
            self._ms += FRAME_MS
            found.append(SpeechProbability(probability=float(loud), level_dbfs=-20.0, end_ms=self._ms))
        return found


class LoudnessDetector:
    """A stub `VoiceActivityDetector`."""

    def listen(self) -> LoudnessListener:
        return LoudnessListener()

    async def detect(self, audio: Pcm) -> AsyncGenerator[SpeechProbability]:
        for frame in await LoudnessListener().hear(audio):
            yield frame


class StubEngines:
    """What the bench asks of a profile's engines, counted."""

    def __init__(self, words: str = "What time is it?", probability: float = 0.9) -> None:
        self.detector = LoudnessDetector()
        self.recognizer = self.end_of_turn = self
        self.judged = 0
        self._words, self._probability = words, probability

    async def judge(self, utterance: Pcm) -> float:
        self.judged += 1
        return self._probability

    async def recognize(self, utterance: Pcm, **_: Any) -> AsyncGenerator[RecognizedSpeech]:
        yield RecognizedSpeech(text=self._words, language="en", start_ms=0, end_ms=100, no_speech_probability=0.0)


def ears(engines: StubEngines) -> Ears:
    return Ears(cast(Engines, engines))


def sine(seconds: float) -> Pcm:
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return Pcm((0.5 * np.sin(2 * np.pi * 400 * time)).astype(np.float32), SAMPLE_RATE)


def said(*seconds: float) -> Pcm:
    """Silence and sound by turns."""
    parts = [Pcm.silence(each, SAMPLE_RATE) if index % 2 == 0 else sine(each) for index, each in enumerate(seconds)]
    return Pcm.concatenate(parts, SAMPLE_RATE)


@pytest.mark.parametrize("audio_format", [AudioFormat.PCM16, AudioFormat.G711_ULAW])
async def test_a_turn_ends_by_the_clock_of_its_audio(audio_format: AudioFormat) -> None:
    detection = ServerVad(silence_duration_ms=500)
    heard = await replay(ears(StubEngines()), said(0.4, 1.0, 2.0), detection=detection, audio_format=audio_format)
    assert heard.started_ms == [pytest.approx(480, abs=80)]
    assert heard.stopped_ms == [pytest.approx(1900, abs=100)]


async def test_a_pause_that_is_too_long_ends_the_turn_in_it() -> None:
    heard = await replay(ears(StubEngines()), said(0.4, 1.0, 0.6, 1.0, 2.0), detection=ServerVad())
    assert [at < 2000 for at in heard.stopped_ms] == [True, False]


async def test_what_was_judged_once_is_known_in_the_next_session() -> None:
    engines = StubEngines()
    listening = ears(engines)
    for _ in range(2):
        await replay(listening, said(0.4, 1.0, 2.0), detection=SemanticVad())
    assert engines.judged == 1


@pytest.mark.parametrize(("words", "is_broken_off"), [("Uh-huh.", False), ("Stop!", True)])
async def test_a_reply_is_broken_off_only_by_what_interrupts_it(words: str, is_broken_off: bool) -> None:
    reply = Reply(text="A lighthouse is a tower.", audio=sine(8.0))
    heard = await replay(ears(StubEngines(words)), said(0.4, 0.4, 2.0), detection=SemanticVad(), reply=reply)
    assert bool(heard.broken_off_ms) is is_broken_off


def test_audio_is_sent_in_whole_pieces() -> None:
    assert len(as_sent(sine(0.05), AudioFormat.PCM16)) == 2 * 24 * 80
    assert len(as_sent(sine(0.05), AudioFormat.G711_ULAW)) == 8 * 80
