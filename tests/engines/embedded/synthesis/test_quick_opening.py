"""Which engine says a clause."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import replace

import pytest

from antiphon.audio.pcm import Pcm
from antiphon.engines.embedded.synthesis.quick_opening import QuickOpening
from antiphon.engines.interfaces import Clause, Sounds


class Constant:
    """A synthesizer whose every clause is one sample of a known value."""

    def __init__(self, value: float, *, voices: set[str], languages: set[str], sample_rate: int = 24_000) -> None:
        self.sample_rate = sample_rate
        self.voices = frozenset(voices)
        self.languages = frozenset(languages)
        self._value = value

    async def synthesize(self, clause: Clause) -> AsyncGenerator[Pcm]:
        yield Pcm(Pcm.silence(1.0, 1).samples + self._value, self.sample_rate)


FAST, FULL = 1.0, 2.0
OPENING = Clause(text="Hello there,", language="en", voice="alloy", opens_reply=True)


@pytest.fixture
def engine() -> QuickOpening:
    return QuickOpening(
        fast=Constant(FAST, voices={"alloy"}, languages={"en"}),
        full=Constant(FULL, voices={"alloy", "echo"}, languages={"en", "fr"}),
    )


async def speaker(engine: QuickOpening, clause: Clause) -> float:
    (audio,) = [audio async for audio in engine.synthesize(clause)]
    return float(audio.samples[0])


@pytest.mark.anyio
async def test_the_fast_voice_opens_a_reply(engine: QuickOpening) -> None:
    assert await speaker(engine, OPENING) == FAST


@pytest.mark.anyio
async def test_the_full_voice_goes_on(engine: QuickOpening) -> None:
    assert await speaker(engine, replace(OPENING, opens_reply=False)) == FULL


@pytest.mark.anyio
async def test_the_full_voice_opens_under_another_name(engine: QuickOpening) -> None:
    assert await speaker(engine, replace(OPENING, voice="echo")) == FULL


@pytest.mark.anyio
async def test_the_full_voice_opens_in_another_language(engine: QuickOpening) -> None:
    assert await speaker(engine, replace(OPENING, language="fr")) == FULL


@pytest.mark.anyio
async def test_the_full_voice_opens_where_sounds_are_laid_down(engine: QuickOpening) -> None:
    assert await speaker(engine, replace(OPENING, sounds=(Sounds(start=0, end=5, ipa="həˈloʊ"),))) == FULL


def test_the_full_voice_says_what_can_be_asked_for(engine: QuickOpening) -> None:
    assert (engine.voices, engine.languages) == ({"alloy", "echo"}, {"en", "fr"})


def test_two_sample_rates_are_refused() -> None:
    fast = Constant(FAST, voices={"alloy"}, languages={"en"}, sample_rate=16_000)
    with pytest.raises(ValueError, match="16000"):
        QuickOpening(fast=fast, full=Constant(FULL, voices={"alloy"}, languages={"en"}))
