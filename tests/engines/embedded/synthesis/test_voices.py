"""Every voice name speaks every language."""

from __future__ import annotations

from itertools import product

import pytest

from antiphon.engines.embedded.synthesis.voices import LANGUAGES, PACKS, VOICES, speaking


@pytest.mark.parametrize(("voice", "language"), list(product(VOICES, sorted(LANGUAGES))))
def test_every_voice_speaks_every_language_with_known_packs(voice: str, language: str) -> None:
    blend = speaking(voice, language).blend
    assert set(blend) <= PACKS
    assert sum(blend.values()) == pytest.approx(1.0)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_no_two_voices_sound_the_same(language: str) -> None:
    blends = [tuple(sorted(speaking(voice, language).blend.items())) for voice in VOICES]
    assert len(set(blends)) == len(VOICES)


def test_english_is_spoken_in_the_voices_own_pack_alone() -> None:
    assert speaking("alloy", "en").blend == {"af_heart": 1.0}


def test_a_british_voice_reads_british_english() -> None:
    assert (speaking("sage", "en").dialect, speaking("alloy", "en").dialect) == ("en-gb", "en-us")


def test_a_man_stays_a_man_in_italian() -> None:
    assert "im_nicola" in speaking("onyx", "it").blend


def test_an_unknown_voice_is_named_in_the_error() -> None:
    with pytest.raises(ValueError, match=r"no voice 'robot'.*alloy"):
        speaking("robot", "en")


def test_an_unknown_language_is_named_in_the_error() -> None:
    with pytest.raises(ValueError, match=r"No voice speaks 'tlh'.*pt"):
        speaking("alloy", "tlh")
