"""Rarer signs in each language."""

from __future__ import annotations

from antiphon.dialogue.spoken.lexicon import SignWords

SIGNS = {
    "en": SignWords(
        bounds={"<": "less than", ">": "more than", "≤": "at most", "≥": "at least", "≈": "about"},
        loves={"i": "I love", "we": "we love", "you": "you love", "they": "they love"},
        disjunction="or",
        stars="star",
    ),
    "de": SignWords(
        bounds={"<": "weniger als", ">": "mehr als", "≤": "höchstens", "≥": "mindestens", "≈": "ungefähr"},
        loves={"ich": "ich liebe", "wir": "wir lieben"},
        disjunction="oder",
        stars="Sterne",
    ),
    "fr": SignWords(
        bounds={"<": "moins de", ">": "plus de", "≤": "au plus", "≥": "au moins", "≈": "environ"},
        loves={"je": "j'aime", "nous": "nous aimons", "on": "on aime"},
        disjunction="ou",
        stars="étoiles",
    ),
    "es": SignWords(
        bounds={"<": "menos de", ">": "más de", "≤": "como máximo", "≥": "al menos", "≈": "aproximadamente"},
        loves={"yo": "yo amo", "nosotros": "nosotros amamos"},
        disjunction="o",
        stars="estrellas",
    ),
    "it": SignWords(
        bounds={"<": "meno di", ">": "più di", "≤": "al massimo", "≥": "almeno", "≈": "circa"},
        loves={"io": "io amo", "noi": "noi amiamo"},
        disjunction="o",
        stars="stelle",
    ),
    "pt": SignWords(
        bounds={"<": "menos de", ">": "mais de", "≤": "no máximo", "≥": "pelo menos", "≈": "aproximadamente"},
        loves={"eu": "eu amo", "nós": "nós amamos"},
        disjunction="ou",
        stars="estrelas",
    ),
}
"""By ISO 639-1 code."""
