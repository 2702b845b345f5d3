"""The two areas: with the engines that people talk to, and with stubs of them."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine, Sequence
from pathlib import Path

import uvloop

from bench.realtime import churn, interruption, listening, stages, turns
from bench.realtime.speech import last_seconds, questions
from bench.results import Result
from bench.server import Server, running

_PROJECT = Path(__file__).parents[2]
_SILENCES_MS = (200, 500)
_REAL_TARGET_S = 0.8
_ROUNDS = 3
"""How often each question is asked: what the model answers differs from time to time, and its first clause with it."""
_SPEAKERS = {2: (0.9, 1.5), 4: (1.8, 3.0)}
"""How many people speak at once, and within how many seconds half and 95 % of their answers should be heard."""
_STUB_OVERHEAD_TARGET_S = 0.04
_STUB_QUESTION_S = 1.5
"""Stubs do not mind what is said; the end of a question is enough for them."""


def measure(server: Server, *, quick: bool) -> list[Result]:
    """Talk to the real engines. Raises `RequestFailed` and `NoRecordings`."""
    return _run(_real(server, quick=quick))


def measure_stubs(*, quick: bool) -> list[Result]:
    """The same, and much at once, with a server whose engines are stubs.

    Raises `RequestFailed`, `NoRecordings` and `ServerFailed`.
    """
    with running([sys.executable, "-m", "bench.realtime.stub_server"], where=_PROJECT) as server:
        return _run(_stubs(server, quick=quick))


def _run(measuring: Coroutine[None, None, list[Result]]) -> list[Result]:
    """On the faster of event loops: the client is to cost as little as can be."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(measuring)


async def _real(server: Server, *, quick: bool) -> list[Result]:
    asked = questions(3 if quick else 8)
    rounds = 1 if quick else _ROUNDS
    await turns.first_turns(server, asked[:1], silence_ms=500)  # Warms up what nobody has used yet.
    found: list[Result] = []
    for silence_ms in _SILENCES_MS:
        first = await turns.first_turns(server, [*asked] * rounds, silence_ms=silence_ms)
        found += _of_turns(server, f"silence {silence_ms} ms", first)
    later = [turn for _ in range(rounds) for turn in await turns.later_turns(server, asked, silence_ms=500)]
    found += _of_turns(server, "silence 500 ms, later turns", later)
    for speakers, targets_s in _SPEAKERS.items():
        answered = await turns.at_once(server, asked[: 3 if quick else 5], speakers=speakers, silence_ms=500)
        found += turns.results_at_once(f"{speakers} speakers at once", answered, targets_s=targets_s)
    return [*found, *await interruption.measure(server, asked[: 1 if quick else 3])]


def _of_turns(server: Server, name: str, measured: Sequence[turns.Turn]) -> list[Result]:
    spans = stages.spans_of(server, measured)
    return [
        *turns.results(name, measured, target_s=_REAL_TARGET_S),
        *stages.results(name, spans),
        *stages.causes(name, measured, spans),
    ]


async def _stubs(server: Server, *, quick: bool) -> list[Result]:
    asked = [last_seconds(question, _STUB_QUESTION_S) for question in questions(3 if quick else 8)]
    found: list[Result] = []
    for silence_ms in _SILENCES_MS:
        first = await turns.first_turns(server, asked, silence_ms=silence_ms)
        found += turns.results(f"silence {silence_ms} ms", first, target_s=silence_ms / 1000 + _STUB_OVERHEAD_TARGET_S)
    found += await interruption.measure(server, asked[: 3 if quick else None])
    found += await listening.measure(server, asked, quick=quick)
    return [*found, *await churn.measure(server, asked[0], quick=quick)]
