"""Identifies the language of a text, however short."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from types import MappingProxyType

from lingua import IsoCode639_1, Language, LanguageDetectorBuilder

_COMMON_WORDS = MappingProxyType({
    "en": "the a an of to and in is are was were i you he she it we they my your what who where when how why which do "
    "does did can could would will that this there with for on at from not no yes hello hi hey thanks thank "
    "please good have has had but if about tell me sorry bye great sure be been as by or so just like know means "
    "word let one first only some many more people called named born made built used time year also certainly "
    "here its",
    "fr": "le la les un une des du de et est sont je tu il elle nous vous ils elles on mon ma mes ton ta ses ce cette "
    "ces que qui quoi où quand comment pourquoi quel quelle dans sur avec pour par pas ne oui non bonjour bonsoir "
    "salut merci bien très plus mais si s'il plaît c'est d'accord au aux en à ça va suis es êtes avez ai a revoir "
    "peux peut voici voilà aujourd'hui été fait",
    "it": "il lo la i gli le un uno una di del della dei delle e è sono io tu lui lei noi voi loro mio mia tuo che chi "
    "cosa dove quando come perché quale in nel nella con per su da al alla non no sì si ciao grazie prego "
    "buongiorno buonasera bene molto più ma se hai ho ha sei stai sta anche questo questa quanto puoi può salve "
    "scusa certo oggi ora essere stato",
    "es": "el la los las un una unos de del y es son está están yo tú él ella nosotros ellos mi tu su que qué quién "
    "dónde cuándo cómo por para porque cuál en con al no sí hola gracias favor buenos buenas días tardes noches "
    "muy más pero si adiós lo le se me te hay tiene tengo eres estás soy también esto esta este puedes puede "
    "cuánto vale dime cuéntame claro siempre hoy ahora tal ser",
    "pt": "o a os as um uma de do da dos das e é são está estão eu tu ele ela nós você vocês eles meu minha seu sua "
    "que quem onde quando como porque por qual em no na nos com para ao à não sim olá oi obrigado obrigada bom boa "
    "dia tarde noite muito mais mas se tudo bem isso isto esta este pode há tem tenho sou também quanto fala "
    "tchau favor tal claro certo hoje agora ser foi",
    "de": "der die das den dem des ein eine einen einem und ist sind war ich du er sie es wir ihr mein dein was wer wo "
    "wann wie warum welche in im mit für auf an von zu zum nicht nein ja hallo guten tag morgen abend danke bitte "
    "gut sehr mehr aber wenn ob auch noch schon kann können hast habe hat bist bin tschüss dass kannst mir uns "
    "heißt geht natürlich heute jetzt wurde werden gern um ab",
    "nl": "de het een en van ik je jij hij zij wij jullie is zijn was wat wie waar wanneer hoe waarom met voor op aan "
    "niet nee ja hallo dank bedankt goed heel meer maar als ook nog kan hebben heb heeft bent ben dat deze dit "
    "naar alsjeblieft gaat mij ons mijn jouw te om",
})  # fmt: skip
"""The words that give a short text away: function words and greetings."""

_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\u1100-\u11ff\uac00-\ud7af]")),
    ("zh", re.compile("[\u3400-\u9fff]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("hi", re.compile("[\u0900-\u097f]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
)
"""Scripts that identify a language, or stand for all written in them. Japanese also uses Chinese characters."""

_TELLING_LETTERS = MappingProxyType({"es": "¿¡ñ", "pt": "ãõ", "de": "ßä", "fr": "œèùûîë", "it": "ìò"})
_OTHER_LATIN = (
    Language.POLISH,
    Language.SWEDISH,
    Language.TURKISH,
    Language.CZECH,
    Language.FINNISH,
    Language.HUNGARIAN,
)

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_QUOTED = re.compile(r"(?<!\w)(?:\"[^\"]{1,80}\"|'[^']{1,80}'|“[^”]{1,80}”|‘[^’]{1,80}’|«[^»]{1,80}»)(?!\w)")
_LONGEST_TEXT = 1000
"""Characters to examine."""

_WEIGHT_OF_WORD = 1.6
_WEIGHT_OF_LETTER = 1.5
_WEIGHT_OF_PRIOR = 1.2
_LEAST_LIKELIHOOD = 0.02
_OTHERS_HANDICAP = 1.0


class LanguageIdentifier:
    """Weighs letter sequences (lingua), common words, distinctive letters and the language spoken so far."""

    def __init__(self) -> None:
        """Load the letter statistics: 0.1 s, 30 MB."""
        codes = [getattr(IsoCode639_1, code.upper()) for code in _COMMON_WORDS]
        languages = [Language.from_iso_code_639_1(code) for code in codes]
        builder = LanguageDetectorBuilder.from_languages(*languages, *_OTHER_LATIN)
        self._detector = builder.with_low_accuracy_mode().with_preloaded_language_models().build()
        self._common_words = {language: frozenset(words.split()) for language, words in _COMMON_WORDS.items()}

    def identify(self, text: str, *, prior: str | None = None) -> str:
        """Return the ISO 639-1 code of the text's language.

        `prior` is the language of the conversation so far; it settles texts that are undecided ("OK", "12"). Without
        it, English wins.
        """
        likelihoods = self.likelihoods(text, prior=prior)
        return max(likelihoods, key=lambda language: likelihoods[language])

    def likelihoods(self, text: str, *, prior: str | None = None) -> Mapping[str, float]:
        """Return how likely each language is (0 to 1, together 1), by ISO 639-1 code."""
        text = _without_quotations(text[:_LONGEST_TEXT])
        if (language := _language_of_script(text)) is not None:
            return {language: 1.0}
        words = [word.lower().replace("’", "'") for word in _WORD.findall(text)]
        scores = dict.fromkeys([*self._common_words, prior or "en"], 0.0)
        scores["en"] += 0.1
        if prior is not None:
            scores[prior] += _WEIGHT_OF_PRIOR
        if words:
            self._weigh_letters(text, scores, prior)
            self._weigh_words(words, scores)
        greatest = max(scores.values())
        odds = {language: math.exp(score - greatest) for language, score in scores.items()}
        return {language: each / sum(odds.values()) for language, each in odds.items()}

    def _weigh_letters(self, text: str, scores: dict[str, float], prior: str | None) -> None:
        """A name may come from anywhere. Letters count for a new language only as much as they do both with and without
        possible names, but for the previous language as much as they do in either case."""
        with_names, without = self._letters(text), self._letters(_without_names(text))
        for code in with_names.keys() | without.keys():
            choose = max if code == prior else min
            scores[code] = scores.get(code, 0.0) + choose(with_names.get(code, 0.0), without.get(code, 0.0))
        for language, letters in _TELLING_LETTERS.items():
            scores[language] += _WEIGHT_OF_LETTER * any(letter in letters for letter in text.lower())

    def _letters(self, text: str) -> Mapping[str, float]:
        words = len(_WORD.findall(text))
        scores: dict[str, float] = {}
        for confidence in self._detector.compute_language_confidence_values(text):
            code = confidence.language.iso_code_639_1.name.lower()
            handicap = 0.0 if code in self._common_words else _OTHERS_HANDICAP
            likelihood = math.log(max(confidence.value, _LEAST_LIKELIHOOD))
            scores[code] = likelihood * min(1.0, 0.4 + 0.1 * words) - handicap
        return scores

    def _weigh_words(self, words: list[str], scores: dict[str, float]) -> None:
        for word in words:
            owners = [language for language, common in self._common_words.items() if word in common]
            for language in owners:
                scores[language] += _WEIGHT_OF_WORD / len(owners) ** 0.5


def _without_quotations(text: str) -> str:
    """Leave out what is quoted, as in "What does 'bonjour' mean?", unless hardly anything else is said."""
    rest = _QUOTED.sub(" ", text)
    return rest if len(_WORD.findall(rest)) >= 2 else text


def _without_names(text: str) -> str:
    return " ".join(word for word in _WORD.findall(text) if word[0].islower())


def _language_of_script(text: str) -> str | None:
    letters = sum(character.isalpha() for character in text)
    counts = {language: len(pattern.findall(text)) for language, pattern in _SCRIPTS}
    if counts["ja"]:
        counts["ja"] += counts["zh"]
    language = max(counts, key=lambda each: counts[each])
    return language if counts[language] * 2 > letters else None
