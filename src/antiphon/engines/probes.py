"""Probes: one small piece of work for an engine, to see whether it answers and how fast."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Awaitable
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from antiphon.audio.pcm import Pcm
from antiphon.engines.interfaces import AudioMessage, AudioPrompt, Clause, Message, Prompt, Sampling
from antiphon.engines.kind import Role
from antiphon.errors import AntiphonError
from antiphon.hardening.printable import printable

_PROMPT = Prompt(
    messages=[Message(role="user", text="Count from one to ten in words.")], sampling=Sampling(max_tokens=24)
)
_SPOKEN_PROMPT = AudioPrompt(messages=[AudioMessage(role="user", parts=("Say hello, in two words.",))])
_TEXT = "This is how I sound."
_SILENCE = Pcm.silence(1.0, 16_000)


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """Of a probe, whatever came of it."""

    answers: bool
    first_ms: int | None = None
    """To the first piece of the answer; to its end where nothing was to be answered."""
    whole_ms: int | None = None
    text: str | None = None
    """What it answered, if it answers in words."""
    error: str | None = None
    """Why it does not answer."""


async def try_out(role: Role, engine: Awaitable[Any]) -> Outcome:
    """Have an engine answer once, when it has been built."""
    try:
        measured = await probe(role, await engine)
    except AntiphonError as error:
        return Outcome(answers=False, error=f"{error.__cause__ or error}")
    return Outcome(
        answers=True, first_ms=measured.first_ms, whole_ms=measured.whole_ms, text=printable(measured.text) or None
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """How an engine that had been built answered, and how soon."""

    first_ms: int
    """To the first piece of its answer; to the end where nothing was to be answered."""
    whole_ms: int
    text: str
    """What a language model wrote, a recognizer heard, or a responder said."""


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
        case Role.RESPONDER:
            return engine.converse(replace(_SPOKEN_PROMPT, voice=min(engine.voices)))
