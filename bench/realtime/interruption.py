"""Interruption: somebody begins to speak while a reply is sent, which should then be heard no more."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from antiphon.audio.pcm import Pcm
from bench.chat_client import RequestFailed
from bench.realtime.client import AUDIO_DELTA, RESPONSE_DONE, SPEECH_STARTED, Session, microphone, open_session
from bench.realtime.speech import append_events, room_noise
from bench.results import Result, median_of, worst_of
from bench.server import Server

LONG_QUESTION = "Tell me a very long story about a lighthouse."

_LISTENED_S = 0.4
"""How long the reply has been coming when it is interrupted."""
_WAITED_S = 0.3
"""How long to look out for audio that still comes."""
_LATEST_TARGET_S = 0.06


async def measure(server: Server, interruptions: Sequence[Pcm]) -> list[Result]:
    """Interrupt one long reply after the other, each in a session of its own. Raises `RequestFailed`."""
    noticed_s: list[float] = []
    latest_s: list[float] = []
    background = append_events(room_noise(1.0))
    for interruption in interruptions:
        async with open_session(server) as session, microphone(session, background) as recorder:
            await session.ask(LONG_QUESTION)
            interrupted = await session.first(AUDIO_DELTA)
            await asyncio.sleep(_LISTENED_S)
            saying = asyncio.create_task(recorder.say(interruption))
            started = await session.first(SPEECH_STARTED)
            await asyncio.sleep(_WAITED_S)
            noticed_s.append(started.at_s - (await saying).began_s)
            latest_s.append(await _audio_after(session, interrupted.response_id, started.at_s))
    return [
        median_of("interruption: first sample to speech_started", "s", noticed_s),
        worst_of("interruption: speech_started to last audio", "s", latest_s, target=_LATEST_TARGET_S),
    ]


async def _audio_after(session: Session, response_id: str, moment_s: float) -> float:
    """How long audio of the interrupted reply came after a moment."""
    done = await session.first(RESPONSE_DONE)
    if done.response_id != response_id or done.status != "cancelled" or done.at_s < moment_s:
        raise RequestFailed(f"A reply was {done.status} before it could be interrupted.")
    late = session.having(AUDIO_DELTA, after_s=moment_s)
    return max((event.at_s - moment_s for event in late if event.response_id == response_id), default=0.0)
