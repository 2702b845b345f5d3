"""Speakers: people who ask by voice, hear the answer, think, and ask again. Their microphones never pause."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import time
from collections import deque
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal

import msgspec

from bench.load.wire import ServerEvent, SessionRefused, Wire, open_wire, text_frame
from bench.realtime.speech import FRAME_MS
from bench.server import Server

SILENCE_MS = 500
"""After which a turn is over."""

_BYTES_A_SECOND = 24_000 * 2
"""pcm16."""
_PHASES = 20
"""Microphones are read at so many moments within a frame's time, not all at once."""
_OPENED_AT_ONCE = 20
_PATIENCE_S = 60.0
_GOLDEN = 0.618
"""Multiples of it are spread evenly, however many there are."""

Outcome = Literal["answered", "refused", "failed", "unanswered", "cut off"]
"""Refused: by `rate_limit_exceeded`, as those are who find the queue full."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and what became of it."""

    ended_s: float
    """When its last sample was sent, by the clock that `time.perf_counter` reads."""
    outcome: Outcome
    first_audio_s: float
    """From then; 0 if there was none."""


@dataclass(slots=True)
class Speaker:
    """Each of `questions` are the frames of one; `background` those of a quiet room."""

    questions: Sequence[Sequence[bytes]]
    background: Sequence[bytes]
    think_s: float
    number: int
    asked: list[Asked] = field(default_factory=list[Asked])
    _wire: Wire | None = None
    _saying: deque[bytes] = field(default_factory=deque[bytes])
    _position: int = 0
    _ended_s: float = 0.0
    _has_ended: asyncio.Event = field(default_factory=asyncio.Event)
    _first_audio_s: float = 0.0
    _audio_bytes: int = 0
    _is_over: asyncio.Event = field(default_factory=asyncio.Event)
    _outcome: Outcome = "unanswered"
    _leaves: asyncio.Event = field(default_factory=asyncio.Event)

    async def open(self, server: Server) -> None:
        """Raises `SessionRefused` and `OSError`."""
        self._wire = await open_wire(server, self._take, self._lose)
        detection = {"type": "server_vad", "silence_duration_ms": SILENCE_MS}
        update = {"type": "session.update", "session": {"turn_detection": detection}}
        self._wire.send(text_frame(msgspec.json.encode(update).decode()))

    def close(self) -> None:
        if self._wire is not None:
            self._wire.close()

    def send_next(self) -> None:
        """What the microphone has heard since the last time."""
        if self._wire is None:
            return
        if self._saying:
            self._wire.send(self._saying.popleft())
            if not self._saying:
                self._ended_s = time.perf_counter()
                self._has_ended.set()
        else:
            self._position = (self._position + 1) % len(self.background)
            self._wire.send(self.background[self._position])

    @property
    def _is_gone(self) -> bool:
        return self._wire is None

    def leave(self) -> None:
        """Ask nothing more."""
        self._leaves.set()

    async def converse(self) -> None:
        """Until told to leave, and then answered, or until the connection has ended."""
        cycle_s = self.think_s + len(self.questions[0]) * FRAME_MS / 1000
        await self._rest(self.number * _GOLDEN % 1.0 * cycle_s)  # Not all begin at once.
        for count in itertools.count(self.number):
            if self._leaves.is_set():
                return
            if self._is_gone:
                self.asked.append(Asked(time.perf_counter(), "cut off", 0.0))
                return
            question = self.questions[count % len(self.questions)]
            self._has_ended.clear()
            self._is_over.clear()
            self._first_audio_s, self._audio_bytes, self._outcome = 0.0, 0, "unanswered"
            self._saying.extend(question)
            await self._has_ended.wait()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._is_over.wait(), _PATIENCE_S)
            self.asked.append(Asked(self._ended_s, self._outcome, self._first_audio_s))
            if self._is_gone:
                return
            await self._rest(self._audio_bytes / _BYTES_A_SECOND + self.think_s)

    async def _rest(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._leaves.wait(), seconds)

    def _take(self, event: ServerEvent) -> None:
        """Of what comes before the question is at its end, its pauses were taken for that."""
        if not self._has_ended.is_set():
            return
        if event.type == "response.audio.delta":
            if not self._audio_bytes:
                self._first_audio_s = time.perf_counter() - self._ended_s
            self._audio_bytes += len(event.delta) * 3 // 4
        elif event.type == "response.done" and event.response is not None and event.response.status != "cancelled":
            self._end(_outcome(event))

    def _lose(self) -> None:
        self._wire = None
        self._saying.clear()
        self._has_ended.set()
        self._end("cut off")

    def _end(self, outcome: Outcome) -> None:
        self._outcome = outcome
        self._is_over.set()


def _outcome(event: ServerEvent) -> Outcome:
    assert event.response is not None
    if event.response.status == "completed":
        return "answered"
    return "refused" if event.response.error_code == "rate_limit_exceeded" else "failed"


@dataclass(frozen=True, slots=True)
class Crowd:
    speakers: Sequence[Speaker]
    """Whose sessions were opened."""
    refused: Sequence[SessionRefused]
    conversations: Sequence[asyncio.Task[None]]
    late_s: list[float]
    """How much later than they should have been the microphones were read: more than a little is the client's fault."""

    async def leave(self) -> None:
        """Return once everyone who has asked is answered, or has waited too long."""
        for speaker in self.speakers:
            speaker.leave()
        await asyncio.wait(self.conversations)


@asynccontextmanager
async def talking(server: Server, speakers: Sequence[Speaker]) -> AsyncGenerator[Crowd]:
    """All of them talk while the context lasts. Raises `OSError`."""
    opening = asyncio.Semaphore(_OPENED_AT_ONCE)

    async def opened(speaker: Speaker) -> SessionRefused | None:
        async with opening:
            try:
                await speaker.open(server)
            except SessionRefused as refusal:
                return refusal
            return None

    outcomes = await asyncio.gather(*(opened(speaker) for speaker in speakers))
    there = [speaker for speaker, refusal in zip(speakers, outcomes, strict=True) if refusal is None]
    conversations = [asyncio.create_task(speaker.converse()) for speaker in there]
    crowd = Crowd(there, [refusal for refusal in outcomes if refusal is not None], conversations, [])
    tasks = [*conversations, asyncio.create_task(_read_microphones(there, crowd.late_s))]
    try:
        yield crowd
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        for speaker in speakers:
            speaker.close()


async def _read_microphones(speakers: Sequence[Speaker], late_s: list[float]) -> None:
    """Each once in `FRAME_MS`, all of them by one task: a task for each would cost more than what it does."""
    phases = [speakers[phase::_PHASES] for phase in range(_PHASES)]
    due_s = time.perf_counter()
    for phase in itertools.cycle(phases):
        due_s += FRAME_MS / 1000 / _PHASES
        wait_s = due_s - time.perf_counter()
        if wait_s > 0:
            await asyncio.sleep(wait_s)
        late_s.append(max(0.0, time.perf_counter() - due_s))
        for speaker in phase:
            speaker.send_next()
        if wait_s <= 0:
            await asyncio.sleep(0)
