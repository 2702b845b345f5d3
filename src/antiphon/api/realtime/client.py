"""`Client`: whoever talks with a session, over whatever carries its events. A WebSocket is one kind."""

from __future__ import annotations

from typing import Protocol

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketDisconnected

from antiphon.realtime.events import ServerEvent

_MAX_REASON_BYTES = 123
"""The longest reason that a close frame can hold."""
_LOST = frozenset({1001, 1006, 1011})
"""Close codes of clients that may come back: a page is loaded anew, the network is gone, a program has failed."""


class ClientGone(Exception):
    """The client can no longer be reached: it has `left`, or was lost."""

    def __init__(self, *, left: bool = False) -> None:
        super().__init__()
        self.left = left


class Client(Protocol):
    def may_see(self, event: ServerEvent) -> bool:
        """Whether the client is shown such an event."""
        ...

    async def receive(self) -> str | bytes:
        """The next frame, once it comes. Raises `ClientGone`."""
        ...

    async def send(self, frame: bytes) -> None:
        """Send a text frame, given in UTF-8; wait as long as the client cannot take it. Raises `ClientGone`."""
        ...

    async def close(self, code: int, reason: str) -> None:
        """Tell the client that nothing follows. Raises `ClientGone`."""
        ...


class SocketClient:
    """A client at the other end of an accepted WebSocket; it sees everything."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket

    def may_see(self, event: ServerEvent) -> bool:  # noqa: ARG002
        return True

    async def receive(self) -> str | bytes:
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            raise ClientGone(left=message["code"] not in _LOST)
        text: str | None = message.get("text")
        return message["bytes"] if text is None else text

    async def send(self, frame: bytes) -> None:
        try:
            await self._socket.send_text(frame.decode())
        except (WebSocketDisconnect, WebSocketDisconnected):
            raise ClientGone from None

    async def close(self, code: int, reason: str) -> None:
        try:
            await self._socket.close(code, _within(reason, _MAX_REASON_BYTES))
        except (WebSocketDisconnect, WebSocketDisconnected):
            raise ClientGone from None


def _within(text: str, max_bytes: int) -> str:
    return text.encode()[:max_bytes].decode(errors="ignore")
