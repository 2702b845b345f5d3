"""A caller, as aiortc makes one: what a browser does, but over a network whose faults a test chooses."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, cast

import httpx
import numpy as np
from aiortc import RTCConfiguration, RTCDataChannel, RTCPeerConnection, RTCSessionDescription
from aiortc.jitterbuffer import JitterBuffer
from aiortc.mediastreams import MediaStreamTrack
from av.audio.frame import AudioFrame

from antiphon.audio.pcm import Pcm

RATE = 48_000
FRAME = 960
SECONDS = 30
"""How long any event may take to come."""


class Microphone(MediaStreamTrack):
    """Silence, and what is said into it."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._samples = np.zeros(0, np.int16)
        self._at = 0
        self._began: float | None = None

    @property
    def speaks(self) -> bool:
        return bool(self._samples[:FRAME].any())

    def say(self, audio: Pcm) -> None:
        self._samples = np.concatenate([self._samples, np.frombuffer(audio.resample(RATE).to_int16(), "<i2")])

    async def recv(self) -> AudioFrame:
        loop = asyncio.get_running_loop()
        self._began = self._began if self._began is not None else loop.time()
        await asyncio.sleep(max(0.0, self._began + self._at / RATE - loop.time()))
        said, self._samples = self._samples[:FRAME], self._samples[FRAME:]
        frame = AudioFrame.from_ndarray(
            np.pad(said, (0, FRAME - len(said))).reshape(1, -1), format="s16", layout="mono"
        )
        frame.sample_rate, frame.pts, frame.time_base = RATE, self._at, Fraction(1, RATE)
        self._at += FRAME
        return frame


@dataclass(slots=True)
class Phone:
    connection: RTCPeerConnection
    channel: RTCDataChannel
    microphone: Microphone
    opened: asyncio.Event = field(default_factory=asyncio.Event)
    events: asyncio.Queue[dict[str, Any]] = field(default_factory=asyncio.Queue[dict[str, Any]])
    heard: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    """When each frame came, and how loud it was."""
    listening: asyncio.Task[None] | None = None

    async def send(self, type_: str, **fields: Any) -> None:
        await asyncio.wait_for(self.opened.wait(), SECONDS)
        self.channel.send(json.dumps({"type": type_, **fields}))

    async def event(self) -> dict[str, Any]:
        return await asyncio.wait_for(self.events.get(), SECONDS)

    async def until(self, type_: str) -> list[dict[str, Any]]:
        """All events up to the first of this type."""
        events = [await self.event()]
        while events[-1]["type"] != type_:
            events.append(await self.event())
        return events

    async def last(self, type_: str) -> dict[str, Any]:
        return (await self.until(type_))[-1]

    @property
    def offer(self) -> str:
        return self.connection.localDescription.sdp

    async def take(self, answer: str) -> None:
        """Connect to whoever has answered the offer."""
        await self.connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))

    def send_through(self, network: Callable[[bytes], bool]) -> None:
        """From now on, of the packets of audio only those are sent for which `network` says so."""
        transport = cast("Any", self.connection.getTransceivers()[0].sender.transport)
        send = transport._send_rtp

        async def send_some(data: bytes) -> None:
            if 200 <= data[1] <= 206 or network(data):
                await send(data)

        transport._send_rtp = send_some

    async def _listen(self, track: MediaStreamTrack) -> None:
        loop = asyncio.get_running_loop()
        while True:
            frame = cast("AudioFrame", await track.recv())
            self.heard.append((loop.time(), float(np.abs(frame.to_ndarray()).max())))


@asynccontextmanager
async def phone() -> AsyncGenerator[Phone]:
    """One that has not called yet."""
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    microphone = Microphone()
    connection.addTrack(microphone)
    new = Phone(connection, connection.createDataChannel("oai-events"), microphone)
    new.channel.on("open", new.opened.set)
    new.channel.on("message", lambda message: new.events.put_nowait(json.loads(message)))

    def listen(track: MediaStreamTrack) -> None:
        receiver = cast("Any", connection.getTransceivers()[0].receiver)
        receiver._RTCRtpReceiver__jitter_buffer = JitterBuffer(capacity=16)  # One that does not wait.
        new.listening = asyncio.create_task(new._listen(track))

    connection.on("track", listen)
    await connection.setLocalDescription(await connection.createOffer())
    try:
        yield new
    finally:
        if new.listening is not None:
            new.listening.cancel()
        await connection.close()


@asynccontextmanager
async def calling(
    http: httpx.AsyncClient, path: str, *, connects: bool = True, headers: Mapping[str, str] | None = None
) -> AsyncGenerator[tuple[Phone, str]]:
    """A call that has been answered, and its id; the offer is all that is sent."""
    async with phone() as caller:
        headers = {"Content-Type": "application/sdp"} | dict(headers or {})
        response = await http.post(path, content=caller.offer, headers=headers)
        assert response.status_code == 201, response.text
        if connects:
            await caller.take(response.text)
        yield caller, response.headers["Location"].rpartition("/")[2]
