"""Word error rates: what is said counts, not how it is written."""

from __future__ import annotations

import pytest
from bench.word_errors import WordErrors, spoken_words, word_errors

from antiphon.dialogue.spoken.pronunciation import Pronouncer


@pytest.fixture(scope="module")
def pronouncer() -> Pronouncer:
    return Pronouncer()


@pytest.mark.parametrize(
    ("reference", "hypothesis", "language"),
    [
        ("It leaves at 10:30.", "it leaves at ten thirty", "en"),
        ("It leaves at 10:30.", "It leaves at 10.30.", "en"),
        ("Pi is 3.14.", "Pi is three point one four.", "en"),
        ("The U.S. signed.", "The US signed.", "en"),
        ("She paid $20 for it.", "She paid twenty dollars for it.", "en"),
        ("MISTER BROWN IS TWENTY-FIVE", "Mr. Brown is 25.", "en"),
        ("It's the dog’s bowl.", "its the dogs bowl", "en"),
        ("Le billet coûte 45 €.", "le billet coûte quarante-cinq euros", "fr"),
    ],
)
def test_ways_of_writing_the_same_words_are_no_errors(
    reference: str, hypothesis: str, language: str, pronouncer: Pronouncer
):
    assert word_errors(reference, hypothesis, language, pronouncer).errors == 0


@pytest.mark.parametrize(
    ("hypothesis", "errors"),
    [("the cat sat", 0), ("the hat sat", 1), ("the sat", 1), ("the black cat sat", 1), ("", 3)],
)
def test_wrong_missing_and_added_words_count_once_each(hypothesis: str, errors: int, pronouncer: Pronouncer):
    assert word_errors("The cat sat.", hypothesis, "en", pronouncer) == WordErrors(errors, 3)


def test_japanese_is_compared_by_characters(pronouncer: Pronouncer):
    assert spoken_words("成立 する。", "ja", pronouncer) == ["成", "立", "す", "る"]


def test_rates_are_of_all_words_together():
    assert (WordErrors(1, 10) + WordErrors(0, 30)).percent == 2.5


def test_no_words_have_no_errors():
    assert WordErrors().percent == 0.0
