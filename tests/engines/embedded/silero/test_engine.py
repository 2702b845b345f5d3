"""Silero on recorded human speech, whole and as it comes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import aclosing
from pathlib import Path

import numpy as np
import pytest

from antiphon.audio.pcm import Pcm
from antiphon.engines.embedded.silero.engine import Silero
from antiphon.engines.interfaces import Listener
from antiphon.hardening.errors import ServerBusy
from antiphon.vocabulary.speech import SpeechProbability

from ....conftest import SpeechClip
from ....speech import read_flac

pytestmark = [pytest.mark.anyio, pytest.mark.models]


@pytest.fixture(scope="module")
def model(model_path: Callable[[str], Path]) -> Path:
    return model_path("silero-vad") / "silero_vad.onnx"


@pytest.fixture(scope="module")
def silero(model: Path) -> Silero:
    return Silero(model, max_waiting=8)


@pytest.fixture(scope="module")
def speech(speech_clips: dict[str, SpeechClip]) -> Pcm:
    """President Kennedy at 16 kHz, 11 s."""
    return read_flac(speech_clips["jfk/jfk.flac"].path)


async def heard(listener: Listener, audio: Pcm, piece_ms: int = 40) -> Sequence[SpeechProbability]:
    """What a listener says of audio that comes in pieces."""
    length = piece_ms * audio.sample_rate // 1000
    frames: list[SpeechProbability] = []
    for start in range(0, len(audio.samples), length):
        frames += await listener.hear(Pcm(audio.samples[start : start + length], audio.sample_rate))
    return frames


def probabilities(frames: Sequence[SpeechProbability]) -> list[float]:
    return [frame.probability for frame in frames]


async def test_probabilities_tell_speech_from_silence(silero: Silero, speech: Pcm):
    around = Pcm.concatenate([Pcm.silence(2, 16_000), speech], 16_000)
    frames = [frame async for frame in silero.detect(around)]
    assert max(frame.probability for frame in frames if frame.end_ms < 2_300) < 0.1
    assert np.mean([frame.probability > 0.5 for frame in frames if frame.end_ms > 2_500]) > 0.5
    assert frames[-1].end_ms == pytest.approx(around.seconds * 1000, abs=32)


async def test_an_hour_of_silence_is_one_frame(silero: Silero):
    silence = Pcm.silence(3600, 8_000)
    assert [(frame.probability, frame.end_ms) async for frame in silero.detect(silence)] == [(0.0, 3_600_000)]


async def test_a_recording_without_samples_has_no_frames(silero: Silero):
    assert [frame async for frame in silero.detect(Pcm.silence(0, 24_000))] == []


@pytest.mark.parametrize("piece_ms", [7, 32, 100, 5_000])
async def test_a_stream_is_judged_as_the_recording_is(silero: Silero, speech: Pcm, piece_ms: int):
    recorded = [frame async for frame in silero.detect(speech)]
    streamed = await heard(silero.listen(), speech, piece_ms)
    assert streamed == recorded[: len(streamed)]
    assert len(recorded) - len(streamed) <= 1  # The recording's last frame is padded; the stream's may yet come.


@pytest.mark.parametrize("rate", [8_000, 24_000, 48_000])
async def test_speech_is_found_at_the_same_times_at_every_rate(silero: Silero, speech: Pcm, rate: int):
    reference = probabilities(await heard(silero.listen(), speech))
    streamed = probabilities(await heard(silero.listen(), speech.resample(rate)))
    assert np.mean((np.array(streamed) > 0.5) == (np.array(reference[: len(streamed)]) > 0.5)) > 0.9


async def test_frames_count_from_the_streams_beginning(silero: Silero, speech: Pcm):
    frames = await heard(silero.listen(), Pcm.concatenate([Pcm.silence(1, 16_000), speech], 16_000))
    assert [frame.end_ms for frame in frames] == [32 * (index + 1) for index in range(len(frames))]


def room(seconds: float) -> Pcm:
    """A room in which nobody speaks, at 16 kHz and -60 dBFS."""
    noise = np.random.default_rng(3).normal(0, 0.001, round(16_000 * seconds))
    return Pcm(noise.astype(np.float32), 16_000)


async def test_where_nobody_has_spoken_for_a_second_half_the_frames_are_enough(silero: Silero):
    listener = silero.listen()
    assert listener.worthwhile_ms == 0
    frames = probabilities(await heard(listener, room(4), 80))
    assert listener.worthwhile_ms == 64
    skipped = [probability == 0 for probability in frames]
    assert not any(skipped[:31])
    assert 0.35 < np.mean(skipped[40:]) < 0.6


async def test_speech_after_a_long_quiet_is_found_as_soon_and_as_surely(silero: Silero, speech: Pcm):
    quiet = 4 * 16_000 // 512 * 512
    frames = probabilities(
        await heard(silero.listen(), Pcm.concatenate([Pcm(room(5).samples[:quiet], 16_000), speech], 16_000), 80)
    )
    close = [
        frame.probability
        async for frame in silero.detect(Pcm.concatenate([Pcm(room(5).samples[:quiet], 16_000), speech], 16_000))
    ]
    began, would_have_begun = (next(i for i, value in enumerate(each) if value > 0.5) for each in (frames, close))
    assert abs(began - would_have_begun) <= 1
    assert np.mean((np.array(frames) > 0.5) == (np.array(close[: len(frames)]) > 0.5)) > 0.98


async def test_streams_that_are_judged_together_do_not_hear_each_other(silero: Silero, speech: Pcm):
    streams = [
        Pcm((np.roll(speech.samples, 4_000 * index) / (index + 1)).astype(np.float32), 16_000) for index in range(20)
    ]
    alone = [probabilities(await heard(silero.listen(), audio, 32 + index)) for index, audio in enumerate(streams)]
    together = await asyncio.gather(*(heard(silero.listen(), audio, 32 + index) for index, audio in enumerate(streams)))
    for one, among_others in zip(alone, together, strict=True):
        assert probabilities(among_others) == pytest.approx(one[: len(among_others)], abs=1e-4)


async def test_silence_is_judged_without_the_model(model: Path):
    silero = Silero(model, max_waiting=0)
    hearing = silero.listen().hear(Pcm.silence(1, 16_000))
    with pytest.raises(StopIteration) as returned:  # Nothing is awaited.
        hearing.send(None)
    assert probabilities(returned.value.value) == [0.0] * 31


async def test_a_stream_that_is_given_up_leaves_the_others_alone(silero: Silero, speech: Pcm):
    expected = await heard(silero.listen(), speech, 500)
    given_up = [asyncio.create_task(heard(silero.listen(), speech, 500)) for _ in range(5)]
    kept = [asyncio.create_task(heard(silero.listen(), speech, 500)) for _ in range(5)]
    for task in given_up:
        await asyncio.sleep(0)
        task.cancel()
    assert [len(frames) for frames in await asyncio.gather(*kept)] == [len(expected)] * 5
    outcomes = await asyncio.gather(*given_up, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [asyncio.CancelledError] * 5


async def test_a_stream_goes_on_after_a_piece_that_was_given_up(silero: Silero, speech: Pcm):
    listener = silero.listen()
    hearing = asyncio.create_task(listener.hear(Pcm(speech.samples[:16_384], 16_000)))
    await asyncio.sleep(0)
    hearing.cancel()
    await asyncio.gather(hearing, return_exceptions=True)
    frames = await listener.hear(Pcm(speech.samples[16_384:], 16_000))
    assert frames[0].end_ms == 1024 + 32
    assert max(probabilities(frames)) > 0.9


async def test_a_recording_beyond_those_that_may_wait_is_refused(model: Path, speech: Pcm):
    silero = Silero(model, max_waiting=1)
    async with aclosing(silero.detect(speech)) as first, aclosing(silero.detect(speech)) as second:
        await anext(first)
        await anext(second)
        with pytest.raises(ServerBusy):
            await anext(silero.detect(speech))
    assert [frame async for frame in silero.detect(speech)]


async def test_a_stream_is_refused_when_more_wait_than_the_model_can_take_soon(model: Path, speech: Pcm):
    silero = Silero(model, max_waiting=0)
    audio = Pcm(speech.samples[16_000:18_000], 16_000)
    outcomes = await asyncio.gather(*(silero.listen().hear(audio) for _ in range(200)), return_exceptions=True)
    refused = [outcome for outcome in outcomes if isinstance(outcome, ServerBusy)]
    assert 0 < len(refused) < 100
    assert len(probabilities(await silero.listen().hear(audio))) == 3
