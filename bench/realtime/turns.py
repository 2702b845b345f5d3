"""Spoken turns: how long after a question's last sample its answer is heard."""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from antiphon.audio.pcm import Pcm
from bench.realtime.client import (
    AUDIO_DELTA,
    RESPONSE_DONE,
    SPEECH_STOPPED,
    Microphone,
    Said,
    Session,
    microphone,
    open_session,
)
from bench.realtime.speech import append_events, room_noise
from bench.results import Result, median_of, overall
from bench.server import Server

_QUIET_BEFORE_S = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    said: Said
    first_audio_s: float
    """From the question's last sample."""
    stopped_s: float
    """Until `speech_stopped`, from the question's last sample."""
    response_id: str
    ends: int
    """How often the question was taken to be over; 1 unless a pause in it was too long."""


async def first_turns(server: Server, questions: Sequence[Pcm], *, silence_ms: int) -> Sequence[Turn]:
    """Ask each question in a session of its own."""
    turns: list[Turn] = []
    background = append_events(room_noise(1.0))
    for question in questions:
        async with open_session(server, silence_ms=silence_ms) as session, microphone(session, background) as recorder:
            await asyncio.sleep(_QUIET_BEFORE_S)
            turns.append(await ask(session, recorder, question))
            await _answered(session)
    return turns


async def later_turns(server: Server, questions: Sequence[Pcm], *, silence_ms: int) -> Sequence[Turn]:
    """Ask one question after the other in one session, each when the one before is answered; the first is left out."""
    turns: list[Turn] = []
    background = append_events(room_noise(1.0))
    async with open_session(server, silence_ms=silence_ms) as session, microphone(session, background) as recorder:
        for question in questions:
            await asyncio.sleep(_QUIET_BEFORE_S)
            turns.append(await ask(session, recorder, question))
            await _answered(session)
    return turns[1:]


async def at_once(
    server: Server, questions: Sequence[Pcm], *, speakers: int, silence_ms: int
) -> Sequence[Sequence[Turn]]:
    """Have so many people ask at the same time, each the same questions in another order. What each was answered."""
    asked = [[*questions[start:], *questions[:start]] for start in range(speakers)]
    return await asyncio.gather(*(later_turns(server, each, silence_ms=silence_ms) for each in asked))


def results_at_once(
    name: str, answered: Sequence[Sequence[Turn]], *, targets_s: tuple[float, float] | None
) -> list[Result]:
    """`targets_s` are those of the median and of the 95th percentile."""
    median_s, p95_s = targets_s or (None, None)
    latencies_s = [turn.first_audio_s for turns in answered for turn in turns]
    medians_s = [statistics.median(turn.first_audio_s for turn in turns) for turns in answered]
    return [
        median_of(f"{name}: last sample to first audio", "s", latencies_s, target=median_s),
        overall(f"{name}: 95th percentile", "s", float(np.percentile(latencies_s, 95)), len(latencies_s), target=p95_s),
        overall(
            f"{name}: the slowest one's median to the fastest one's",
            "×",
            max(medians_s) / min(medians_s),
            len(answered),
        ),
    ]


async def _answered(session: Session) -> None:
    await session.first(RESPONSE_DONE, after_s=session.having(AUDIO_DELTA)[-1].at_s)


async def ask(session: Session, recorder: Microphone, question: Pcm) -> Turn:
    said = await recorder.say(question)
    stopped = await session.first(SPEECH_STOPPED, after_s=said.ended_s)
    audio = await session.first(AUDIO_DELTA, after_s=stopped.at_s)
    return Turn(
        said=said,
        first_audio_s=audio.at_s - said.ended_s,
        stopped_s=stopped.at_s - said.ended_s,
        response_id=audio.response_id,
        ends=len(session.having(SPEECH_STOPPED, after_s=said.began_s)),
    )


def results(name: str, turns: Sequence[Turn], *, target_s: float) -> list[Result]:
    cut_off = sum(turn.ends > 1 for turn in turns)
    return [
        median_of(f"{name}: last sample to first audio", "s", [turn.first_audio_s for turn in turns], target=target_s),
        median_of(f"{name}: last sample to speech_stopped", "s", [turn.stopped_s for turn in turns]),
        median_of(
            f"{name}: speech_stopped to first audio", "s", [turn.first_audio_s - turn.stopped_s for turn in turns]
        ),
        overall(f"{name}: taken for over in a pause", "%", 100 * cut_off / len(turns), len(turns)),
    ]
