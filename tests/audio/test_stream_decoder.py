"""Files are decoded while they are used: a process waits until what it has decoded is wanted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from typing import Any

import numpy as np
import psutil
import pytest

from antiphon.audio.decode import DecodingLimits
from antiphon.audio.encode import Format, encode
from antiphon.audio.errors import InvalidAudio
from antiphon.audio.pcm import Pcm
from antiphon.audio.stream_decoder import LIMITS, StreamDecoder
from antiphon.hardening.errors import ServerBusy

pytestmark = pytest.mark.anyio

RATE = 16_000


@asynccontextmanager
async def started(**options: Any) -> AsyncGenerator[StreamDecoder]:
    decoder = StreamDecoder(processes=1, **options)
    try:
        yield decoder
    finally:
        await decoder.close()


def noise(seconds: float) -> Pcm:
    samples = np.random.default_rng(1).normal(0, 0.1, round(seconds * RATE))
    return Pcm(samples.astype(np.float32), RATE)


def wav(seconds: float) -> bytes:
    return encode([noise(seconds)], audio_format=Format.WAV, sample_rate=RATE)


def stream(decoder: StreamDecoder, file: bytes) -> AsyncGenerator[Pcm]:
    return decoder.decode(file, declared_format="wav", sample_rate=RATE)


async def test_the_pieces_of_a_file_are_its_whole_audio():
    async with started() as decoder:
        pieces = [piece async for piece in stream(decoder, wav(12.0))]
    assert [round(piece.seconds) for piece in pieces] == [5, 5, 2]
    assert Pcm.concatenate(pieces, RATE).to_int16() == noise(12.0).to_int16()


async def test_the_next_file_meets_the_same_process():
    others = psutil.Process().children()
    async with started() as decoder:
        for _ in range(2):
            async for _ in stream(decoder, wav(1.0)):
                pass
            (process,) = set(psutil.Process().children()).difference(others)
            assert process.is_running()


async def test_a_refusal_leaves_the_process_as_it_was():
    async with started() as decoder:
        with pytest.raises(InvalidAudio, match="not a readable"):
            await anext(stream(decoder, b"not audio"))
        assert [round(piece.seconds) async for piece in stream(decoder, wav(1.0))] == [1]


async def test_a_file_that_is_too_long_is_refused_on_the_way():
    limits = DecodingLimits(max_seconds=7.0)
    async with started(limits=limits) as decoder, aclosing(stream(decoder, wav(7.5))) as pieces:
        assert (await anext(pieces)).seconds == pytest.approx(5.0, abs=0.2)
        with pytest.raises(InvalidAudio, match="longer than"):
            await anext(pieces)


async def test_one_more_than_may_wait_is_turned_away_until_somebody_leaves():
    async with started(max_waiting=0) as decoder:
        pieces = stream(decoder, wav(60.0))
        await anext(pieces)
        with pytest.raises(ServerBusy):
            await anext(stream(decoder, wav(1.0)))
        await pieces.aclose()
        assert len([piece async for piece in stream(decoder, wav(1.0))]) == 1


async def test_a_cancelled_reader_leaves_no_thread_at_work():
    async with started() as decoder:
        reading = asyncio.create_task(anext(stream(decoder, wav(300.0))))
        await asyncio.sleep(0)
        reading.cancel()
        await asyncio.wait([reading])
        assert len([piece async for piece in stream(decoder, wav(1.0))]) == 1


async def test_the_largest_file_fits_into_the_process():
    """As WAV, which is copied most often."""
    seconds = (LIMITS.max_file_bytes - 44) / 2 / RATE
    file = encode([Pcm.silence(seconds, RATE)], audio_format=Format.WAV, sample_rate=RATE)
    async with started() as decoder:
        total = 0.0
        async for piece in stream(decoder, file):
            total += piece.seconds
    assert total == pytest.approx(seconds)
