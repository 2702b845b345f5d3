"""Probes of engines that are doubles: what breaks their role's protocol is told, and so is whatever they raise."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from typing import Any

import numpy as np
import pytest

from antiphon.audio.pcm import Pcm
from antiphon.engines.errors import EngineFailed
from antiphon.engines.interfaces import AudioDelta, GenerationFinished, RecognizedSpeech, TextDelta, TranscriptDelta
from antiphon.engines.kind import Role
from antiphon.engines.probes import Outcome, try_out

from .remote.audio_double import USAGE, audio_model, end, sound, words
from .remote.upstream_double import Answer, event_stream, status

pytestmark = pytest.mark.anyio

FINISHED = GenerationFinished(finish_reason="stop", prompt_tokens=1, cached_tokens=0, completion_tokens=1)
HEARD = RecognizedSpeech(text="hello", language="en", start_ms=0, end_ms=1, no_speech_probability=0.0)


class EngineDouble:
    """Yields what it is given, whatever it is asked, and raises the last of it if that is an error."""

    sample_rate = 24_000
    voices = frozenset({"alloy"})
    languages = frozenset({"en"})

    def __init__(self, *pieces: Any) -> None:
        self._pieces = pieces

    async def generate(self, *_: Any, **__: Any) -> AsyncGenerator[Any]:
        for piece in self._pieces:
            if isinstance(piece, Exception):
                raise piece
            yield piece

    recognize = synthesize = converse = generate


async def outcome_of(role: Role, *pieces: Any) -> Outcome:
    async def build() -> Any:
        return EngineDouble(*pieces)

    return await try_out(role, build())


def samples(*values: float, rate: int = 24_000, kind: type = np.float32) -> Pcm:
    return Pcm(np.array(values, kind), rate)


@pytest.mark.parametrize(
    ("role", "pieces", "text"),
    [
        (Role.LANGUAGE_MODEL, [TextDelta(text="one "), TextDelta(text="two"), FINISHED], "one two"),
        (Role.RECOGNIZER, [HEARD], "hello"),
        (Role.RECOGNIZER, [], None),
        (Role.SYNTHESIZER, [samples(0.5, -1.0), samples()], None),
        (Role.SYNTHESIZER, [], None),
        (Role.RESPONDER, [TranscriptDelta(text="hi"), AudioDelta(audio=samples(0.5)), FINISHED], "hi"),
    ],
)
async def test_an_engine_that_keeps_to_its_protocol_answers(role: Role, pieces: list[Any], text: str | None) -> None:
    outcome = await outcome_of(role, *pieces)
    assert outcome.answers
    assert outcome.text == text
    assert outcome.first_ms is not None


@pytest.mark.parametrize(
    ("role", "pieces", "error"),
    [
        (Role.LANGUAGE_MODEL, [TextDelta(text="one")], "Its last piece is not GenerationFinished"),
        (Role.LANGUAGE_MODEL, [FINISHED, TextDelta(text="one")], "Its last piece is not GenerationFinished"),
        (Role.LANGUAGE_MODEL, [], "Its last piece is not GenerationFinished"),
        (Role.LANGUAGE_MODEL, ["one", FINISHED], "It yields str, which is not one of: TextDelta, "),
        (Role.RECOGNIZER, [TextDelta(text="hello")], "It yields TextDelta, which is not one of: RecognizedSpeech"),
        (Role.SYNTHESIZER, [b"\0\0"], "It yields bytes, which is not one of: Pcm"),
        (Role.SYNTHESIZER, [samples(0.5, rate=16_000)], "audio at 16000 Hz, but its sample_rate is 24000"),
        (Role.SYNTHESIZER, [samples(0.5, kind=np.float64)], "not float32 between -1 and 1"),
        (Role.SYNTHESIZER, [samples(12_000.0)], "not float32 between -1 and 1"),
        (Role.SYNTHESIZER, [samples(200, kind=np.int16)], "not float32 between -1 and 1"),
        (Role.RESPONDER, [AudioDelta(audio=samples(0.5))], "Its last piece is not GenerationFinished"),
        (Role.RESPONDER, [AudioDelta(audio=samples(0.5, rate=8_000))], "audio at 8000 Hz"),
        (Role.RESPONDER, [samples(0.5)], "It yields Pcm, which is not one of: "),
    ],
)
async def test_what_the_server_could_not_use_is_told(role: Role, pieces: list[Any], error: str) -> None:
    outcome = await outcome_of(role, *pieces)
    assert not outcome.answers
    assert outcome.error is not None
    assert error in outcome.error


@pytest.mark.parametrize("role", list(Role))
async def test_any_bug_of_an_engine_is_told_with_its_type_and_place(role: Role) -> None:
    outcome = await outcome_of(role, KeyError("voice"))
    assert not outcome.answers
    assert re.fullmatch(r"KeyError: 'voice' \(test_probes\.py:\d+\)", outcome.error or "")


async def test_an_engine_that_cannot_be_built_is_told_likewise() -> None:
    async def build() -> Any:
        raise ZeroDivisionError("boom")

    outcome = await try_out(Role.SYNTHESIZER, build())
    assert re.fullmatch(r"ZeroDivisionError: boom \(test_probes\.py:\d+\)", outcome.error or "")


async def test_a_failure_is_told_by_its_cause() -> None:
    failure = EngineFailed()
    failure.__cause__ = ValueError("no such GPU")
    outcome = await outcome_of(Role.LANGUAGE_MODEL, failure)
    assert outcome.error == "no such GPU"


async def test_what_lacks_what_its_role_needs_is_told() -> None:
    async def build() -> Any:
        return object()

    outcome = await try_out(Role.LANGUAGE_MODEL, build())
    assert outcome.error is not None
    assert "AttributeError: 'object' object has no attribute 'generate'" in outcome.error


async def tried(answer: Answer) -> Outcome:
    async def built(model: Any) -> Any:
        return model

    async with audio_model(answer) as (model, _):
        return await try_out(Role.RESPONDER, built(model))


async def test_a_model_that_speaks_is_asked_to_say_something():
    outcome = await tried(event_stream(words("Good "), words("day."), sound(), end(), USAGE))
    assert (outcome.answers, outcome.text) == (True, "Good day.")
    assert outcome.first_ms is not None


async def test_a_server_that_refuses_is_told():
    outcome = await tried(status(401, b"Wrong key."))
    assert not outcome.answers
    assert "401: Wrong key." in (outcome.error or "")
