"""Kokoro's speech, heard by Whisper."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from antiphon.audio.pcm import Pcm
from antiphon.engines.embedded.synthesis.espeak import Espeak
from antiphon.engines.embedded.synthesis.kokoro import Kokoro
from antiphon.engines.embedded.synthesis.kokoro_model import Interrupted, KokoroModel
from antiphon.engines.embedded.synthesis.phonemes import phonemizers
from antiphon.engines.embedded.whisper import Whisper
from antiphon.engines.interfaces import Clause, Synthesizer

from ....speech import word_error_rate

pytestmark = pytest.mark.models

ModelPath = Callable[[str], Path]
CLAUSE = Clause(text="The weather in London is often cloudy.", language="en", voice="alloy")
LONG_TEXT = " ".join(["The weather in London is often cloudy, and people carry umbrellas."] * 8)


@pytest.fixture(scope="module")
def build(model_path: ModelPath) -> Iterator[Callable[[], Kokoro]]:
    espeak = Espeak()
    by_dialect = phonemizers(espeak)
    yield lambda: Kokoro(
        model_path("kokoro-82m") / "kokoro-v1.0.int8.onnx",
        model_path("kokoro-voices"),
        phonemizers=by_dialect,
        threads=2,
        workers=1,
        max_waiting=4,
    )
    espeak.close()


@pytest.fixture(scope="module")
def shared(build: Callable[[], Kokoro]) -> Kokoro:
    """For tests that speak one clause at a time: a worker pool serves one event loop once clauses wait in it."""
    return build()


@pytest.fixture(scope="module")
def whisper(model_path: ModelPath) -> Whisper:
    return Whisper(model_path("whisper-base"), workers=2, max_waiting=4)


async def spoken(engine: Synthesizer, clause: Clause) -> Pcm:
    return Pcm.concatenate([audio async for audio in engine.synthesize(clause)], engine.sample_rate)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("language", "voice", "text"),
    [
        ("en", "alloy", "The weather in London is often cloudy."),
        ("en", "ballad", "She opened the window, looked at the garden, and smiled."),
        ("fr", "alloy", "Le musée du Louvre est l'un des plus grands musées du monde."),
        ("it", "alloy", "La musica può cambiare il nostro umore in pochi secondi."),
        ("es", "alloy", "La música puede cambiar nuestro ánimo en pocos segundos."),
        ("pt", "alloy", "A música pode mudar o nosso humor em poucos segundos."),
        ("de", "alloy", "Das Wetter wird morgen kälter, und es könnte sogar schneien."),
    ],
)
async def test_what_is_said_is_heard(shared: Kokoro, whisper: Whisper, language: str, voice: str, text: str) -> None:
    audio = await spoken(shared, Clause(text=text, language=language, voice=voice))
    heard = " ".join([part.text async for part in whisper.recognize(audio, language=language)])
    assert word_error_rate(text, heard) == 0


@pytest.mark.anyio
async def test_the_speech_begins_and_ends_in_silence(shared: Kokoro) -> None:
    samples = (await spoken(shared, CLAUSE)).samples
    assert np.abs(samples[[0, -1]]).max() < 1e-4


@pytest.mark.anyio
async def test_speed_shortens_it(shared: Kokoro) -> None:
    fast = await spoken(shared, replace(CLAUSE, speed=1.8))
    assert fast.seconds < 0.75 * (await spoken(shared, CLAUSE)).seconds


@pytest.mark.anyio
async def test_an_impossible_speed_is_held_to_the_fastest(shared: Kokoro) -> None:
    assert (await spoken(shared, replace(CLAUSE, speed=100))).seconds == pytest.approx(
        (await spoken(shared, replace(CLAUSE, speed=4.0))).seconds
    )


@pytest.mark.anyio
@pytest.mark.parametrize("language", ["en", "fr", "de"])
@pytest.mark.parametrize("text", ["", "  \n", "…", "—?!", "✨"])
async def test_nothing_to_say_yields_nothing(shared: Kokoro, language: str, text: str) -> None:
    assert [audio async for audio in shared.synthesize(replace(CLAUSE, language=language, text=text))] == []


@pytest.mark.anyio
async def test_what_cannot_be_pronounced_is_left_out(shared: Kokoro) -> None:
    plain = await spoken(shared, CLAUSE)
    with_symbols = await spoken(shared, replace(CLAUSE, text="The weather in London ✨ is often cloudy."))
    assert with_symbols.seconds == pytest.approx(plain.seconds, rel=0.15)


@pytest.mark.anyio
async def test_a_long_text_is_said_in_pieces_to_its_end(shared: Kokoro) -> None:
    durations = [audio.seconds async for audio in shared.synthesize(replace(CLAUSE, text=LONG_TEXT))]
    assert len(durations) > 1
    assert sum(durations) > 20


@pytest.mark.anyio
async def test_two_clauses_at_once_are_both_said(build: Callable[[], Kokoro]) -> None:
    engine = build()
    british = replace(CLAUSE, voice="fable")
    first, second = await asyncio.gather(spoken(engine, CLAUSE), spoken(engine, british))
    assert first.seconds > 1
    assert second.seconds > 1


@pytest.mark.anyio
async def test_an_abandoned_clause_makes_way_for_the_next(build: Callable[[], Kokoro]) -> None:
    engine = build()
    is_under_way = asyncio.Event()

    async def speak() -> None:
        async for _ in engine.synthesize(replace(CLAUSE, text=LONG_TEXT)):
            is_under_way.set()
            await asyncio.sleep(0)

    abandoned = asyncio.create_task(speak())
    await is_under_way.wait()
    abandoned.cancel()
    assert (await spoken(engine, CLAUSE)).seconds > 1
    assert abandoned.cancelled()


def test_the_model_can_be_stopped_in_the_middle(model_path: ModelPath) -> None:
    model = KokoroModel(model_path("kokoro-82m") / "kokoro-v1.0.int8.onnx", threads=2)
    style = np.zeros(256, np.float32)

    def stop_soon(stop: Callable[[], None]) -> None:
        threading.Timer(0.1, stop).start()

    with pytest.raises(Interrupted):
        model.speak("wˈɛðəɹ " * 70, style, speed=1.0, on_start=stop_soon)


def test_an_unknown_voice_is_refused(shared: Kokoro) -> None:
    with pytest.raises(ValueError, match="no voice 'robot'"):
        shared.synthesize(replace(CLAUSE, voice="robot"))


def test_an_unknown_language_is_refused(shared: Kokoro) -> None:
    with pytest.raises(ValueError, match="No voice speaks 'tlh'"):
        shared.synthesize(replace(CLAUSE, language="tlh"))
