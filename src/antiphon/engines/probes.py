"""Probes: one small piece of work for an engine, to see whether it answers and how fast."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Awaitable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path
from traceback import extract_tb
from typing import Any, get_args

import msgspec
import numpy as np

from antiphon.audio.pcm import Pcm
from antiphon.engines.interfaces import (
    AudioDelta,
    AudioMessage,
    AudioPrompt,
    Clause,
    Conversed,
    Generated,
    GenerationFinished,
    Message,
    Prompt,
    RecognizedSpeech,
    Sampling,
)
from antiphon.engines.kind import Role
from antiphon.engines.remote.faults import UpstreamFault
from antiphon.errors import AntiphonError
from antiphon.hardening.printable import printable

_PROMPT = Prompt(
    messages=[Message(role="user", text="Count from one to ten in words.")], sampling=Sampling(max_tokens=24)
)
_SPOKEN_PROMPT = AudioPrompt(messages=[AudioMessage(role="user", parts=("Say hello, in two words.",))])
_TEXT = "This is how I sound."
_SILENCE = Pcm.silence(1.0, 16_000)
_LOUDEST = 1.5
"""Somewhat more than full scale, which is clipped."""


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
    """Have an engine answer once, when it has been built. Whatever it raises is its outcome."""
    try:
        measured = await probe(role, await engine)
    except Exception as error:  # Engines are anybody's code.
        return Outcome(answers=False, error=_told(error.__cause__ or error))
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


class WrongAnswer(AntiphonError):
    """What an engine yields breaks the protocol of its role."""


async def probe(role: Role, engine: Any) -> Probe:
    """Have an engine answer once. Raises `WrongAnswer`, and what the engine raises."""
    began = time.perf_counter()
    first: float | None = None
    text = ""
    piece: Any = None
    async with aclosing(_work(role, engine)) as pieces:
        async for piece in pieces:
            _check(role, engine, piece)
            first = first or time.perf_counter()
            text += getattr(piece, "text", "")
    if GenerationFinished in _PIECES[role] and not isinstance(piece, GenerationFinished):
        raise WrongAnswer("Its last piece is not GenerationFinished.")
    ended = time.perf_counter()
    return Probe(first_ms=round(1000 * ((first or ended) - began)), whole_ms=round(1000 * (ended - began)), text=text)


_PIECES: Mapping[Role, tuple[type, ...]] = {
    Role.RECOGNIZER: (RecognizedSpeech,),
    Role.LANGUAGE_MODEL: get_args(Generated),
    Role.SYNTHESIZER: (Pcm,),
    Role.RESPONDER: get_args(Conversed),
}


def _check(role: Role, engine: Any, piece: Any) -> None:
    """Raises `WrongAnswer` for a piece of an answer that the server could not use."""
    if not isinstance(piece, _PIECES[role]):
        names = ", ".join(kind.__name__ for kind in _PIECES[role])
        raise WrongAnswer(f"It yields {type(piece).__name__}, which is not one of: {names}.")
    audio = piece.audio if isinstance(piece, AudioDelta) else piece
    if isinstance(audio, Pcm):
        if audio.sample_rate != engine.sample_rate:
            raise WrongAnswer(
                f"It yields audio at {audio.sample_rate} Hz, but its sample_rate is {engine.sample_rate}."
            )
        if audio.samples.dtype != np.float32 or np.abs(audio.samples).max(initial=0) > _LOUDEST:
            raise WrongAnswer("Its samples are not float32 between -1 and 1.")


def _told(reason: BaseException) -> str:
    """A reason that was not written to be read comes with its type and its place."""
    if isinstance(reason, AntiphonError | UpstreamFault) or not (frames := extract_tb(reason.__traceback__)):
        return str(reason)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}"
    return f"{type(reason).__name__}: {reason} ({place})"


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
