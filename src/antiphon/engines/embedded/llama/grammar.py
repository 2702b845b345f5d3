"""Grammars that constrain the model to JSON or to one of a few words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence

from antiphon.engines.interfaces import Json

PROBE = "~"
"""What a probing grammar makes the model write first; no real answer begins with it."""

_SPACING = {"whitespace_flexible": False, "key_separator": ": ", "item_separator": ", "}


def json_grammar(schema: Mapping[str, Json], *, probe: bool = False) -> str:
    """A grammar of JSON on one line that fits a bounded schema.

    If a grammar does not compile, llama.cpp silently generates without it. With `probe`, the answer begins with `PROBE`
    if and only if the grammar has compiled.
    """
    document = json.dumps({**schema, "x-guidance": _SPACING})
    start = f"start: {json.dumps(PROBE)} answer\nanswer" if probe else "start"
    return f"%llguidance {{}}\n{start}: %json {document}"


def choice_grammar(words: Sequence[str]) -> str:
    """A grammar of exactly one of `words`."""
    return "root ::= " + " | ".join(json.dumps(word) for word in words)


def words_grammar(names: Iterable[str]) -> str:
    """A grammar of all texts that do not begin like a call of one of the tools `names`."""
    forbidden = "|".join(re.escape(name) for name in sorted(names))
    return f"%llguidance {{}}\nstart: WORDS\nWORDS: /[^\\s{{\\[<`(\"'](?s:.*)/ & ~/({forbidden})(?s:.*)/"
