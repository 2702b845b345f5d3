"""Internet addresses: info@example.com, example.com/docs, main.py, @name, #topic."""

from __future__ import annotations

import re

from antiphon.dialogue.spoken.letters import LetterSpeaker
from antiphon.dialogue.spoken.lexicon import Lexicon
from antiphon.dialogue.spoken.numbers import NumberSpeaker
from antiphon.dialogue.spoken.rules import Rule, any_of

_WORDS = ["com", "net", "org", "info", "gov", "edu", "app", "dev", "blog", "shop", "online", "site", "biz", "co"]
_SPELLED = [
    "ai", "at", "be", "br", "ca", "ch", "de", "es", "eu", "fr", "io", "it", "jp", "me", "mx", "nl", "pt", "tv", "uk",
    "us",
]  # fmt: skip
_FILES = {
    "py": "P Y", "js": "J S", "ts": "T S", "md": "M D", "txt": "T X T", "json": "JSON", "html": "HTML", "css": "C S S",
    "csv": "C S V", "pdf": "PDF", "sh": "S H", "exe": "exe", "zip": "zip", "toml": "toml", "yaml": "yaml",
    "yml": "Y M L", "xml": "XML", "cpp": "C P P", "rs": "R S", "jpg": "J P G", "png": "P N G", "mp3": "M P 3",
    "wav": "wav",
}  # fmt: skip


def address_rules(lexicon: Lexicon, numbers: NumberSpeaker, letters: LetterSpeaker) -> list[Rule]:
    words = lexicon.addresses
    signs = {"@": words.at, ".": words.dot, "/": words.slash, "-": words.dash, "_": words.underscore}

    def say_part(part: str) -> str:
        if part in signs:
            return signs[part]
        if part == "+":
            return lexicon.symbols["+"]
        if part.isdecimal():
            return numbers.cardinal(part) if len(part) <= 2 else numbers.digits(part)
        return part

    def say(found: re.Match[str]) -> str:
        stem, _, ending = found["name"].rpartition(".")
        said = [say_part(part) for part in re.findall(r"\d+|[^\W\d_]+|[@./_+-]", stem)]
        said += [words.dot, say_ending(ending)]
        said += [say_part(part) for part in re.findall(r"\d+|[^\W\d_]+|[./_+-]", found["path"] or "")]
        return " ".join(said)

    def say_ending(ending: str) -> str:
        if (lower := ending.lower()) in _WORDS:
            return lower
        spelled = _FILES.get(lower, " ".join(lower.upper()))
        return letters.say_capitals(spelled) if spelled.isupper() else letters.say_code(spelled)

    ending = any_of([*_WORDS, *_SPELLED, *_FILES])
    label = r"[^\W_][\w-]{0,62}"
    host = rf"(?:{label}\.){{1,6}}(?:{ending})(?![\w@-]|\.\w)"
    path = r"(?P<path>(?:/[\w.+-]{0,40}(?<![.])){1,8})?"
    return [
        Rule(pattern=re.compile(r"(?<!\w)(?:https?://(?:www\.)?|www\.)(?=\w)"), say="", needs_digit=False),
        Rule(
            pattern=re.compile(rf"(?<![\w@.+-])(?P<name>[\w.+-]{{1,64}}@{host})(?P<path>(?!))?"),
            say=say,
            needs_digit=False,
        ),
        Rule(pattern=re.compile(rf"(?<![\w@./-])(?P<name>{host}){path}"), say=say, needs_digit=False),
        Rule(pattern=re.compile(r"(?<!\w)#(?=\d)"), say=f"{words.number_sign} ", needs_digit=True),
        Rule(pattern=re.compile(r"(?<!\w)#(?=[^\W\d_])"), say=f"{words.hashtag} ", needs_digit=False),
        Rule(pattern=re.compile(r"@(?=\w)"), say=f" {words.at} ", needs_digit=False),
    ]
