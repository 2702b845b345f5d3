"""What is said into a reply without meaning to end it: assent, nothing at all, or the reply's own words as an echo."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

_ASSENT = """
yes, yeah, yep, yup, yes yes, uh huh, mhm, mm, mmm, hm, hmm, mm hmm, ah, aha, oh, okay, ok, right, sure, exactly, true,
i see, got it, of course, great, good, nice, cool, all right, alright, indeed, i know, thanks, thank you,
oui, ouais, d'accord, bien sûr, voilà, exactement, ah bon, je vois, très bien, bien, merci,
sì, si, certo, va bene, bene, esatto, giusto, capito, ho capito, già, grazie,
ja, jap, genau, ach so, achso, okay gut, gut, richtig, klar, stimmt, verstehe, alles klar, danke,
sí, vale, claro, ya, exacto, cierto, de acuerdo, entiendo, ajá, muy bien, gracias,
sim, está bem, está bom, tá, tá bom, pois, pois é, exato, entendi, isso, aham, muito bem, obrigado, obrigada,
um, uh, er, euh, äh, ähm, eh
"""
"""In English, French, Italian, German, Spanish and Portuguese, with what people say while they think."""
_PHRASES = frozenset(tuple(phrase.split()) for phrase in re.sub(r"\s*\n", " ", _ASSENT).strip().split(", "))
_LONGEST_PHRASE = max(map(len, _PHRASES))
_MOST_WORDS = 4
"""Whoever says more than this wants to be heard."""
_LEAST_ECHO_WORDS = 4
"""Fewer of the reply's words may be a question about them."""
_ECHO_SHARE = 0.7
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def is_assent(words: str) -> bool:
    """Whether this only says "go on", or nothing."""
    said = _normalized(words)
    return len(said) <= _MOST_WORDS and _is_made_of_phrases(said)


def is_echo(words: str, *, reply: str, is_complete: bool = True) -> bool:
    """Whether most of this is what the reply says. While it is not complete, its first words suffice."""
    said, spoken = _normalized(words), _normalized(reply)
    if not said or (is_complete and len(said) < _LEAST_ECHO_WORDS):
        return False
    matcher = SequenceMatcher(None, said, spoken, autojunk=False)
    shared = sum(block.size for block in matcher.get_matching_blocks())
    return shared >= _ECHO_SHARE * len(said)


def asks(reply: str) -> bool:
    """Whether the reply asks something, so that assent is an answer."""
    return "?" in reply


def _normalized(words: str) -> Sequence[str]:
    return [word.replace("’", "'") for word in _WORD.findall(words.casefold())]


def _is_made_of_phrases(said: Sequence[str]) -> bool:
    if not said:
        return True
    lengths = range(1, min(_LONGEST_PHRASE, len(said)) + 1)
    return any(tuple(said[:length]) in _PHRASES and _is_made_of_phrases(said[length:]) for length in lengths)
