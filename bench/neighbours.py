"""Neighbours: how soon an answer is heard beside other processes, each of which would fill a core."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections import defaultdict
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import uvloop

from antiphon.audio.pcm import Pcm
from bench.chat_client import chat_client, user
from bench.realtime.speech import questions
from bench.realtime.turns import first_turns
from bench.recordings import NoRecordings
from bench.results import Result, median_of, overall
from bench.server import Server

_BUSY_LOOP = "while True: pass"
_COUNTS = (0, 1, 2)
_SLOWDOWN_TARGET = 2.0
"""The most that one neighbour may cost on two cores, compared with none."""
_SILENCE_MS = 500
_ASKED = ("Is a golden retriever a good family dog?", "Why is the sky blue?", "How do I get rid of hiccups?")
_ROUNDS = 3


@dataclass(slots=True)
class _Samples:
    turns_s: list[float] = field(default_factory=list)
    """A spoken question's last sample to its answer's first."""
    replies_s: list[float] = field(default_factory=list)
    """A request by chat to its answer's first sample."""
    real_time_factors: list[float] = field(default_factory=list)


def measure(server: Server, *, quick: bool) -> list[Result]:
    """Ask the same beside none, one and two of them, by turns. Raises `RequestFailed`."""
    spoken = _questions(1 if quick else len(_ASKED))
    samples: defaultdict[int, _Samples] = defaultdict(_Samples)
    _ask(server, _ASKED[0], spoken[:1], _Samples())  # Warms up what nobody has used yet.
    for _ in range(1 if quick else _ROUNDS):
        for index, written in enumerate(_ASKED[: 1 if quick else None]):
            for count in _COUNTS:
                with _busy_processes(count):
                    _ask(server, written, spoken[index : index + 1], samples[count])
    return [result for count in _COUNTS for result in _results(count, samples[count], samples[0])]


def _questions(count: int) -> Sequence[Pcm]:
    """None where there are no recordings: the questions by chat are measured all the same."""
    try:
        return questions(count)
    except NoRecordings:
        return ()


@contextmanager
def _busy_processes(count: int) -> Generator[None]:
    processes = [subprocess.Popen([sys.executable, "-c", _BUSY_LOOP]) for _ in range(count)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


def _ask(server: Server, written: str, spoken: Sequence[Pcm], samples: _Samples) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        turns = runner.run(first_turns(server, spoken, silence_ms=_SILENCE_MS))
    samples.turns_s += [turn.first_audio_s for turn in turns]
    with chat_client(server) as client:
        reply = client.stream([user(written)], voice="alloy")
    samples.replies_s.append(reply.first_audio_s)
    samples.real_time_factors.append(reply.real_time_factor)


def _results(count: int, found: _Samples, alone: _Samples) -> list[Result]:
    name = f"beside {count} busy process{'' if count == 1 else 'es'}"
    results: list[Result] = []
    for what, samples, compared in (
        ("spoken question to first audio", found.turns_s, alone.turns_s),
        ("written question to first audio", found.replies_s, alone.replies_s),
    ):
        if samples:
            median = median_of(f"{name}: {what}", "s", samples)
            results.append(median)
            if count:
                ratio = median.value / median_of(what, "s", compared).value
                target = _SLOWDOWN_TARGET if count == 1 else None
                results.append(overall(f"{name}: {what}, of alone", "×", ratio, len(samples), target=target))
    return [*results, median_of(f"{name}: whole reply / its length", "×", found.real_time_factors)]
