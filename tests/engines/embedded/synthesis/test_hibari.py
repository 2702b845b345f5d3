"""The fast voice, whose model comes with its package."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from antiphon.audio.pcm import Pcm
from antiphon.engines.embedded.synthesis.hibari import Hibari
from antiphon.engines.embedded.synthesis.phonemes import english
from antiphon.engines.interfaces import Clause

CLAUSE = Clause(text="Golden retrievers are generally friendly,", language="en", voice="alloy", opens_reply=True)


@pytest.fixture(scope="module")
def hibari() -> Hibari:
    return Hibari(phonemizer=english(british=False), workers=1, max_waiting=4)


async def spoken(engine: Hibari, clause: Clause) -> Pcm:
    return Pcm.concatenate([audio async for audio in engine.synthesize(clause)], engine.sample_rate)


@pytest.mark.anyio
async def test_a_clause_is_about_as_long_as_it_takes_to_say(hibari: Hibari) -> None:
    assert 1.2 < (await spoken(hibari, CLAUSE)).seconds < 3.0


@pytest.mark.anyio
async def test_the_same_clause_sounds_the_same_again(hibari: Hibari) -> None:
    assert np.array_equal((await spoken(hibari, CLAUSE)).samples, (await spoken(hibari, CLAUSE)).samples)


@pytest.mark.anyio
async def test_speed_shortens_it(hibari: Hibari) -> None:
    fast = await spoken(hibari, replace(CLAUSE, speed=1.8))
    assert fast.seconds < 0.75 * (await spoken(hibari, CLAUSE)).seconds


@pytest.mark.anyio
@pytest.mark.parametrize("text", ["", "  ", "…", "—?!"])
async def test_nothing_to_say_yields_nothing(hibari: Hibari, text: str) -> None:
    assert [audio async for audio in hibari.synthesize(replace(CLAUSE, text=text))] == []


@pytest.mark.parametrize("other", [replace(CLAUSE, voice="echo"), replace(CLAUSE, language="fr")])
def test_other_voices_and_languages_are_refused(hibari: Hibari, other: Clause) -> None:
    with pytest.raises(ValueError, match="it is alloy in en"):
        hibari.synthesize(other)
