"""Who speaks under each of OpenAI's voice names, in each language: Kokoro's style packs and how they are blended.

Every name exists in every language. For languages other than English, Kokoro has at most one woman and one man: alloy
is the woman unchanged, and the other names' English packs are blended into her or him, so that the names differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

Blend: TypeAlias = Mapping[str, float]
"""Style packs by name, with weights that add up to one."""

VOICES: Mapping[str, str] = {
    "alloy": "af_heart",
    "ash": "am_michael",
    "ballad": "bm_george",
    "cedar": "am_fenrir",
    "coral": "af_sarah",
    "echo": "am_echo",
    "fable": "bm_fable",
    "marin": "af_kore",
    "nova": "af_nova",
    "onyx": "am_onyx",
    "sage": "bf_emma",
    "shimmer": "af_alloy",
    "verse": "am_puck",
}
"""The English pack of each voice. A pack's first letter is its accent (a American, b British), its second its sex."""
WOMEN = tuple(voice for voice, pack in VOICES.items() if pack[1] == "f")
MEN = tuple(voice for voice, pack in VOICES.items() if pack[1] == "m")


_UNCOLOURED = "alloy"


@dataclass(frozen=True, slots=True)
class _Native:
    """A language's pack and its share of a blend. The rest is the English pack; the larger that is, the more is
    misheard."""

    pack: str
    weight: float = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class _Language:
    """Who speaks a language, and how it is written in phonemes."""

    dialect: str
    woman: _Native
    man: _Native


_LANGUAGES: Mapping[str, _Language] = {
    # French has only a woman: with less of her, men sound like men.
    "fr": _Language(dialect="fr", woman=_Native("ff_siwis"), man=_Native("ff_siwis", 0.5)),
    "it": _Language(dialect="it", woman=_Native("if_sara"), man=_Native("im_nicola")),
    "es": _Language(dialect="es", woman=_Native("ef_dora"), man=_Native("em_alex")),
    "pt": _Language(dialect="pt-br", woman=_Native("pf_dora"), man=_Native("pm_alex")),
    # German has neither; of all packs, these are understood best.
    "de": _Language(dialect="de", woman=_Native("ef_dora", 0.85), man=_Native("pm_alex", 0.85)),
}

LANGUAGES = frozenset({"en", *_LANGUAGES})
"""ISO 639-1."""

PACKS = frozenset(VOICES.values()) | {
    native.pack for language in _LANGUAGES.values() for native in (language.woman, language.man)
}
"""Every style pack that any voice needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakingVoice:
    """A voice in one language: how its words become phonemes, and the style they are spoken in."""

    dialect: str
    """en-us, en-gb, fr, it, es, pt-br or de."""
    blend: Blend


def speaking(voice: str, language: str) -> SpeakingVoice:
    """The voice of that name in that language (ISO 639-1).

    Raises `ValueError` for unknown names or languages.
    """
    if voice not in VOICES:
        raise ValueError(f"There is no voice {voice!r}. Voices: {', '.join(VOICES)}.")
    if language not in LANGUAGES:
        raise ValueError(f"No voice speaks {language!r}. Languages: {', '.join(sorted(LANGUAGES))}.")
    english = VOICES[voice]
    accent, sex = english[0], english[1]
    if language == "en":
        return SpeakingVoice(dialect="en-gb" if accent == "b" else "en-us", blend={english: 1.0})
    spoken = _LANGUAGES[language]
    native = spoken.woman if sex == "f" else spoken.man
    weight = 1.0 if voice == _UNCOLOURED else native.weight
    return SpeakingVoice(dialect=spoken.dialect, blend={native.pack: weight, english: 1.0 - weight})
