"""Phonemes in Kokoro's alphabet, by dialect."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import TypeAlias

from hibari.g2p import G2P

from antiphon.engines.embedded.synthesis import german
from antiphon.engines.embedded.synthesis.espeak import Espeak
from antiphon.engines.interfaces import Clause

Phonemizer: TypeAlias = Callable[[str], str]
"""Turns words into phonemes. Punctuation is kept: it shapes the melody."""


def phonemizers(espeak: Espeak) -> Mapping[str, Phonemizer]:
    """A phonemizer for each dialect that `voices` may ask for."""
    return {
        "en-us": english(british=False),
        "en-gb": english(british=True),
        "fr": _FromEspeak(espeak, "fr"),
        "it": _FromEspeak(espeak, "it"),
        "es": _FromEspeak(espeak, "es"),
        "pt-br": _FromEspeak(espeak, "pt-br"),
        "de": _FromEspeak(espeak, "de", german.nearest_sounds),
    }


def clause_phonemes(clause: Clause, phonemizer: Phonemizer) -> str:
    """What a clause sounds like: as its words do, except where its sounds are laid down."""
    phonemes, position = "", 0
    for sounds in clause.sounds:
        phonemes += _spaced(phonemizer, clause.text[position : sounds.start]) + from_ipa(sounds.ipa)
        position = sounds.end
    return phonemes + _spaced(phonemizer, clause.text[position:])


def _spaced(phonemizer: Phonemizer, text: str) -> str:
    """With the spaces around it, which phonemizers take for nothing."""
    if not text.strip():
        return text[:1]
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return before + phonemizer(text) + after


def from_ipa(written: str) -> str:
    """Kokoro's letters for sounds in the International Phonetic Alphabet."""
    sounds = re.sub("[\u0361\u035c.\u203f]", "", unicodedata.normalize("NFD", written)).strip().replace("'", "ˈ")
    for each, letter in _IPA_OF_ONE_LETTER.items():
        sounds = sounds.replace(each, letter)
    return sounds


def english(*, british: bool) -> Phonemizer:
    """English, from a pronouncing dictionary and a small network for words that are not in it."""
    to_phonemes = G2P(british=british)
    return lambda text: to_phonemes(" ".join(text.split()))


_PUNCTUATION = re.compile(r"""(\s*[;:,.!?¿¡—–…"“”«»()]+\s*)""")

_MARKS = str.maketrans({"«": "“", "»": "”", "–": "—", "¿": None, "¡": None})

_ONE_LETTER_SOUNDS = {
    "a^ɪ": "I",
    "a^ʊ": "W",
    "d^z": "ʣ",
    "d^ʒ": "ʤ",
    "e^ɪ": "A",
    "o^ʊ": "O",
    "ə^ʊ": "Q",
    "s^s": "S",
    "t^s": "ʦ",
    "t^ʃ": "ʧ",
    "ɔ^ɪ": "Y",
    "^": "",
    "-": "",
}
"""Kokoro has a single letter for each diphthong and affricate, and does not know other ties or eSpeak's hyphens."""

_IPA_OF_ONE_LETTER = {
    "dʒ": "ʤ",
    "dz": "ʣ",
    "tʃ": "ʧ",
    "ts": "ʦ",
    "aɪ": "I",
    "aʊ": "W",
    "eɪ": "A",
    "oʊ": "O",
    "əʊ": "Q",
    "ɔɪ": "Y",
    "g": "ɡ",
    "c\u0327": "ç",
}
"""What people write for these, with or without ties."""

_LANGUAGE_SWITCH = re.compile(r"\([a-z^-]+\)")
"""How eSpeak marks a word of another language: (e^n)wˈiːkɛnd(fr)."""


class _FromEspeak:
    """eSpeak reads only the words between punctuation, which it would drop; its IPA is rewritten for Kokoro."""

    def __init__(self, espeak: Espeak, voice: str, adapt: Callable[[str], str] = str) -> None:
        self._espeak = espeak
        self._voice = voice
        self._adapt = adapt

    def __call__(self, text: str) -> str:
        words_and_marks = _PUNCTUATION.split(text.replace("’", "'"))
        for index, piece in enumerate(words_and_marks):
            is_punctuation = index % 2 == 1
            words_and_marks[index] = _marks(piece) if is_punctuation else self._phonemes(piece)
        return "".join(words_and_marks).strip()

    def _phonemes(self, words: str) -> str:
        if not any(character.isalnum() for character in words):
            return ""
        ipa = self._adapt(_LANGUAGE_SWITCH.sub("", self._espeak.phonemes(words, self._voice)))
        for sound, letter in _ONE_LETTER_SOUNDS.items():
            ipa = ipa.replace(sound, letter)
        return ipa


def _marks(piece: str) -> str:
    """Punctuation for Kokoro: without «¿» and «¡», and with at most one space on each side."""
    marks = re.sub(r"\s+", " ", piece.translate(_MARKS))
    return re.sub(r"^ (?=[;:!?])", "", marks)  # French puts a space before these.
