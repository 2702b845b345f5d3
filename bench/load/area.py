"""The area: more and more speakers at once, with stubs of the engines and with the real ones."""

from __future__ import annotations

import asyncio
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import uvloop

from antiphon.audio.pcm import Pcm
from bench.load.burst import burst
from bench.load.speakers import Speaker, talking
from bench.load.wire import text_frame
from bench.realtime.speech import SAMPLE_RATE, append_events, questions, room_noise
from bench.results import Result, median_of, overall, worst_of
from bench.server import Server, running, running_server

_PROJECT = Path(__file__).parents[2]
_WITH_STUBS = (40, 80, 120, 160, 200, 240, 280, 320, 400, 500)
_WITH_MODELS = (1, 2, 4, 8)
_STUB_SECONDS, _MODEL_SECONDS = 8.0, 40.0
_STUB_THINK_S, _THINK_S = 3.0, 2.0
_WARM_UP_S = 2.0
_CARRIED_S = 1.0
"""Sessions count as carried while 19 of 20 answers are heard so soon after the question's last sample, of which the
silence that ends a turn takes half."""
_SHARE_TARGET = 1 / 1.6
"""Two workers should carry at least 1.6 times what one carries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """So many speakers, and what became of what they asked."""

    speakers: int
    first_audio_s: Sequence[float]
    outcomes: Mapping[str, int]
    sessions_refused: int
    cpu_percent: float
    """Of a core, by the server's processes."""
    client_percent: float
    late_s: Sequence[float]
    resident_mb: float

    @property
    def is_carried(self) -> bool:
        """Whether everyone was answered, and nearly everyone soon."""
        everyone = self.outcomes.get("answered", 0) == sum(self.outcomes.values()) and not self.sessions_refused
        return everyone and bool(self.first_audio_s) and float(np.percentile(self.first_audio_s, 95)) <= _CARRIED_S

    def results(self, name: str) -> list[Result]:
        found: list[Result] = []
        if self.first_audio_s:
            found.append(median_of(f"{name}: last sample to first audio", "s", self.first_audio_s))
            p99 = float(np.percentile(self.first_audio_s, 99))
            found.append(overall(f"{name}: the same, 99th percentile", "s", p99, len(self.first_audio_s)))
        asked = sum(self.outcomes.values())
        others = asked - self.outcomes.get("answered", 0)
        told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(self.outcomes.items()))
        found += [
            overall(f"{name}: not answered ({told or 'nothing asked'})", "", others, asked),
            overall(f"{name}: sessions refused", "", self.sessions_refused, self.speakers),
            overall(f"{name}: CPU of the server", "%", self.cpu_percent, 1),
            overall(f"{name}: CPU of the client", "%", self.client_percent, 1),
            worst_of(f"{name}: microphones read late by the client", "s", self.late_s),
            overall(f"{name}: memory of the server", "MB", self.resident_mb, 1),
        ]
        return found


def measure(config: Path | None, *, quick: bool) -> list[Result]:
    """Raises `ServerFailed`, and `NoRecordings` without recordings for the real engines."""
    return [*measure_stubs(quick=quick), *measure_models(config, quick=quick)]


def measure_stubs(*, quick: bool) -> list[Result]:
    """On one worker and on two, in turn. Raises `ServerFailed`."""
    found: list[Result] = []
    carried: dict[int, int] = {}
    for workers in (1, 2):
        command = [sys.executable, "-m", "bench.load.stub_server", "serve"]
        with running([*command, "--workers", str(workers), "--tls-port", "0"], where=_PROJECT) as server:
            taken = _until_past_the_knee(server, _WITH_STUBS[:: 3 if quick else 1])
        name = f"stubs, {workers} worker{'s' if workers > 1 else ''}"
        for step in taken:
            found += step.results(f"{name}, {step.speakers} speakers")
        carried[workers] = max((step.speakers for step in taken if step.is_carried), default=0)
        found.append(overall(f"{name}: speakers with p95 ≤ {_CARRIED_S:g} s", "", carried[workers], len(taken)))
    if carried[2]:
        share = carried[1] / carried[2]
        found.append(overall("stubs: speakers on 1 worker, of those on 2", "×", share, 2, target=_SHARE_TARGET))
    return found


def _until_past_the_knee(server: Server, counts: Sequence[int]) -> Sequence[Step]:
    """More and more speakers, until some are not carried, and once more: what then happens is a result as well."""
    taken: list[Step] = []
    for count in counts:
        taken.append(take_step(server, count, [_tone()], _STUB_SECONDS, _STUB_THINK_S))
        if not any(step.is_carried for step in taken[-2:]):
            break
    return taken


def measure_models(config: Path | None, *, quick: bool) -> list[Result]:
    """Raises `ServerFailed` and `NoRecordings`."""
    asked = questions(8)
    seconds = _MODEL_SECONDS / 2 if quick else _MODEL_SECONDS
    with running_server(config) as server:
        take_step(server, 1, asked, seconds / 2, _THINK_S)  # Warms up what nobody has used yet.
        counts = _WITH_MODELS[:: 3 if quick else 1]
        taken = [take_step(server, count, asked, seconds, _THINK_S) for count in counts]
        found = [
            result
            for step in taken
            for result in step.results(f"models, {step.speakers} speaker{'s' if step.speakers > 1 else ''}")
        ]
        return [*found, *burst(server)]


def take_step(server: Server, count: int, asked: Sequence[Pcm], seconds: float, think_s: float) -> Step:
    """`count` speakers ask the questions `asked`, and think for so long between an answer and the next question."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_step(server, count, asked, seconds, think_s))


async def _step(server: Server, count: int, asked: Sequence[Pcm], seconds: float, think_s: float) -> Step:
    frames = [[text_frame(event) for event in append_events(question)] for question in asked]
    background = [text_frame(event) for event in append_events(room_noise(1.0))]
    new = partial(Speaker, frames, background, think_s)
    speakers = [new(number) for number in range(count)]
    async with talking(server, speakers) as crowd:
        await asyncio.sleep(_WARM_UP_S)
        crowd.late_s.clear()
        began_s, before_s, client_s = time.perf_counter(), server.processes.cpu_seconds(), time.process_time()
        await asyncio.sleep(seconds)
        client_percent = 100 * (time.process_time() - client_s) / seconds
        took_s = time.perf_counter() - began_s
        cpu_percent = 100 * (server.processes.cpu_seconds() - before_s) / took_s
        resident_mb = server.processes.resident_bytes() / 1e6
        late_s = list(crowd.late_s)
        await crowd.leave()
    asked_then = [each for speaker in speakers for each in speaker.asked if each.ended_s >= began_s]
    outcomes = Counter(each.outcome for each in asked_then)
    return Step(
        speakers=count,
        first_audio_s=[each.first_audio_s for each in asked_then if each.first_audio_s],
        outcomes=outcomes,
        sessions_refused=len(crowd.refused),
        cpu_percent=cpu_percent,
        client_percent=client_percent,
        late_s=late_s,
        resident_mb=resident_mb,
    )


def _tone() -> Pcm:
    """Stubs do not mind what is said."""
    moments = np.arange(round(1.5 * SAMPLE_RATE)) / SAMPLE_RATE
    return Pcm((0.3 * np.sin(2 * np.pi * 220 * moments)).astype(np.float32), SAMPLE_RATE)
