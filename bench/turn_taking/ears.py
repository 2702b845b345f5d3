"""What engines make of audio, and how long that takes: each stretch is judged once, however often it is heard."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from antiphon.api.realtime.wire_audio import from_pcm, to_pcm
from antiphon.audio.pcm import Pcm
from antiphon.compose.profiles import Engines
from antiphon.dialogue.errors import NoSpeech
from antiphon.dialogue.hearing import SAMPLE_RATE, Hearing
from antiphon.dialogue.reply import Speech
from antiphon.realtime.configuration import AudioFormat
from antiphon.vocabulary.speech import SpeechProbability
from bench.realtime.speech import FRAME_MS

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Timed(Generic[T]):
    """A result, and how long it took."""

    value: T
    ms: float


@dataclass(frozen=True, slots=True)
class Frame:
    """What the detector found once so much audio had come."""

    arrived_ms: int
    found: SpeechProbability


class Ears:
    """The engines that listen."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines
        self._hearing = Hearing(engines.recognizer, engines.detector)
        self._known: dict[tuple[str, bytes, AudioFormat], Timed[float] | Timed[str]] = {}
        self._frames: dict[tuple[bytes, AudioFormat], Sequence[Frame]] = {}

    async def listen(self, data: bytes, audio_format: AudioFormat) -> Sequence[Frame]:
        """How likely each frame is speech, `FRAME_MS` of audio at a time."""
        key = (data, audio_format)
        if key not in self._frames:
            listener, frames = self._engines.detector.listen(), list[Frame]()
            length = FRAME_MS * audio_format.bytes_a_ms
            for number, start in enumerate(range(0, len(data), length), 1):
                heard = await listener.hear(to_pcm(data[start : start + length], audio_format))
                frames += [Frame(number * FRAME_MS, found) for found in heard]
            self._frames[key] = frames
        return self._frames[key]

    async def judge(self, data: bytes, audio_format: AudioFormat) -> Timed[float]:
        """How likely the speaker is to have finished."""
        return await self._once("judge", data, audio_format, self._engines.end_of_turn.judge)

    async def words(self, data: bytes, audio_format: AudioFormat) -> Timed[str]:
        """What is said; "" if there are no words."""
        return await self._once("words", data, audio_format, self._recognize)

    async def _recognize(self, audio: Pcm) -> str:
        speech = Speech(audio=audio.resample(SAMPLE_RATE), is_live=True, expected_language="en")
        try:
            return (await self._hearing.hear(speech)).text
        except NoSpeech:
            return ""

    async def _once(
        self, task: str, data: bytes, audio_format: AudioFormat, work: Callable[[Pcm], Awaitable[T]]
    ) -> Timed[T]:
        key = (task, data, audio_format)
        if key not in self._known:
            audio = to_pcm(data, audio_format)
            began = time.perf_counter()
            value = await work(audio)
            self._known[key] = Timed(value, 1000 * (time.perf_counter() - began))  # pyright: ignore[reportArgumentType]
        return self._known[key]  # pyright: ignore[reportReturnType]


def as_sent(audio: Pcm, audio_format: AudioFormat) -> bytes:
    """The audio as it travels, in whole pieces of `FRAME_MS`."""
    data = from_pcm(audio.resample(audio_format.sample_rate), audio_format)
    return data + data[:0].ljust(-len(data) % (FRAME_MS * audio_format.bytes_a_ms), data[-1:])
