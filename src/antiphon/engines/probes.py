"""Probes: one small piece of work for an engine, to see whether it answers and how fast."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from antiphon.audio.pcm import Pcm
from antiphon.engines.interfaces import Clause, Message, Prompt, Sampling
from antiphon.engines.kind import Role

_PROMPT = Prompt(
    messages=[Message(role="user", text="Count from one to ten in words.")], sampling=Sampling(max_tokens=24)
)
_TEXT = "This is how I sound."
_SILENCE = Pcm.silence(1.0, 16_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """How an engine that had been built answered, and how soon."""

    first_ms: int
    """To the first piece of its answer; to the end where nothing was to be answered."""
    whole_ms: int
    text: str
    """What a language model wrote or a recognizer heard."""


async def probe(role: Role, engine: Any) -> Probe:
    """Have an engine answer once. Raises `AntiphonError`."""
    began = time.perf_counter()
    first: float | None = None
    text = ""
    async with aclosing(_work(role, engine)) as pieces:
        async for piece in pieces:
            first = first or time.perf_counter()
            text += getattr(piece, "text", "")
    ended = time.perf_counter()
    return Probe(first_ms=round(1000 * ((first or ended) - began)), whole_ms=round(1000 * (ended - began)), text=text)


def _work(role: Role, engine: Any) -> AsyncGenerator[Any]:
    match role:
        case Role.RECOGNIZER:
            return engine.recognize(_SILENCE, language="en")
        case Role.LANGUAGE_MODEL:
            return engine.generate(_PROMPT)
        case Role.SYNTHESIZER:
            return engine.synthesize(
                Clause(text=_TEXT, language=min(engine.languages, key="en".__ne__), voice=min(engine.voices))
            )
