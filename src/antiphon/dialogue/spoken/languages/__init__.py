"""How numbers, dates, sums, abbreviations and signs are said. Data only.

One file per language; counts, durations, formulas, fractions, identifiers and rarer signs have a file each, with all
languages side by side.
"""

from antiphon.dialogue.spoken.languages.de import GERMAN
from antiphon.dialogue.spoken.languages.en import ENGLISH
from antiphon.dialogue.spoken.languages.es import SPANISH
from antiphon.dialogue.spoken.languages.fr import FRENCH
from antiphon.dialogue.spoken.languages.it import ITALIAN
from antiphon.dialogue.spoken.languages.pt import PORTUGUESE

LEXICONS = {"en": ENGLISH, "fr": FRENCH, "it": ITALIAN, "es": SPANISH, "pt": PORTUGUESE, "de": GERMAN}
"""By ISO 639-1 code."""
