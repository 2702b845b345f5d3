"""Reads SSML, the W3C's markup for speech: the part of it that can be heard here.

The parser is expat's, which reads no files and fetches nothing. Documents with a DOCTYPE, and so with entities of their
own, are refused before it comes to these.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from xml.parsers import expat

from antiphon.dialogue.errors import InvalidSsml
from antiphon.dialogue.script import Script, Silence, Words
from antiphon.dialogue.speaking import FASTEST, SLOWEST

_MOST_DEPTH = 32
_LONGEST_BREAK = 20.0
_MOST_SILENCE = 120.0
"""Seconds of a document's breaks together: silence costs nothing to ask for."""
_BETWEEN_PARAGRAPHS = 0.4

_BREAKS = {"none": 0.0, "x-weak": 0.25, "weak": 0.5, "medium": 0.75, "strong": 1.0, "x-strong": 1.25}
_RATES = {"x-slow": 0.5, "slow": 0.7, "medium": 1.0, "default": 1.0, "fast": 1.4, "x-fast": 1.8}
_TIME = re.compile(r"\+?(\d{1,6}(?:\.\d{1,6})?)(ms|s)")
_RATE = re.compile(r"([+-]?)(\d{1,4}(?:\.\d{1,6})?)(%?)")
_DATE_ORDERS = {
    each: [{"d": "day", "m": "month", "y": "year"}[letter] for letter in each]
    for each in ("dmy", "mdy", "ymd", "md", "dm", "ym", "my", "y", "m", "d")
}
_SPELLED = frozenset({"characters", "spell-out", "verbatim", "digits", "telephone"})
_AS_WRITTEN = frozenset({"cardinal", "number", "time", "currency", "unit", "fraction", "duration", "address", "name"})
_SAY_AS = sorted(_SPELLED | _AS_WRITTEN | {"ordinal", "date"})
_ELEMENTS = ("break", "lang", "p", "phoneme", "prosody", "s", "say-as", "speak", "sub", "voice")


def is_ssml(text: str) -> bool:
    """Whether a text means to be SSML: whether its first element is `speak`."""
    return re.match(r"\s*(?:<\?xml\b[^>]*>\s*)?<(?:speak\b|!DOCTYPE\s+speak\b)", text) is not None


def read_ssml(text: str, *, voices: Collection[str], languages: Collection[str]) -> Script:
    """What a document says. `voices` and `languages` (ISO 639-1) are those there are.

    Raises `InvalidSsml`, which says where and why, for what is malformed, unknown, or cannot be heard.
    """
    return _Document(voices, languages).read(text)


@dataclass(slots=True)
class _Element:
    """An open element."""

    name: str
    manner: Words
    """How the words in it are said; they have no text yet."""
    replaced_by: Words | None = None
    """What is said in place of its words."""
    rewrite: Callable[[str], str] | None = None
    """What becomes of its words, all of them together."""
    written: list[str] = field(default_factory=list[str])
    """Its words, if all of them are needed first."""


class _Document:
    def __init__(self, voices: Collection[str], languages: Collection[str]) -> None:
        self._voices = voices
        self._languages = languages
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._take
        self._open: list[_Element] = []
        self._script: list[Words | Silence] = []
        self._silence = 0.0

    def read(self, text: str) -> Script:
        try:
            self._parser.Parse(text, True)
        except expat.ExpatError as error:
            raise InvalidSsml(expat.ErrorString(error.code), line=error.lineno, column=error.offset + 1) from error
        except UnicodeEncodeError as error:
            raise InvalidSsml("it has a character that is none", line=1, column=1) from error
        return self._script

    # --- what the parser finds ----------------------------------------------------------------------------------------

    def _refuse_doctype(self, *_: object) -> None:
        raise self._invalid("documents with a DOCTYPE are not accepted; remove it, and write characters for entities")

    def _start(self, name: str, given: Mapping[str, str]) -> None:
        if name not in _ELEMENTS:
            raise self._invalid(f"the element <{name[:32]}> is not supported; there are: {', '.join(_ELEMENTS)}")
        if (name == "speak") != (not self._open):
            raise self._invalid("<speak> is the outermost element, and no other")
        if len(self._open) >= _MOST_DEPTH:
            raise self._invalid(f"elements are nested more than {_MOST_DEPTH} deep")
        if self._open and self._open[-1].name in ("break", "phoneme", "say-as", "sub"):
            raise self._invalid(f"<{self._open[-1].name}> can have no elements in it")
        manner = self._open[-1].manner if self._open else Words(text="")
        element = _Element(name, manner)
        if "xml:lang" in given:
            element.manner = replace(manner, language=self._language(given["xml:lang"]))
        self._read_attributes(element, given)
        if name in ("p", "s"):
            self._pause(0.0)
        self._open.append(element)

    def _end(self, name: str) -> None:
        element = self._open.pop()
        if element.rewrite is not None:
            self._say(replace(element.manner, text=element.rewrite("".join(element.written))))
        elif element.replaced_by is not None:
            self._say(element.replaced_by)
        if name in ("p", "s"):
            self._pause(_BETWEEN_PARAGRAPHS if name == "p" else 0.0)

    def _take(self, text: str) -> None:
        element = self._open[-1]
        if element.name == "break" and text.strip():
            raise self._invalid("<break> can have no words in it")
        if element.rewrite is not None:
            element.written.append(text)
        elif element.replaced_by is None:
            self._say(replace(element.manner, text=text))
        elif element.replaced_by.phonemes is not None:
            element.replaced_by = replace(element.replaced_by, text=element.replaced_by.text + text)

    # --- attributes ---------------------------------------------------------------------------------------------------

    def _read_attributes(self, element: _Element, given: Mapping[str, str]) -> None:
        match element.name:
            case "break":
                self._break(given)
            case "sub":
                alias = self._needed("sub", "alias", given)
                element.replaced_by = replace(element.manner, text=alias)
            case "phoneme":
                if given.get("alphabet", "ipa") != "ipa":
                    raise self._invalid("the alphabet of <phoneme> can only be ipa")
                sounds = self._needed("phoneme", "ph", given)
                element.replaced_by = replace(element.manner, phonemes=sounds)
            case "lang":
                self._needed("lang", "xml:lang", given)
            case "voice":
                voice = self._needed("voice", "name", given)
                if voice not in self._voices:
                    raise self._invalid(
                        f"there is no voice {voice[:32]!r}; there are: {', '.join(sorted(self._voices))}"
                    )
                element.manner = replace(element.manner, voice=voice)
            case "prosody":
                if "rate" in given:
                    element.manner = replace(element.manner, rate=self._rate(given["rate"], element.manner.rate))
            case "say-as":
                self._say_as(element, given)
            case _:
                pass

    def _say_as(self, element: _Element, given: Mapping[str, str]) -> None:
        kind = self._needed("say-as", "interpret-as", given)
        order = given.get("format", "")
        if kind not in _SAY_AS:
            raise self._invalid(f"interpret-as cannot be {kind[:32]!r}; it can be: {', '.join(_SAY_AS)}")
        if kind == "date" and order and order not in _DATE_ORDERS:
            raise self._invalid(f"the format of a date cannot be {order[:32]!r}; it can be: {', '.join(_DATE_ORDERS)}")
        if kind in _SPELLED:
            element.rewrite = _spelled
        elif kind == "date" and order:
            element.rewrite = lambda written: _date(written, _DATE_ORDERS[order])
        elif kind == "ordinal":
            element.manner = replace(element.manner, is_ordinal=True)

    def _needed(self, element: str, attribute: str, given: Mapping[str, str]) -> str:
        if not given.get(attribute, "").strip():
            raise self._invalid(f'<{element}> needs {attribute}="…"')
        return given[attribute]

    def _language(self, tag: str) -> str:
        language = tag.replace("_", "-").partition("-")[0].lower()
        if language not in self._languages:
            raise self._invalid(f"no voice speaks {tag[:32]!r}; there are: {', '.join(sorted(self._languages))}")
        return language

    def _break(self, given: Mapping[str, str]) -> None:
        strength, time = given.get("strength", "medium"), given.get("time")
        if strength not in _BREAKS:
            raise self._invalid(f"the strength of a break cannot be {strength[:32]!r}; it can be: {', '.join(_BREAKS)}")
        seconds = _BREAKS[strength]
        if time is not None:
            found = _TIME.fullmatch(time.strip())
            if found is None:
                raise self._invalid(f"the time of a break is not {time[:32]!r} but, for example, 500ms or 1.5s")
            seconds = float(found[1]) / (1000 if found[2] == "ms" else 1)
        self._silence += seconds
        if seconds > _LONGEST_BREAK or self._silence > _MOST_SILENCE:
            raise self._invalid(
                f"a break lasts at most {_LONGEST_BREAK:g} s, and all together at most {_MOST_SILENCE:g} s"
            )
        self._pause(seconds)

    def _rate(self, written: str, current: float) -> float:
        if written in _RATES:
            rate = _RATES[written]
        elif (found := _RATE.fullmatch(written.strip())) is None:
            raise self._invalid(f"a rate cannot be {written[:32]!r}; it can be a percentage or: {', '.join(_RATES)}")
        else:
            rate = float(found[2]) / (100 if found[3] else 1)
            rate = {"": rate, "+": 1 + rate, "-": 1 - rate}[found[1]]
        return min(max(rate * current, SLOWEST), FASTEST)

    # --- the script ---------------------------------------------------------------------------------------------------

    def _say(self, words: Words) -> None:
        """Line ends and indentation are only spaces."""
        self._script.append(replace(words, text=re.sub(r"\s+", " ", words.text)))

    def _pause(self, seconds: float) -> None:
        self._script.append(Silence(seconds=seconds))

    def _invalid(self, reason: str) -> InvalidSsml:
        return InvalidSsml(reason, line=self._parser.CurrentLineNumber, column=self._parser.CurrentColumnNumber + 1)


def _spelled(written: str) -> str:
    """Each letter and figure by itself, and a pause where something stands between them."""
    groups = re.findall(r"[^\W_]+", written)
    return ", ".join(" ".join(group.upper()) for group in groups)


def _date(written: str, order: list[str]) -> str:
    """A date in figures as ISO 8601 has it, which every language has words for."""
    figures = re.findall(r"\d+", written)
    if len(figures) != 3 or len(order) != 3:
        return written
    found = dict(zip(order, figures, strict=True))
    year = found["year"] if len(found["year"]) == 4 else f"20{found['year']:>02}"
    return f"{year}-{found['month']:>02}-{found['day']:>02}"
