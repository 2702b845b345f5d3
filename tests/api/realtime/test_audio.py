"""Audio between the wire and the engines: formats, pieces, and listening in order."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from antiphon.api.realtime.detection import SpeechDetection
from antiphon.api.realtime.wire_audio import OutputAudio, from_pcm, to_pcm
from antiphon.audio.pcm import Pcm
from antiphon.hardening.errors import ServerBusy
from antiphon.realtime.configuration import AudioFormat
from antiphon.vocabulary.speech import SpeechProbability

from ..conftest import tone

pytestmark = pytest.mark.anyio

PCM16, ULAW = AudioFormat.PCM16, AudioFormat.G711_ULAW


@pytest.mark.parametrize("audio_format", AudioFormat)
def test_formats_go_both_ways(audio_format: AudioFormat):
    audio = tone(0.1, audio_format.sample_rate)
    returned = to_pcm(from_pcm(audio, audio_format), audio_format)
    assert returned.sample_rate == audio.sample_rate
    np.testing.assert_allclose(returned.samples, audio.samples, atol=0.02)


@pytest.mark.parametrize(("audio_format", "sample_rate"), [(PCM16, 22_050), (ULAW, 24_000), (PCM16, 24_000)])
def test_a_reply_is_resampled_as_one_stream_in_pieces(audio_format: AudioFormat, sample_rate: int):
    output = OutputAudio(audio_format, sample_rate=sample_rate)
    stretches = [tone(0.35, sample_rate), tone(0.05, sample_rate), tone(0.6, sample_rate)]
    pieces = [piece for audio in stretches for piece in output.feed(audio)] + list(output.finish())
    assert max(map(len, pieces)) <= 200 * audio_format.bytes_a_ms
    assert len(b"".join(pieces)) / audio_format.bytes_a_ms == pytest.approx(1000, abs=1)
    assert list(output.finish()) == []


@dataclass(slots=True)
class Listener:
    """Reports one frame for each stretch it is given."""

    heard: list[Pcm] = field(default_factory=list)
    may_go_on: asyncio.Event = field(default_factory=asyncio.Event)
    error: Exception | None = None
    worthwhile_ms: int = 0

    async def hear(self, audio: Pcm) -> Sequence[SpeechProbability]:
        self.heard.append(audio)
        await self.may_go_on.wait()
        if self.error:
            raise self.error
        total = sum(each.seconds for each in self.heard)
        return [SpeechProbability(probability=0.5, level_dbfs=-20.0, end_ms=round(total * 1000))]


@dataclass(slots=True)
class Detector:
    listeners: list[Listener] = field(default_factory=list)

    def listen(self) -> Listener:
        self.listeners.append(Listener())
        return self.listeners[-1]


@dataclass(slots=True)
class Detection:
    """What is tested, running."""

    detector: Detector = field(default_factory=Detector)
    reported: list[SpeechProbability] = field(default_factory=list)
    detection: SpeechDetection = field(init=False)

    def __post_init__(self) -> None:
        self.detection = SpeechDetection(self.detector, self.reported.append)  # type: ignore[arg-type]

    async def settle(self) -> list[int]:
        """Where the frames reported so far end."""
        task = asyncio.create_task(self.detection.run())
        await asyncio.sleep(0.02)
        task.cancel()
        return [frame.end_ms for frame in self.reported]


async def test_audio_that_comes_meanwhile_is_taken_together():
    running = Detection()
    (listener,) = running.detector.listeners
    task = asyncio.create_task(running.detection.run())
    running.detection.add(bytes(4800), PCM16)
    await asyncio.sleep(0.01)
    for _ in range(5):
        running.detection.add(bytes(961), PCM16)
    listener.may_go_on.set()
    await asyncio.sleep(0.01)
    task.cancel()
    assert [len(audio.samples) for audio in listener.heard] == [2400, 2402]


async def test_audio_waits_until_there_is_enough_to_be_worth_listening_to():
    running = Detection()
    (listener,) = running.detector.listeners
    listener.worthwhile_ms = 64
    listener.may_go_on.set()
    task = asyncio.create_task(running.detection.run())
    for _ in range(4):
        running.detection.add(bytes(48 * 40), PCM16)
        await asyncio.sleep(0.005)
    task.cancel()
    assert [frame.end_ms for frame in running.reported] == [80, 160]


async def test_much_audio_is_heard_in_turns():
    running = Detection()
    running.detector.listeners[0].may_go_on.set()
    running.detection.add(bytes(48 * 5000), PCM16)
    assert await running.settle() == [2000, 4000, 5000]


async def test_a_restart_forgets_what_waits_and_what_is_under_way():
    running = Detection()
    task = asyncio.create_task(running.detection.run())
    running.detection.add(bytes(4800), PCM16)
    await asyncio.sleep(0.01)
    running.detection.add(bytes(9600), PCM16)
    running.detection.restart(at_ms=70_000)
    running.detection.add(bytes(480), PCM16)
    for listener in running.detector.listeners:
        listener.may_go_on.set()
    await asyncio.sleep(0.01)
    task.cancel()
    assert [frame.end_ms for frame in running.reported] == [70_010]


async def test_another_format_begins_another_stream_where_the_last_one_ends():
    running = Detection()
    running.detector.listeners[0].may_go_on.set()
    running.detection.add(bytes(4801), PCM16)
    assert await running.settle() == [100]
    running.detection.add(bytes(800), ULAW)
    task = asyncio.create_task(running.detection.run())
    await asyncio.sleep(0.01)
    running.detector.listeners[-1].may_go_on.set()
    await asyncio.sleep(0.01)
    task.cancel()
    assert [frame.end_ms for frame in running.reported] == [100, 200]


async def test_an_overloaded_detector_leaves_a_gap():
    running = Detection()
    (listener,) = running.detector.listeners
    listener.may_go_on.set()
    listener.error = ServerBusy()
    running.detection.add(bytes(4800), PCM16)
    assert await running.settle() == []
    listener.error = None
    running.detection.add(bytes(4800), PCM16)
    assert await running.settle() == [200]


async def test_who_sends_more_than_can_be_heard_waits():
    running = Detection()
    running.detection.add(bytes(48 * 3000), PCM16)
    waiting = asyncio.create_task(running.detection.wait_for_room(2000))
    await asyncio.sleep(0.01)
    assert not waiting.done()
    await running.settle()
    await asyncio.wait_for(waiting, 1)
