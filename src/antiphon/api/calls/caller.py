"""`Caller`: the client of a call, whose events travel over its data channel; it may see only some of them."""

from __future__ import annotations

from collections import deque

import msgspec

from antiphon.api.realtime.client import ClientGone
from antiphon.api.realtime.starting import new_id
from antiphon.calls.webrtc.peer import MessageTooLong, Peer, PeerGone
from antiphon.realtime.events import (
    ItemAdded,
    OutputAudioStarted,
    OutputAudioStopped,
    ServerEvent,
    SpeechStarted,
    SpeechStopped,
    TextDelta,
    TextDone,
    TranscriptDelta,
    TranscriptDone,
    TranscriptionCompleted,
)
from antiphon.realtime.items import MessageItem

_EARLY_BYTES = 1024 * 1024
"""How much is kept for a caller that has not opened a data channel, and may never do so."""
_OF_TALK = (
    SpeechStarted,
    SpeechStopped,
    OutputAudioStarted,
    OutputAudioStopped,
    TranscriptionCompleted,
    TextDelta,
    TextDone,
    TranscriptDelta,
    TranscriptDone,
)


class Caller:
    """`is_filtered` keeps from the caller what is none of a browser's business, such as instructions and tools."""

    def __init__(self, peer: Peer, *, is_filtered: bool) -> None:
        self._peer = peer
        self._is_filtered = is_filtered
        self._early: deque[bytes] = deque()
        self._early_bytes = 0
        self._is_open = False

    def may_see(self, event: ServerEvent) -> bool:
        if not self._is_filtered or isinstance(event, _OF_TALK):
            return True
        if not isinstance(event, ItemAdded):
            return False
        return isinstance(event.item, MessageItem) and event.item.role != "system"

    async def open(self) -> None:
        """Wait for the data channel, and send what there is already. Raises `ClientGone`."""
        try:
            await self._peer.opened()
            while self._early:
                await self._send(self._early.popleft())
        except PeerGone:
            raise ClientGone from None
        self._is_open = True

    async def receive(self) -> str | bytes:
        try:
            return await self._peer.receive()
        except PeerGone:
            raise ClientGone from None

    async def send(self, frame: bytes) -> None:
        if self._is_open:
            await self._send(frame)
        elif self._early_bytes + len(frame) <= _EARLY_BYTES:
            self._early.append(frame)
            self._early_bytes += len(frame)

    async def close(self, code: int, reason: str) -> None:  # noqa: ARG002 - A data channel has no words for its end.
        try:
            await self._peer.flush()
        except PeerGone:
            raise ClientGone from None

    async def _send(self, frame: bytes) -> None:
        try:
            await self._peer.send(frame.decode())
        except PeerGone:
            raise ClientGone from None
        except MessageTooLong:
            await self._send(_too_long(frame))


def _too_long(frame: bytes) -> bytes:
    error = {
        "type": "server_error",
        "code": "event_too_long",
        "message": f"An event of {len(frame)} bytes is too long for your data channel.",
        "param": None,
        "event_id": None,
    }
    return msgspec.json.encode({"type": "error", "event_id": new_id("event"), "error": error})
