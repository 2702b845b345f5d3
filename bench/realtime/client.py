"""One client of a Realtime session, which stamps each event as it comes, and a microphone that keeps time."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from antiphon.audio.pcm import Pcm
from bench.chat_client import RequestFailed
from bench.realtime.speech import FRAME_MS, append_events
from bench.server import Server

SPEECH_STARTED = "input_audio_buffer.speech_started"
SPEECH_STOPPED = "input_audio_buffer.speech_stopped"
AUDIO_DELTA = "response.audio.delta"
RESPONSE_DONE = "response.done"

_PATH = "/openai/realtime?api-version=2024-10-01-preview&deployment=gpt-4o-realtime-preview"
_LONGEST_WAIT_S = 120.0


class _Response(msgspec.Struct):
    id: str = ""
    status: str = ""


class _Fields(msgspec.Struct):
    """What is read of a server event."""

    type: str
    response: _Response | None = None
    response_id: str = ""
    error: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Event:
    type: str
    at_s: float
    """By the clock that `time.perf_counter` reads."""
    response_id: str
    """The response that the event is about, where it is about one."""
    status: str
    """That response's, where the event tells it."""


@dataclass(frozen=True, slots=True)
class Said:
    """When the first and the last sample of something were sent, by the same clock."""

    began_s: float
    ended_s: float


class Session:
    """`socket` is open; its events are taken in as they come."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._changed = asyncio.Event()
        self._failure: str | None = None
        self.events: list[Event] = []

    async def send(self, type_: str, **fields: Any) -> None:
        await self.send_frame(msgspec.json.encode({"type": type_, **fields}).decode())

    async def send_frame(self, frame: str) -> None:
        """Raises `RequestFailed` when the server has gone."""
        try:
            await self._socket.send(frame)
        except WebSocketException as error:
            raise RequestFailed(f"A session has ended: {error}") from None

    async def ask(self, text: str) -> None:
        """Type something that is to be answered."""
        content = [{"type": "input_text", "text": text}]
        await self.send("conversation.item.create", item={"type": "message", "role": "user", "content": content})
        await self.send("response.create")

    async def first(self, type_: str, *, after_s: float = 0.0) -> Event:
        """The first event of this type that came after a moment, waited for if need be. Raises `RequestFailed`."""
        return await self._first(lambda event: event.type == type_ and event.at_s > after_s, type_)

    def having(self, type_: str, *, after_s: float = 0.0) -> Sequence[Event]:
        """What has come of this type after a moment."""
        return [event for event in self.events if event.type == type_ and event.at_s > after_s]

    async def take_in(self) -> None:
        """Take events until the socket closes."""
        try:
            async for frame in self._socket:
                at_s = time.perf_counter()
                fields = msgspec.json.decode(frame, type=_Fields)
                if fields.error is not None:
                    self._failure = f"A session was told of an error: {fields.error.get('message')}"
                response = fields.response or _Response(id=fields.response_id)
                self.events.append(Event(fields.type, at_s, response.id, response.status))
                self._changed.set()
        except WebSocketException as error:
            self._failure = f"A session has ended: {error}"
            self._changed.set()

    async def _first(self, fits: Callable[[Event], bool], name: str) -> Event:
        seen = 0
        try:
            async with asyncio.timeout(_LONGEST_WAIT_S):
                while True:
                    for event in itertools.islice(self.events, seen, None):
                        if fits(event):
                            return event
                    seen = len(self.events)
                    if self._failure:
                        raise RequestFailed(self._failure)
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise RequestFailed(f"There was no {name} within {_LONGEST_WAIT_S:g} s.") from None


@asynccontextmanager
async def open_session(server: Server, *, silence_ms: int = 200) -> AsyncGenerator[Session]:
    """A session whose turns end after so much silence. Raises `RequestFailed`."""
    url = server.address.replace("http", "ws", 1) + _PATH
    headers = {"api-key": server.key}
    try:
        socket = await connect(url, additional_headers=headers, proxy=None, compression=None, max_size=None)
    except (OSError, WebSocketException) as error:
        raise RequestFailed(f"A session could not be opened: {error}") from None
    session = Session(socket)
    taking_in = asyncio.create_task(session.take_in())
    try:
        detection = {"type": "server_vad", "silence_duration_ms": silence_ms}
        await session.send("session.update", session={"turn_detection": detection})
        await session.first("session.updated")
        yield session
    finally:
        await socket.close()
        await taking_in


@dataclass(slots=True)
class _Frame:
    data: str
    sent: asyncio.Future[float] | None = None
    """When it was sent, for whoever wants to know."""


class Microphone:
    """Sends `FRAME_MS` of audio each `FRAME_MS`: what is said, else what the room sounds like."""

    def __init__(self, session: Session, background: Sequence[str]) -> None:
        self._session = session
        self._background = itertools.cycle(background)
        self._waiting: deque[_Frame] = deque()
        self.late_s: list[float] = []
        """How much later than it should have been each frame was sent."""

    async def say(self, audio: Pcm) -> Said:
        """Return once the last of it has been sent. Raises `RequestFailed`."""
        loop = asyncio.get_running_loop()
        frames = [_Frame(data) for data in append_events(audio)]
        began = frames[0].sent = loop.create_future()
        ended = frames[-1].sent = loop.create_future() if len(frames) > 1 else began
        self._waiting.extend(frames)
        try:
            async with asyncio.timeout(_LONGEST_WAIT_S):
                return Said(await began, await ended)
        except TimeoutError:
            raise RequestFailed("The server did not take what was said in time.") from None

    async def run(self) -> None:
        due_s = time.perf_counter()
        while True:
            due_s += FRAME_MS / 1000
            await asyncio.sleep(max(0.0, due_s - time.perf_counter()))
            frame = self._waiting.popleft() if self._waiting else _Frame(next(self._background))
            now_s = time.perf_counter()
            self.late_s.append(now_s - due_s)
            if frame.sent is not None:
                frame.sent.set_result(now_s)
            await self._session.send_frame(frame.data)


@asynccontextmanager
async def microphone(session: Session, background: Sequence[str]) -> AsyncGenerator[Microphone]:
    """`background` are the events that append what the room sounds like, over and over."""
    recording = Microphone(session, background)
    running = asyncio.create_task(recording.run())
    try:
        yield recording
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError, RequestFailed):
            await running
