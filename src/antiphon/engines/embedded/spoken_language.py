"""Which language something was said in: what a recognizer hears, weighted by what was to be expected."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Set

_BRIEF_SECONDS = 3.0
"""Up to this length, a recognizer often mistakes the language, going by a few words or half a word. The longer the
speech, the more often it is right, and the less expectations count."""
_EXPECTED = 10.0
"""How many times likelier the previously spoken language is than any other."""
_UNLIKELY = 0.1
"""The same factor for languages that no voice here speaks. Whisper hears one of its hundred in anything it does not
understand; somebody who really speaks one is recognized clearly within a sentence.

Of 396 stretches of 0.8 to 2.5 s in English, 41 are taken for another language without these factors and 21 with them;
of 579 in five other languages, 174 and 144. If their own language is expected, these become none and 65; if English is
expected for the five, 224: changing the language takes a sentence."""

_CERTAIN = 0.8
"""The probability from which a language is kept for the rest of the utterance."""


def likeliest(
    probabilities: Mapping[str, float],
    *,
    seconds: float,
    likely: Set[str],
    expected: str | None,
    possible: Collection[str] = (),
) -> tuple[str, bool]:
    """The language (ISO 639-1) of `seconds` of speech, and whether it is certain to hold for the rest.

    `probabilities` are a recognizer's; `likely` holds the more usual languages, and `expected` is the one spoken
    before. `possible`, unless it is empty, has the only ones to choose from, as far as the recognizer knows them.
    """
    chosen = {language: each for language, each in probabilities.items() if language in possible}
    if any(chosen.values()):
        whole = sum(chosen.values())
        probabilities, likely = {language: each / whole for language, each in chosen.items()}, chosen.keys()
    weight = min(1.0, _BRIEF_SECONDS / seconds) if seconds else 1.0

    def prior(language: str) -> float:
        return (_EXPECTED if language == expected else 1.0 if language in likely else _UNLIKELY) ** weight

    odds = {language: probability * prior(language) for language, probability in probabilities.items()}
    language = max(odds, key=lambda each: odds[each])
    certainty = min(probabilities[language], odds[language] / sum(odds.values()))
    return language, certainty >= _CERTAIN
