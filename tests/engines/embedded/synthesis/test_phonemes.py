"""Text in Kokoro's phonemes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from antiphon.engines.embedded.synthesis.espeak import Espeak
from antiphon.engines.embedded.synthesis.german import nearest_sounds
from antiphon.engines.embedded.synthesis.phonemes import Phonemizer, clause_phonemes, from_ipa, phonemizers
from antiphon.engines.interfaces import Clause, Sounds


@pytest.fixture(scope="module")
def dialects() -> Iterator[Mapping[str, Phonemizer]]:
    espeak = Espeak()
    yield phonemizers(espeak)
    espeak.close()


def test_english_keeps_its_punctuation(dialects: Mapping[str, Phonemizer]) -> None:
    assert dialects["en-us"]("Hello, world!") == "həlˈO, wˈɜɹld!"


def test_british_and_american_differ(dialects: Mapping[str, Phonemizer]) -> None:
    assert dialects["en-gb"]("water") != dialects["en-us"]("water")


def test_punctuation_inside_a_foreign_clause_stays_in_its_place(dialects: Mapping[str, Phonemizer]) -> None:
    first, second = dialects["it"]("Ciao, come stai?").split(", ")
    assert (first, second[-1]) == ("ʧˈao", "?")


def test_french_loses_the_space_before_a_question_mark(dialects: Mapping[str, Phonemizer]) -> None:
    assert dialects["fr"]("Ça va ?").endswith("a?")


def test_spanish_loses_its_inverted_marks(dialects: Mapping[str, Phonemizer]) -> None:
    assert "¿" not in dialects["es"]("¿Qué tal?")


def test_guillemets_become_quotes(dialects: Mapping[str, Phonemizer]) -> None:
    phonemes = dialects["fr"]("Il dit « oui ».")
    assert "“" in phonemes
    assert "”" in phonemes


def test_a_word_of_another_language_leaves_no_mark_of_the_switch(dialects: Mapping[str, Phonemizer]) -> None:
    assert dialects["fr"]("le weekend") == "lə wiːkˈɛnd"


@pytest.mark.parametrize("dialect", ["en-us", "en-gb", "fr", "it", "es", "pt-br", "de"])
def test_nothing_to_say_has_no_letters(dialects: Mapping[str, Phonemizer], dialect: str) -> None:
    assert not any(character.isalpha() for character in dialects[dialect](" … —  "))


@pytest.mark.parametrize("dialect", ["fr", "it", "es", "pt-br", "de"])
def test_no_tie_is_left(dialects: Mapping[str, Phonemizer], dialect: str) -> None:
    assert "^" not in dialects[dialect]("Laut, dieci, heute, pizza, tchau, peine.")


def test_a_german_r_behind_a_vowel_is_a_vowel() -> None:
    assert nearest_sounds("vˈiːɾ mˈɔɾɡən") == "vˈiːɐ mˈɔɐɡən"


def test_a_german_r_before_a_vowel_is_tapped() -> None:
    assert nearest_sounds("dɾˈa^ɪ") == "dɾˈa^ɪ"


def test_sounds_that_are_laid_down_take_the_place_of_the_word(dialects: Mapping[str, Phonemizer]) -> None:
    text = "You say tomato, I say potato."
    sounds = (Sounds(start=8, end=14, ipa="təˈmɑːtəʊ"), Sounds(start=22, end=28, ipa="pəˈtɑː"))
    clause = Clause(text=text, language="en", voice="alloy", sounds=sounds)
    assert clause_phonemes(clause, dialects["en-us"]) == "jˌu sˈA təˈmɑːtQ, ˌI sˈA pəˈtɑː."


@pytest.mark.parametrize(
    ("written", "letters"),
    [
        ("t͡ʃiːz", "ʧiːz"),
        ("dʒoʊ", "ʤO"),
        ("ɡeɪt", "ɡAt"),
        ("gəʊ", "ɡQ"),
        ("mõ", "mo\u0303"),
        ("iç", "iç"),
        ("'eks.pɔ", "ˈekspɔ"),
    ],
)
def test_the_phonetic_alphabet_becomes_kokoros_letters(written: str, letters: str) -> None:
    assert from_ipa(written) == letters
