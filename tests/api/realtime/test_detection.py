"""Listening for speech in one connection's audio: in order, and no more of it at a time than is worthwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import cast

import pytest

from antiphon.api.realtime.detection import SpeechDetection
from antiphon.audio.pcm import Pcm
from antiphon.engines.interfaces import NoiseReducer, VoiceActivityDetector
from antiphon.engines.interfaces import SpeechProbability as Frame
from antiphon.hardening.errors import ServerBusy
from antiphon.realtime.configuration import AudioFormat
from antiphon.realtime.inputs import SpeechProbability

from ...waiting import settled

pytestmark = pytest.mark.anyio

PCM16, ULAW = AudioFormat.PCM16, AudioFormat.G711_ULAW


@dataclass(slots=True)
class Listener:
    """Reports one frame for each stretch it is given."""

    heard: list[Pcm] = field(default_factory=list)
    listens: asyncio.Event = field(default_factory=asyncio.Event)
    may_go_on: asyncio.Event = field(default_factory=asyncio.Event)
    error: Exception | None = None
    worthwhile_ms: int = 0

    async def hear(self, audio: Pcm) -> Sequence[Frame]:
        self.heard.append(audio)
        self.listens.set()
        await self.may_go_on.wait()
        if self.error:
            raise self.error
        total = sum(each.seconds for each in self.heard)
        return [Frame(probability=0.5, level_dbfs=-20.0, end_ms=round(total * 1000))]


@dataclass(slots=True)
class Detector:
    listeners: list[Listener] = field(default_factory=list)

    def listen(self) -> Listener:
        self.listeners.append(Listener())
        return self.listeners[-1]


@dataclass(slots=True)
class Reducer:
    """Lets listeners hear what they would without it; remembers which, and how much they should hear less."""

    quieted: list[tuple[Listener, float]] = field(default_factory=list)

    def quiet(self, listener: Listener, *, strength: float) -> Listener:
        self.quieted.append((listener, strength))
        return listener


@dataclass(slots=True)
class Detection:
    """What is tested, running."""

    detector: Detector = field(default_factory=Detector)
    reducer: Reducer | None = None
    reported: list[SpeechProbability] = field(default_factory=list)
    detection: SpeechDetection = field(init=False)

    def __post_init__(self) -> None:
        self.detection = SpeechDetection(
            cast("VoiceActivityDetector", self.detector),
            cast("NoiseReducer | None", self.reducer),
            self.reported.append,
        )

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Listens until the end of the block, and as far as it can at once."""
        task = asyncio.create_task(self.detection.run())
        try:
            yield
            await settled()
        finally:
            task.cancel()

    @property
    def ends_ms(self) -> list[int]:
        """Where the frames reported so far end."""
        return [frame.end_ms for frame in self.reported]


async def test_audio_that_comes_meanwhile_is_taken_together():
    heard = Detection()
    (listener,) = heard.detector.listeners
    async with heard.running():
        heard.detection.add(bytes(4800), PCM16)
        await listener.listens.wait()
        for _ in range(5):
            heard.detection.add(bytes(961), PCM16)
        listener.may_go_on.set()
    assert [len(audio.samples) for audio in listener.heard] == [2400, 2402]


async def test_audio_waits_until_there_is_enough_to_be_worth_listening_to():
    heard = Detection()
    (listener,) = heard.detector.listeners
    listener.worthwhile_ms = 64
    listener.may_go_on.set()
    async with heard.running():
        for _ in range(4):
            heard.detection.add(bytes(48 * 40), PCM16)
            await settled()
    assert heard.ends_ms == [80, 160]


async def test_much_audio_is_heard_in_turns():
    heard = Detection()
    heard.detector.listeners[0].may_go_on.set()
    heard.detection.add(bytes(48 * 5000), PCM16)
    async with heard.running():
        pass
    assert heard.ends_ms == [2000, 4000, 5000]


async def test_a_restart_forgets_what_waits_and_what_is_under_way():
    heard = Detection()
    (listener,) = heard.detector.listeners
    async with heard.running():
        heard.detection.add(bytes(4800), PCM16)
        await listener.listens.wait()
        heard.detection.add(bytes(9600), PCM16)
        heard.detection.restart(at_ms=70_000)
        heard.detection.add(bytes(480), PCM16)
        for each in heard.detector.listeners:
            each.may_go_on.set()
    assert heard.ends_ms == [70_010]


async def test_another_format_begins_another_stream_where_the_last_one_ends():
    heard = Detection()
    heard.detector.listeners[0].may_go_on.set()
    heard.detection.add(bytes(4801), PCM16)
    async with heard.running():
        pass
    assert heard.ends_ms == [100]
    heard.detection.add(bytes(800), ULAW)
    async with heard.running():
        await settled()
        heard.detector.listeners[-1].may_go_on.set()
    assert heard.ends_ms == [100, 200]


async def test_an_overloaded_detector_leaves_a_gap():
    heard = Detection()
    (listener,) = heard.detector.listeners
    listener.may_go_on.set()
    listener.error = ServerBusy()
    async with heard.running():
        heard.detection.add(bytes(4800), PCM16)
        await settled()
        assert heard.ends_ms == []
        listener.error = None
        heard.detection.add(bytes(4800), PCM16)
    assert heard.ends_ms == [200]


async def test_who_sends_more_than_can_be_heard_waits():
    heard = Detection()
    heard.detection.add(bytes(48 * 3000), PCM16)
    waiting = asyncio.create_task(heard.detection.wait_for_room(2000))
    await settled()
    assert not waiting.done()
    async with heard.running():
        await asyncio.wait_for(waiting, 30)


async def test_noise_is_taken_out_of_what_is_to_be_quieted_from_there_on():
    heard = Detection(reducer=Reducer())
    async with heard.running():
        for strength in (0.0, 1.0, 1.0, 0.5, 0.0):
            heard.detection.add(bytes(4800), PCM16, noise_reduction=strength)
            await settled()
            heard.detector.listeners[-1].may_go_on.set()
            await settled()
            heard.detector.listeners[-1].may_go_on.set()
    first, second, third, fourth = heard.detector.listeners
    assert heard.reducer is not None
    assert heard.reducer.quieted == [(second, 1.0), (third, 0.5)]
    assert [len(each.heard) for each in (first, second, third, fourth)] == [1, 2, 1, 1]
    assert heard.ends_ms == [100, 200, 300, 400, 500]


async def test_where_nothing_can_take_noise_out_it_stays():
    heard = Detection()
    heard.detector.listeners[0].may_go_on.set()
    async with heard.running():
        heard.detection.add(bytes(4800), PCM16, noise_reduction=1.0)
    assert heard.ends_ms == [100]
