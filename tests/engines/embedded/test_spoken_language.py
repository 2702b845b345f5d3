"""What is heard, weighed with what was to be expected."""

from __future__ import annotations

import pytest

from antiphon.engines.embedded.spoken_language import likeliest

SPOKEN = frozenset({"en", "fr", "de", "it", "pt", "es"})


def language(seconds: float, expected: str | None = None, **probabilities: float) -> str:
    return likeliest(probabilities, seconds=seconds, likely=SPOKEN, expected=expected)[0]


def test_a_few_words_are_rather_in_a_language_that_is_spoken_here():
    assert language(0.8, ro=0.6, en=0.1, it=0.05) == "en"
    assert language(1.5, he=0.5, fr=0.2, en=0.06) == "fr"


def test_a_word_is_rather_english_where_nothing_was_said_before():
    assert language(1.0, fr=0.29, en=0.19) == "en"
    assert language(1.0, "fr", fr=0.29, en=0.19) == "fr"
    assert language(1.0, "it", fr=0.29, en=0.19) == "fr"


def test_a_few_words_are_rather_in_the_language_spoken_before():
    assert language(0.8, "en", ro=0.9, en=0.02) == "en"
    assert language(1.2, "en", th=0.75, en=0.01, de=0.01) == "en"
    assert language(2.0, "es", it=0.6, es=0.2) == "es"


def chosen(possible: list[str], **probabilities: float) -> tuple[str, bool]:
    return likeliest(probabilities, seconds=4.0, likely=SPOKEN, expected=None, possible=possible)


def test_where_the_languages_are_known_it_is_one_of_them():
    assert chosen(["nl", "en"], de=0.9, nl=0.05, en=0.01)[0] == "nl"
    assert chosen(["en", "ro"], it=0.9, en=0.09, ro=0.01) == ("en", True)


def test_languages_that_the_recognizer_does_not_know_are_no_choice():
    assert chosen(["ia"], de=0.9, en=0.1) == ("de", True)


@pytest.mark.parametrize("expected", [None, "en", "de"])
def test_a_clear_sentence_in_any_language_is_what_it_is(expected: str | None):
    assert language(4.0, expected, nl=0.97, de=0.01, en=0.005) == "nl"
    assert language(5.0, expected, ja=0.99, en=0.001) == "ja"
    assert language(4.0, expected, fr=0.95, en=0.02, de=0.01) == "fr"


def test_the_longer_the_speech_the_less_counts_what_was_expected():
    heard = {"nl": 0.9, "en": 0.05}
    assert language(1.0, "en", **heard) == "en"
    assert language(8.0, "en", **heard) == "nl"


def test_a_language_without_a_voice_is_expected_once_it_was_spoken():
    assert language(1.0, "nl", nl=0.3, en=0.4, de=0.2) == "nl"


@pytest.mark.parametrize(
    ("probabilities", "expected", "is_certain"),
    [
        ({"en": 0.95, "de": 0.01}, None, True),
        ({"en": 0.6, "de": 0.3}, None, False),
        ({"en": 0.6, "de": 0.3}, "en", False),
        ({"ro": 0.85, "en": 0.1}, None, False),
        ({"ja": 0.99, "en": 0.001}, None, True),
    ],
)
def test_what_is_certain_is_clearly_heard_and_likely(
    probabilities: dict[str, float], expected: str | None, is_certain: bool
):
    assert likeliest(probabilities, seconds=2.0, likely=SPOKEN, expected=expected)[1] == is_certain
