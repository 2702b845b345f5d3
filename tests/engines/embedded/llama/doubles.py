"""A double of llama.cpp, for tests of what is asked of a model and made of its answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from antiphon.engines.embedded.llama.grammar import PROBE
from antiphon.engines.embedded.llama.server import Completed, Piece


@dataclass(slots=True)
class ScriptedServer:
    """Answers each completion with the next of `answers`, character by character, each a token."""

    answers: list[str]
    bodies: list[Mapping[str, Any]] = field(default_factory=list)
    asked: Callable[[], object] = lambda: None
    """Called at the beginning of each completion."""

    def complete(
        self, body: Mapping[str, Any], *, on_piece: Callable[[Piece], bool], cancelled: Callable[[], bool]
    ) -> Completed:
        del cancelled
        self.asked()
        answer = PROBE if json.dumps(PROBE) in body.get("grammar", "") else self.answers.pop(0)
        self.bodies.append(body)
        written = answer[: body.get("max_tokens")]
        is_cut = any(on_piece(Piece(text=character)) for character in written)
        ended = "cancelled" if is_cut else "stop" if written == answer else "length"
        return Completed(ended=ended, prompt_tokens=9, cached_tokens=0, completion_tokens=1)
