"""German in phonemes that Kokoro can say, though it was not trained on German.

eSpeak's output is mapped to the nearest sounds in the languages that Kokoro knows. Each choice is the one that a
recognizer understood best.
"""

from __future__ import annotations

import re

_VOWELS = "aeiouyøœɐɑəɛɜɪɔʊʏ"

_NEAREST_SOUNDS = {
    "ɔ^ø": "Y",  # heute: the diphthong of boy
    "ʊ^ɐ": "ʊɐ",
    "ɑː": "aː",
    "nk": "ŋk",
    "ɜ": "ɐ",  # Mutter
    "ʏ": "y",  # fünf
    "r": "ɾ",
}

_R_AFTER_VOWEL = re.compile(f"ɾ(?![ˈˌ]?[{_VOWELS}])")
"""The r of "vier" and "morgen", which is spoken as a vowel. Others are tapped: a uvular r is understood less often."""


def nearest_sounds(ipa: str) -> str:
    """German IPA from eSpeak, with ties, in sounds that Kokoro knows."""
    for sound, nearest in _NEAREST_SOUNDS.items():
        ipa = ipa.replace(sound, nearest)
    return _R_AFTER_VOWEL.sub("ɐ", ipa)
