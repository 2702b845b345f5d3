"""One Antiphon hears and speaks for another, as the server behind its engines' URL."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from antiphon.audio.pcm import Pcm
from antiphon.engines.interfaces import Clause
from antiphon.engines.remote.recognizer import RemoteRecognizer, TranscriptionSettings
from antiphon.engines.remote.synthesizer import RemoteSynthesizer, SpeechSettings
from antiphon.engines.remote.upstream import Upstream

from ..conftest import Backend, tone
from ..realtime.realtime_server import running

pytestmark = pytest.mark.anyio

SPEECH = Pcm.concatenate([tone(1.0, 16_000), Pcm.silence(0.5, 16_000)], 16_000)
KEY = "OTHER_ANTIPHONS_KEY"


@asynccontextmanager
async def behind(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[str]:
    """The URL of an Antiphon that runs, whose key is in the environment."""
    monkeypatch.setenv(KEY, backend.key)
    async with running(backend) as server:
        yield f"http://127.0.0.1:{server.port}/v1"


async def test_it_recognizes_for_another_with_language_and_times(backend: Backend, monkeypatch: pytest.MonkeyPatch):
    backend.recognizer.text, backend.recognizer.language = "Bonjour à tous.", "fr"
    async with behind(backend, monkeypatch) as url:
        settings = TranscriptionSettings(url=url, model="whisper-1", key_variable=KEY)
        upstream = Upstream("ears", settings)
        engine = RemoteRecognizer(upstream, settings)
        (heard,) = [each async for each in engine.recognize(SPEECH, prompt="Bonjour")]
        await upstream.aclose()
    assert (heard.text, heard.language) == ("Bonjour à tous.", "fr")
    assert 0 <= heard.start_ms < heard.end_ms <= 1000 * SPEECH.seconds
    assert backend.recognizer.hints == [(None, "Bonjour")]


async def test_it_speaks_for_another_as_fast_and_in_the_voice_that_is_asked_for(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
):
    async with behind(backend, monkeypatch) as url:
        settings = SpeechSettings(url=url, model="gpt-4o-mini-tts", key_variable=KEY, voices={"alloy": "echo"})
        upstream = Upstream("mouth", settings)
        engine = RemoteSynthesizer(upstream, settings)
        clause = Clause(text="The train leaves at ten.", language="en", voice="alloy", speed=1.25)
        spoken = Pcm.concatenate([audio async for audio in engine.synthesize(clause)], engine.sample_rate)
        await upstream.aclose()
    said = backend.synthesizer.clauses
    assert "".join(clause.text for clause in said).replace(" ", "") == "Thetrainleavesatten."
    assert {(clause.voice, clause.speed) for clause in said} == {("echo", 1.25)}
    assert spoken.seconds == pytest.approx(0.5, abs=0.05)
