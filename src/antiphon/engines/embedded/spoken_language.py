"""Which language something was said in: what a recognizer hears, weighted by what was to be expected."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Set

_BRIEF_SECONDS = 3.0
"""Up to this length, a recognizer often mistakes the language, going by a few words or half a word. The longer the
speech, the more often it is right, and the less expectations count."""
_EXPECTED = 10.0
"""How many times likelier the previously spoken language is than any other."""
_UNDECIDED = {"en": 2.0}
"""The same factor where no language was spoken before: in a word or two, Whisper hears French and Portuguese too."""
_UNLIKELY = 0.03
"""The same factor for languages that no voice here speaks. Whisper hears one of its hundred in anything it does not
understand; somebody who really speaks one is recognized clearly within a sentence.

Of 269 whole utterances in six languages, 14 are taken for another language without these factors, seven of them for one
that no voice speaks; with them, 7 and one. Of 143 beginnings of 0.8 to 2.5 s in English, 18 and 7; of 438 in five other
languages, 136 and 124, nearly all of them for one of the six. If their own language is expected, these become 1 and 71;
if English is expected for the five, 172: changing the language takes a sentence."""

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
        if language == expected:
            return _EXPECTED**weight
        if language not in likely:
            return _UNLIKELY**weight
        return _UNDECIDED.get(language, 1.0) ** weight if expected is None and not possible else 1.0

    odds = {language: probability * prior(language) for language, probability in probabilities.items()}
    language = max(odds, key=lambda each: odds[each])
    certainty = min(probabilities[language], odds[language] / sum(odds.values()))
    return language, certainty >= _CERTAIN
