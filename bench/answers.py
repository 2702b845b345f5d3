"""Answers: whether the language model says the right thing to everyday requests, in the right language, and briefly."""

from __future__ import annotations

import datetime
import re
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from antiphon.compose.profiles import Engines
from antiphon.dialogue.language import LanguageIdentifier
from antiphon.dialogue.prompt import Heard, write_prompt
from antiphon.dialogue.reply import ReplyRequest, Turn, Voice
from antiphon.engines.interfaces import Sampling, TextDelta
from bench.results import Result, overall

_REQUESTS = Path(__file__).with_name("answers.toml")
_MOST_TOKENS = 80
_MOST_WORDS = 45
_MOST_REPEATED_WORDS = 5
_TARGET_PERCENT = 80.0
_WEEKDAYS = {
    "en": "monday tuesday wednesday thursday friday saturday sunday",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "it": "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    "de": "montag dienstag mittwoch donnerstag freitag samstag|sonnabend sonntag",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "pt": "segunda terça quarta quinta sexta sábado domingo",
}
_CANNOT = re.compile(
    r"can't|cannot|can not|unable|not able|don't have|je ne peux pas|ne suis pas|pas capable|impossible|non posso|"
    r"non sono in grado|non ho|kann ich (leider )?nicht|kann (leider )?(kein|nicht)|ich kann .*(nicht|kein)|"
    r"keinen zugriff|"
    r"no puedo|no tengo|não posso|não consigo|não tenho|não sou capaz",
    re.IGNORECASE,
)
_UNCLEAR = re.compile(
    r"understand|sorry|repeat|rephrase|clarif|mean|comprend|compris|répét|reformul|clair|précis|capi|ripet|chiar|"
    r"versteh|verstand|wiederhol|entschuldig|meinst|meinen|entiend|entend|repet|aclarar|clar|expli",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"[*#`]|^\s*[-•\d]+[.)]?\s", re.MULTILINE)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    language: str
    says: str
    right: Sequence[str] = ()
    """Regular expressions, each of which the answer contains."""
    cannot: bool = False
    unclear: bool = False


async def measure(engines: Engines, *, quick: bool) -> list[Result]:
    """Ask everything once, without chance, and print what is wrong."""
    languages = LanguageIdentifier()
    requests = _read()[:: 3 if quick else 1]
    faults = [(request, *await _ask(engines, languages, request)) for request in requests]
    for request, answer, wrong in faults:
        if wrong:
            print(f"{request.language}: {request.says} -> {answer!r}: {', '.join(wrong)}", file=sys.stderr)
    count = len(requests)
    kinds = ("wrong", "in another language", "repeats the question", "too long", "with markup")
    flawless = sum(not wrong for *_, wrong in faults)
    return [
        overall("answers with a fault", "%", 100 * (count - flawless) / count, count, target=100 - _TARGET_PERCENT),
        *(overall(f"- {kind}", "%", 100 * sum(kind in wrong for *_, wrong in faults) / count, count) for kind in kinds),
    ]


def faults_of(request: Request, answer: str, language: str, today: datetime.date) -> Sequence[str]:
    """What is wrong with an answer that is in this language."""
    wrong = {
        "wrong": not _is_right(request, answer, today),
        "in another language": language != request.language,
        "repeats the question": _repeats(request.says, answer),
        "too long": len(answer.split()) > _MOST_WORDS,
        "with markup": bool(_MARKUP.search(answer)),
    }
    return [fault for fault, is_so in wrong.items() if is_so]


def _is_right(request: Request, answer: str, today: datetime.date) -> bool:
    if request.cannot:
        return bool(_CANNOT.search(answer.replace("’", "'")))
    if request.unclear:
        return bool(_UNCLEAR.search(answer))
    weekday = _WEEKDAYS[request.language].split()[today.weekday()]
    return all(re.search(each.replace("{weekday}", weekday), answer, re.IGNORECASE) for each in request.right)


def _repeats(question: str, answer: str) -> bool:
    """Whether so many words of the question follow each other in the answer."""
    asked, said = _WORD.findall(question.casefold()), _WORD.findall(answer.casefold())
    return SequenceMatcher(None, asked, said, autojunk=False).find_longest_match().size > _MOST_REPEATED_WORDS


async def _ask(engines: Engines, languages: LanguageIdentifier, request: Request) -> tuple[str, Sequence[str]]:
    asked = ReplyRequest(
        conversation=[Turn(role="user", parts=(request.says,))],
        voice=Voice(name="alloy"),
        sampling=Sampling(temperature=0.0, max_tokens=_MOST_TOKENS),
    )
    heard = Heard(utterances={}, language=request.language, language_before=request.language)
    today = datetime.date.today()
    generating = engines.language_model.generate(write_prompt(asked, heard, today=today))
    answer = "".join([piece.text async for piece in generating if isinstance(piece, TextDelta)]).strip()
    language = languages.identify(answer, prior=request.language)
    return answer, faults_of(request, answer, language, today)


def _read() -> Sequence[Request]:
    groups = tomllib.loads(_REQUESTS.read_text(encoding="utf-8"))["requests"]
    return [Request(language=group["language"], **each) for group in groups for each in group["requests"]]
