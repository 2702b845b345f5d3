"""A Whisper that is only in memory while somebody needs it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from typing import Any, cast

import pytest

from antiphon.audio.pcm import Pcm
from antiphon.engines.embedded.whisper import Whisper
from antiphon.engines.embedded.whisper_when_needed import WhisperWhenNeeded
from antiphon.engines.interfaces import RecognizedSpeech
from antiphon.models.errors import ModelError, ModelUnavailable

from ...waiting import eventually

pytestmark = pytest.mark.anyio

AUDIO = Pcm.silence(1.0, 16_000)


class StubWhisper:
    """Hears "yes", whatever is said."""

    async def recognize(self, _: Pcm, **__: Any) -> AsyncGenerator[RecognizedSpeech]:
        yield RecognizedSpeech(text="yes", language="en", start_ms=0, end_ms=1, no_speech_probability=0.0)


class Loader:
    """Counts how often it loads."""

    def __init__(self) -> None:
        self.loaded = 0
        self.failure: Exception | None = None

    async def __call__(self) -> Whisper:
        await asyncio.sleep(0)
        if self.failure is not None:
            raise self.failure
        self.loaded += 1
        return cast("Whisper", StubWhisper())


async def heard(engine: WhisperWhenNeeded) -> list[str]:
    return [segment.text async for segment in engine.recognize(AUDIO)]


async def test_it_is_loaded_once_and_only_for_speech():
    load = Loader()
    engine = WhisperWhenNeeded("small", load)
    assert load.loaded == 0
    assert await asyncio.gather(heard(engine), heard(engine)) == [["yes"], ["yes"]]
    assert load.loaded == 1


async def test_it_is_let_go_when_it_has_not_been_needed_for_a_while(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO)
    load = Loader()
    engine = WhisperWhenNeeded("small", load, idle_seconds=0.0)
    speaking = engine.recognize(AUDIO)
    assert [(await anext(speaking)).text] == await heard(engine)
    assert load.loaded == 1  # One of the two is still listening.
    await speaking.aclose()
    await eventually(lambda: "its memory is free" in caplog.text)
    await heard(engine)
    assert load.loaded == 2


async def test_what_cannot_be_had_is_told_and_tried_again(caplog: pytest.LogCaptureFixture):
    load = Loader()
    engine = WhisperWhenNeeded("small", load)
    load.failure = ModelError("no source has it")
    with pytest.raises(ModelUnavailable, match="antiphon models pull small"):
        await heard(engine)
    assert "no source has it" in caplog.text
    load.failure = None
    assert await heard(engine) == ["yes"]
