"""A client of a Realtime session that costs little: hundreds of them share the machine with the server.

Frames are made once and written as they are, with a mask of zeros; of what comes, only what is counted is read.
"""

from __future__ import annotations

import asyncio
import base64
import struct
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import msgspec

from bench.server import Server

_PATH = "/openai/realtime?api-version=2024-10-01-preview&deployment=gpt-4o-realtime-preview"
_HEAD_END = b"\r\n\r\n"
_TEXT, _CLOSE, _PING, _PONG = 1, 8, 9, 10
_NO_MASK = bytes(4)


class Error(msgspec.Struct):
    code: str | None = None


class _Details(msgspec.Struct):
    error: Error | None = None


class Response(msgspec.Struct):
    status: str = ""
    status_details: _Details | None = None

    @property
    def error_code(self) -> str | None:
        """What a response failed of."""
        details = self.status_details
        return None if details is None or details.error is None else details.error.code


class ServerEvent(msgspec.Struct):
    """What is read of an event."""

    type: str
    delta: str = ""
    response: Response | None = None
    error: Error | None = None


class SessionRefused(Exception):
    """The handshake was answered with something else than 101."""

    def __init__(self, status: int, *, retry_after: str | None) -> None:
        super().__init__(f"A session was refused with {status}.")
        self.status = status
        self.retry_after = retry_after


def text_frame(text: str) -> bytes:
    return _frame(_TEXT, text.encode())


def _frame(opcode: int, payload: bytes) -> bytes:
    """A whole frame from a client."""
    length = len(payload)
    if length < 126:
        head = struct.pack("!BB", 0x80 | opcode, 0x80 | length)
    elif length < 2**16:
        head = struct.pack("!BBH", 0x80 | opcode, 0x80 | 126, length)
    else:
        head = struct.pack("!BBQ", 0x80 | opcode, 0x80 | 127, length)
    return head + _NO_MASK + payload


class Wire(asyncio.Protocol):
    """`take` is given each event, and `is_lost` is called when the connection has ended."""

    def __init__(self, take: Callable[[ServerEvent], None], is_lost: Callable[[], None]) -> None:
        self._take = take
        self._is_lost = is_lost
        self._received = bytearray()
        self._transport: asyncio.Transport | None = None
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def send(self, frame: bytes) -> None:
        """Nothing happens once the connection has ended."""
        if self._transport is not None:
            self._transport.write(frame)

    def close(self) -> None:
        if self._transport is not None:
            self.send(_frame(_CLOSE, b"\x03\xe8"))
            self._transport.close()

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if not self.opened.done():
            self.opened.set_exception(exc or ConnectionResetError())
        self._is_lost()

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not self.opened.done():
            self._shake_hands()
        if self.opened.done():
            while (found := self._next_frame()) is not None:
                self._handle(*found)

    def _shake_hands(self) -> None:
        head, end, _ = bytes(self._received).partition(_HEAD_END)
        if not end:
            return
        del self._received[: len(head) + len(end)]
        first, *lines = head.decode("latin-1").split("\r\n")
        status = int(first.split()[1])
        if status == HTTPStatus.SWITCHING_PROTOCOLS:
            self.opened.set_result(None)
            return
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        self.opened.set_exception(SessionRefused(status, retry_after=headers.get("retry-after")))
        self.close()

    def _next_frame(self) -> tuple[int, bytes] | None:
        """The server sends whole frames, without a mask."""
        received = self._received
        if len(received) < 2:
            return None
        length, begin = received[1], 2
        if length == 126:
            if len(received) < 4:
                return None
            (length,), begin = struct.unpack_from("!H", received, 2), 4
        elif length == 127:
            if len(received) < 10:
                return None
            (length,), begin = struct.unpack_from("!Q", received, 2), 10
        if len(received) < begin + length:
            return None
        opcode, payload = received[0] & 0x0F, bytes(received[begin : begin + length])
        del received[: begin + length]
        return opcode, payload

    def _handle(self, opcode: int, payload: bytes) -> None:
        if opcode == _TEXT:
            self._take(msgspec.json.decode(payload, type=ServerEvent))
        elif opcode == _PING:
            self.send(_frame(_PONG, payload))
        elif opcode == _CLOSE:
            self.close()


async def open_wire(server: Server, take: Callable[[ServerEvent], None], is_lost: Callable[[], None]) -> Wire:
    """Raises `SessionRefused`, and `OSError` if there is no connection."""
    loop = asyncio.get_running_loop()
    transport, wire = await loop.create_connection(lambda: Wire(take, is_lost), "127.0.0.1", server.port)
    key = base64.b64encode(bytes(16)).decode()
    lines = [f"GET {_PATH} HTTP/1.1", "Host: localhost", "Upgrade: websocket", "Connection: Upgrade"]
    lines += [f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", f"api-key: {server.key}"]
    transport.write("\r\n".join(lines).encode() + _HEAD_END)
    await wire.opened
    return wire
