"""What can be heard in a recording besides its words, in plain words with the measurements behind them."""

from __future__ import annotations

import math
import re

from antiphon.audio.acoustics import Acoustics, Pitch
from antiphon.dialogue.hearing import Utterance

LANGUAGE_NAMES = {
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "it": "Italian",
    "pt": "Portuguese",
}

_SLOW_WORDS_A_MINUTE = 110
_FAST_WORDS_A_MINUTE = 180
_LOW_HZ = 145
"""Most men's voices lie below this, most women's above the next; between them, a voice may be either."""
_HIGH_HZ = 175
_MONOTONOUS_SEMITONES = 5
_LIVELY_SEMITONES = 10
_QUIET_DBFS = -35
_LOUD_DBFS = -15
_NOISY_DB = 12
_CLEAN_DB = 25
_OVERDRIVEN_FRACTION = 0.001


_SOUND = re.compile(
    r"\b(voices?|sounds?|accent|tone|pitch|loud|noise|recordings?|audio|speech|speakers?|speaking|accents?|emotions?|mood|voix|son|bruit|enregistrement|voce|suono|rumore|"
    r"registrazione|voz|sonido|som|ruido|ruído|grabación|gravação|stimme|klang|klinge|geräusch|aufnahme)\b",
    re.IGNORECASE,
)


def asks_about_sound(text: str) -> bool:
    """Whether somebody may be talking about how something sounds."""
    return _SOUND.search(text) is not None


def describe(utterance: Utterance) -> str:
    """One line, such as "English; 5.1 seconds, at a normal pace of 150 words a minute, with 1 pause; …"."""
    sound = utterance.acoustics
    parts = [_language(utterance.language), _time(utterance.text, sound)]
    if sound.pitch is not None:
        parts.append(_voice(sound.pitch))
    parts.append(_level(sound))
    return "; ".join(parts)


def _language(code: str) -> str:
    return LANGUAGE_NAMES.get(code, f"language {code}")


def _time(text: str, sound: Acoustics) -> str:
    length = f"{sound.seconds:.1f} seconds"
    words = len(text.split())
    if words < 3 or sound.speech_seconds < 1:
        return length
    pace = round(words / sound.speech_seconds * 60)
    manner = "slow" if pace < _SLOW_WORDS_A_MINUTE else "fast" if pace > _FAST_WORDS_A_MINUTE else "normal"
    pauses = "no pauses" if not sound.pauses else f"{sound.pauses} {'pause' if sound.pauses == 1 else 'pauses'}"
    return f"{length}, at a {manner} pace of {pace} words a minute, with {pauses}"


def _voice(pitch: Pitch) -> str:
    height = "low" if pitch.median_hz < _LOW_HZ else "high" if pitch.median_hz > _HIGH_HZ else "medium"
    semitones = 12 * math.log2(pitch.high_hz / pitch.low_hz)
    melody = (
        "monotonous" if semitones < _MONOTONOUS_SEMITONES else "lively" if semitones > _LIVELY_SEMITONES else "even"
    )
    return f"a {height}-pitched voice of {pitch.median_hz:.0f} hertz with {melody} intonation"


def _level(sound: Acoustics) -> str:
    parts: list[str] = []
    if (level := sound.speech_level_dbfs) is not None:
        parts.append("quiet" if level < _QUIET_DBFS else "loud" if level > _LOUD_DBFS else "of normal loudness")
    if (ratio := sound.signal_to_noise_db) is not None:
        parts.append(
            "noisy background"
            if ratio < _NOISY_DB
            else "clean background"
            if ratio > _CLEAN_DB
            else "some background noise"
        )
    if sound.clipped_fraction > _OVERDRIVEN_FRACTION:
        parts.append("overdriven")
    return ", ".join(parts)
