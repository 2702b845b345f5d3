from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager, aclosing
from typing import Any

import numpy as np
import pytest

from antiphon.audio.pcm import Pcm
from antiphon.engines.errors import EngineFailed
from antiphon.engines.interfaces import Clause
from antiphon.engines.remote.synthesizer import RemoteSynthesizer, SpeechSettings

from .upstream_double import Answer, Connection, UpstreamDouble, document, engine_behind, status

pytestmark = pytest.mark.anyio

TONE = Pcm(np.sin(np.linspace(0, 300, 12_001)).astype(np.float32) * 0.5, 24_000)
CLAUSE = Clause(text="Of course.", language="en", voice="alloy", speed=1.25)


def raw(data: bytes = TONE.to_int16(), content_type: str = "audio/pcm") -> Answer:
    return document(data, content_type)


def synthesizer(
    *answers: Answer, **settings: Any
) -> AbstractAsyncContextManager[tuple[RemoteSynthesizer, UpstreamDouble]]:
    return engine_behind(
        RemoteSynthesizer,
        "voice",
        lambda url: SpeechSettings(url=url, model="kokoro", voices={"alloy": "af_heart"}, **settings),
        *answers,
    )


async def said(engine: RemoteSynthesizer, clause: Clause = CLAUSE) -> bytes:
    return b"".join([audio.to_int16() async for audio in engine.synthesize(clause)])


async def test_a_clause_is_said_by_the_mapped_voice():
    async with synthesizer(raw(), extra={"lang_code": "a"}) as (engine, double):
        assert await said(engine) == TONE.to_int16()
        assert (engine.sample_rate, engine.voices, engine.languages) == (24_000, {"alloy"}, {"en"})
    assert double.requests[0].path == "/v1/audio/speech"
    assert double.requests[0].json == {
        "model": "kokoro",
        "input": "Of course.",
        "voice": "af_heart",
        "response_format": "pcm",
        "speed": 1.25,
        "lang_code": "a",
    }


async def test_samples_that_are_cut_in_two_are_joined():
    data = TONE.to_int16()

    async def cut(connection: Connection) -> None:
        await connection.head(content_type="audio/pcm")
        for start in range(0, len(data), 333):
            await connection.send(data[start : start + 333])
            await asyncio.sleep(0)

    async with synthesizer(cut) as (engine, _):
        assert await said(engine) == data


async def test_the_first_audio_is_there_before_the_last():
    going_on = asyncio.Event()

    async def slow(connection: Connection) -> None:
        await connection.head(content_type="audio/pcm")
        await connection.send(TONE.to_int16()[:4800])
        await going_on.wait()
        await connection.send(TONE.to_int16()[4800:])

    async with synthesizer(slow) as (engine, _), aclosing(engine.synthesize(CLAUSE)) as stretches:
        assert len((await anext(stretches)).samples) == 2400
        going_on.set()
        assert sum([len(audio.samples) async for audio in stretches]) == 12_001 - 2400


async def test_another_rate_than_the_settings_say_is_kept_as_they_say():
    async with synthesizer(raw(content_type="audio/pcm; rate=16000"), sample_rate=16_000) as (engine, _):
        assert [audio.sample_rate async for audio in engine.synthesize(CLAUSE)] == [16_000]


async def test_a_voice_without_a_counterpart_is_never_replaced():
    async with synthesizer(raw()) as (engine, double):
        with pytest.raises(ValueError, match="no voice for echo"):
            await said(engine, Clause(text="Hi.", language="en", voice="echo"))
        assert double.requests == []


async def _endless(connection: Connection) -> None:
    await connection.head(content_type="audio/pcm")
    while True:
        await connection.send(bytes(65_536))


async def _break_off(connection: Connection) -> None:
    await connection.head(content_type="audio/pcm", content_length="100000")
    await connection.send(bytes(1000))
    connection.writer.transport.abort()


@pytest.mark.parametrize(
    "answer",
    [
        raw(b"RIFF\x00\x00\x00\x00WAVEfmt "),
        raw(b"ID3\x04"),
        raw(content_type="audio/mpeg"),
        raw(content_type="audio/pcm;rate=16000"),
        raw(b""),
        document(b'{"error": "no such voice"}'),
        raw(b'{"error": "no such voice"}'),
        raw(b"<!DOCTYPE html><html></html>"),
        raw(content_type="audio/pcm;rate=24000;channels=2"),
        raw(TONE.to_int16()[:-1]),
        status(400, b'{"error": {"message": "Voice af_heart not found"}}'),
        _endless,
        _break_off,
    ],
    ids=[
        "wav",
        "mp3",
        "mpeg",
        "16 kHz",
        "empty",
        "json",
        "json as audio",
        "html as audio",
        "stereo",
        "half a sample",
        "no such voice",
        "endless",
        "breaks off",
    ],
)
async def test_what_is_not_the_clause_in_raw_audio_fails(answer: Answer, caplog: pytest.LogCaptureFixture):
    async with synthesizer(answer, retries=0, read_seconds=0.3) as (engine, _):
        with pytest.raises(EngineFailed):
            await said(engine)
    assert "The engine voice at http://127.0.0.1" in caplog.text
