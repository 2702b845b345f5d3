"""`Peer`: one caller's WebRTC connection: an offer answered, packets of audio both ways, and a data channel.

aiortc is used but for three parts. Its jitter buffer waits for four packets more and keeps no time, so packets go to
the call's own instead; sockets are opened by `ice.py`; and no STUN server is asked, which by default would be Google's.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from fractions import Fraction
from typing import Any, cast

from aiortc import RTCConfiguration, RTCDataChannel, RTCPeerConnection, RTCRtpSender, RTCSessionDescription
from aiortc.mediastreams import MediaStreamTrack
from av.audio.stream import AudioStream
from av.packet import Packet

from antiphon.audio.opus import FRAME_MS, OPUS_RATE, packet_samples
from antiphon.calls.errors import NoFreePort
from antiphon.calls.jitter import AudioPacket
from antiphon.calls.webrtc.ice import Network, listen, without_candidates
from antiphon.parameters.errors import InvalidRequest

_log = logging.getLogger(__name__)

_TIME_BASE = Fraction(1, OPUS_RATE)
_FRAME_SAMPLES = FRAME_MS * OPUS_RATE // 1000
_BUFFERED_BYTES = 256 * 1024
"""How much the data channel may hold before more has to wait."""
_UNREAD_BYTES = 16 * 1024 * 1024
"""How much a caller may send over the data channel before any of it is read."""


class MessageTooLong(Exception):
    """The caller cannot take a message of this length."""


class PeerGone(Exception):
    """The connection has ended."""


class Peer:
    """`on_packet` is called with each packet of audio."""

    def __init__(self, network: Network, *, on_packet: Callable[[AudioPacket], None]) -> None:
        self.connected = asyncio.Event()
        self.gone = asyncio.Event()
        self.heard_at = time.monotonic()
        """When anything last came from the caller."""
        self._network = network
        self._on_packet = on_packet
        self._connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._track = _Outgoing()
        self._channel: RTCDataChannel | None = None
        self._has_channel = asyncio.Event()
        self._messages: asyncio.Queue[str | bytes | None] = asyncio.Queue()
        self._unread = 0
        self._has_room = asyncio.Event()
        self._closing: asyncio.Task[None] | None = None
        self._connection.on("connectionstatechange", self._follow)
        self._connection.on("datachannel", self._open_channel)

    async def answer(self, offer: str) -> str:
        """The answer to a caller's offer. Raises `InvalidRequest` for one that cannot be answered, and `NoFreePort`."""
        _check(offer)
        try:
            return await self._answer(offer)
        except NoFreePort:
            raise
        except Exception as error:  # What aiortc raises for an offer that makes no sense could be anything.
            _log.info("An offer cannot be answered: %r", error)
            raise _refused("it makes no sense as an offer of WebRTC with Opus audio") from None

    def send_audio(self, packet: bytes) -> None:
        """Send the audio of the next `FRAME_MS`."""
        self._track.put(packet)

    def skip_audio(self, frames: int) -> None:
        """Send nothing for so many times `FRAME_MS`."""
        self._track.skip(frames)

    async def send(self, message: str) -> None:
        """Send over the data channel, once the caller has opened one and takes what was sent before.

        Raises `MessageTooLong` and `PeerGone`.
        """
        await self._unless_gone(self._has_channel)
        channel = cast("RTCDataChannel", self._channel)
        while channel.bufferedAmount > _BUFFERED_BYTES:
            self._has_room.clear()
            await self._unless_gone(self._has_room)
        if channel.readyState != "open":
            raise PeerGone
        try:
            channel.send(message)
        except ValueError:
            raise MessageTooLong from None

    async def receive(self) -> str | bytes:
        """The next message that comes over the data channel. Raises `PeerGone`."""
        message = await self._messages.get()
        if message is None or self.gone.is_set():
            raise PeerGone
        self._unread -= len(message)
        return message

    async def opened(self) -> None:
        """Return once the caller has opened a data channel. Raises `PeerGone`."""
        await self._unless_gone(self._has_channel)

    async def flush(self) -> None:
        """Return once everything that was sent over the data channel has reached the caller. Raises `PeerGone`."""
        while self._channel is not None and self._channel.bufferedAmount:
            self._channel.bufferedAmountLowThreshold = 0
            self._has_room.clear()
            await self._unless_gone(self._has_room)

    async def close(self) -> None:
        self._end()
        if self._closing is None:  # aiortc's own can be called once, and never again if that is cancelled.
            self._closing = asyncio.create_task(self._connection.close())
        await asyncio.shield(self._closing)

    # --- beginning ---------------------------------------------------------------------------------------------------

    async def _answer(self, offer: str) -> str:
        self._connection.addTrack(self._track)
        (transceiver,) = self._connection.getTransceivers()
        codecs = RTCRtpSender.getCapabilities("audio").codecs
        transceiver.setCodecPreferences([codec for codec in codecs if codec.mimeType == "audio/opus"])
        await self._connection.setRemoteDescription(RTCSessionDescription(without_candidates(offer), "offer"))
        self._listen_on(cast("Any", transceiver).receiver)
        await self._connection.setLocalDescription(await self._connection.createAnswer())
        return self._connection.localDescription.sdp

    def _listen_on(self, receiver: Any) -> None:
        receiver._RTCRtpReceiver__jitter_buffer = _Tap(self._on_packet)
        ice = receiver.transport.transport._connection

        async def candidates(**_: object) -> object:
            return await listen(ice, self._network, self._note_time)

        ice.get_component_candidates = candidates

    def _note_time(self) -> None:
        self.heard_at = time.monotonic()

    # --- as it goes on -----------------------------------------------------------------------------------------------

    def _follow(self) -> None:
        state = self._connection.connectionState
        if state == "connected":
            self.connected.set()
        elif state in {"failed", "closed"}:
            self._end()

    def _open_channel(self, channel: RTCDataChannel) -> None:
        if self._channel is not None:
            channel.close()
            return
        self._channel = channel
        channel.bufferedAmountLowThreshold = _BUFFERED_BYTES // 2
        channel.on("message", self._take)
        channel.on("bufferedamountlow", self._has_room.set)
        channel.on("close", self._end)
        self._has_channel.set()

    def _take(self, message: str | bytes) -> None:
        self._unread += len(message)
        if self._unread > _UNREAD_BYTES:
            self._end()
        else:
            self._messages.put_nowait(message)

    def _end(self) -> None:
        if not self.gone.is_set():
            self.gone.set()
            self._has_channel.set()
            self._has_room.set()
            self._messages.put_nowait(None)

    async def _unless_gone(self, event: asyncio.Event) -> None:
        await event.wait()
        if self.gone.is_set():
            raise PeerGone


class _Outgoing(MediaStreamTrack):
    """What the caller hears, encoded already."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._packets: asyncio.Queue[Packet[AudioStream]] = asyncio.Queue()
        self._samples = 0

    def put(self, audio: bytes) -> None:
        packet = cast("Packet[AudioStream]", Packet(audio))
        packet.pts = self._samples
        packet.time_base = _TIME_BASE
        self._samples += _FRAME_SAMPLES
        self._packets.put_nowait(packet)

    def skip(self, frames: int) -> None:
        self._samples += frames * _FRAME_SAMPLES

    async def recv(self) -> Packet[AudioStream]:
        return await self._packets.get()


class _Tap:
    """Takes the place of aiortc's jitter buffer, and passes packets on."""

    def __init__(self, on_packet: Callable[[AudioPacket], None]) -> None:
        self._on_packet = on_packet

    def add(self, packet: Any) -> tuple[bool, None]:
        """Never a frame for aiortc to decode."""
        payload: bytes = packet.payload
        if samples := packet_samples(payload):
            self._on_packet(
                AudioPacket(
                    sequence=packet.sequence_number, timestamp=packet.timestamp, payload=payload, samples=samples
                )
            )
        return False, None


def _check(offer: str) -> None:
    """Raises `InvalidRequest` unless the offer is of one audio stream, and perhaps a data channel."""
    if not offer.startswith("v=0"):
        raise _refused("it is not a session description (SDP)")
    kinds = [line[2:].partition(" ")[0] for line in offer.splitlines() if line.startswith("m=")]
    if kinds.count("audio") != 1:
        raise _refused("it must have one audio section")
    if kinds.count("application") > 1 or set(kinds) - {"audio", "application"}:
        raise _refused("besides audio, it may only have a data channel")


def _refused(why: str) -> InvalidRequest:
    return InvalidRequest(f"The offer cannot be answered: {why}.", param="sdp", code="invalid_offer")
