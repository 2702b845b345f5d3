"""Listening: hundreds of sessions that are sent audio all the time, nearly all of them without a word in it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack

from antiphon.audio.pcm import Pcm
from bench.realtime.client import SPEECH_STARTED, Microphone, Session, microphone, open_session
from bench.realtime.speech import FRAME_MS, SAMPLE_RATE, append_events, room_noise
from bench.realtime.turns import Turn, ask
from bench.results import Result, median_of, overall, worst_of
from bench.server import Server

_SESSIONS = 200
_SECONDS = 10.0
_CPU_TARGET_PERCENT = 100.0
_QUIET_BETWEEN_S = 0.5


async def measure(server: Server, utterances: Sequence[Pcm], *, quick: bool) -> list[Result]:
    """With one session that speaks among them. Raises `RequestFailed`."""
    seconds = _SECONDS / 2 if quick else _SECONDS
    backgrounds = {"a quiet room": room_noise(2.0), "digital silence": Pcm.silence(2.0, SAMPLE_RATE)}
    found: list[Result] = []
    for name, background in backgrounds.items():
        found += await _listen(server, utterances, f"{_SESSIONS} sessions, {name}", append_events(background), seconds)
    return found


async def _listen(
    server: Server, utterances: Sequence[Pcm], name: str, background: Sequence[str], seconds: float
) -> list[Result]:
    async with AsyncExitStack() as stack:
        microphones: list[Microphone] = []
        sessions: list[Session] = []
        for _ in range(_SESSIONS):
            session = await stack.enter_async_context(open_session(server))
            sessions.append(session)
            microphones.append(await stack.enter_async_context(microphone(session, background)))
            await asyncio.sleep(FRAME_MS / 1000 / 7)  # So that they do not all send at the same moment.
        for recorder in microphones:
            recorder.late_s.clear()
        speaking = asyncio.create_task(_speak(sessions[0], microphones[0], utterances, seconds))
        began_s, before_s = asyncio.get_running_loop().time(), server.processes.cpu_seconds()
        turns, noticed_s = await speaking
        took_s = asyncio.get_running_loop().time() - began_s
        percent = 100 * (server.processes.cpu_seconds() - before_s) / took_s
        late_s = [late for recorder in microphones for late in recorder.late_s]
    return [
        overall(f"{name}: CPU of the server", "%", percent, _SESSIONS, target=_CPU_TARGET_PERCENT),
        worst_of(f"{name}: first sample to speech_started", "s", noticed_s),
        median_of(f"{name}: last sample to first audio", "s", [turn.first_audio_s for turn in turns]),
        worst_of(f"{name}: frames sent late by the client itself", "s", late_s),
    ]


async def _speak(
    session: Session, recorder: Microphone, utterances: Sequence[Pcm], seconds: float
) -> tuple[Sequence[Turn], Sequence[float]]:
    """Speak for so long: what the turns took, and after how long each was noticed."""
    loop = asyncio.get_running_loop()
    until_s = loop.time() + seconds
    turns: list[Turn] = []
    noticed_s: list[float] = []
    while loop.time() < until_s:
        turn = await ask(session, recorder, utterances[len(turns) % len(utterances)])
        turns.append(turn)
        noticed_s.append(session.having(SPEECH_STARTED, after_s=turn.said.began_s)[0].at_s - turn.said.began_s)
        await asyncio.sleep(_QUIET_BETWEEN_S)
    return turns, noticed_s
