"""What attackers say, byte by byte: no client library would."""

from __future__ import annotations

import base64
import contextlib
import json
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from typing import Any

CONTINUATION, TEXT, PING = 0, 1, 9

_CHAT = "/openai/deployments/gpt-4o-audio-preview/chat/completions?api-version=2025-01-01-preview"
_REALTIME = "/openai/realtime?api-version=2024-10-01-preview&deployment=gpt-4o-realtime-preview"
_REFUSED_IN_THE_OPEN = "/v1/realtime?model=gpt-4o-realtime-preview"
"""The one route whose socket is opened before a bad key is told of."""
_SECONDS_WITHOUT_PROGRESS = 5.0
_OWN_ADDRESS = "127.0.0.2" if sys.platform == "linux" else "127.0.0.1"
"""Attackers come from another address than honest clients, if this machine has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where to attack, with whose key, and how long."""

    port: int
    key: str
    until: float
    """By the clock that `time.monotonic` reads."""

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self.until

    @property
    def seconds_left(self) -> float:
        return max(0.0, self.until - time.monotonic())

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), source_address=(_OWN_ADDRESS, 0))

    @contextlib.contextmanager
    def connection(self) -> Generator[socket.socket]:
        """One that may break at any time, as a server may do with those it refuses."""
        with contextlib.suppress(OSError), self.connect() as connection:
            connection.settimeout(_SECONDS_WITHOUT_PROGRESS)
            yield connection

    def again_and_again(self, attack: Callable[[socket.socket], None]) -> None:
        """Over a new connection each time."""
        while not self.is_over:
            with self.connection() as connection:
                attack(connection)

    def at_once(self, count: int, attack: Callable[[], None]) -> None:
        """In as many threads."""
        threads = [threading.Thread(target=attack) for _ in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def send_all(self, connection: socket.socket, parts: Iterable[bytes]) -> None:
        """Send them until the server has had enough, or the time is over; then read what it says."""
        for part in parts:
            if self.is_over:
                return
            connection.sendall(part)
        connection.shutdown(socket.SHUT_WR)
        read_all(connection)

    def post_chat(self, connection: socket.socket, body: bytes) -> None:
        """Ask, and wait for whatever the answer is."""
        with contextlib.suppress(ConnectionError):
            connection.sendall(self.chat_head(len(body), self.key) + body)
        read_all(connection)

    def chat_head(self, length: int, key: str) -> bytes:
        return (
            f"POST {_CHAT} HTTP/1.1\r\nHost: localhost\r\napi-key: {key}\r\nConnection: close\r\n"
            f"Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
        ).encode()

    def open_session(self, connection: socket.socket) -> None:
        _shake_hands(connection, _REALTIME, {"api-key": self.key})

    def open_refused(self, connection: socket.socket) -> None:
        """A socket that is opened only to tell that its key is wrong."""
        _shake_hands(connection, _REFUSED_IN_THE_OPEN, {"Authorization": "Bearer wrong", "OpenAI-Beta": "realtime=v1"})

    def flood_session(self, parts: Iterable[bytes], *, reads: bool = True) -> None:
        """Open sessions, one after the other, and send each these frames until it ends."""

        def flood(connection: socket.socket) -> None:
            self.open_session(connection)
            if reads:
                threading.Thread(target=drain, args=(connection,), daemon=True).start()
            for part in parts:
                if self.is_over:
                    return
                connection.sendall(part)

        self.again_and_again(flood)


def _shake_hands(connection: socket.socket, path: str, headers: dict[str, str]) -> None:
    lines = [f"GET {path} HTTP/1.1", "Host: localhost", "Upgrade: websocket", "Connection: Upgrade"]
    lines += ["Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Version: 13"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    connection.sendall("\r\n".join([*lines, "", ""]).encode())
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        if not (byte := connection.recv(1)):
            raise ConnectionResetError
        head += byte


def frame(opcode: int, data: bytes = b"", *, final: bool = True) -> bytes:
    """Masked with zeros, which leave the data as it is."""
    head = bytes([0x80 * final | opcode])
    if len(data) < 126:
        length = bytes([0x80 | len(data)])
    elif len(data) < 1 << 16:
        length = struct.pack("!BH", 0x80 | 126, len(data))
    else:
        length = struct.pack("!BQ", 0x80 | 127, len(data))
    return head + length + bytes(4) + data


def event(type_: str, **fields: Any) -> bytes:
    return frame(TEXT, json.dumps({"type": type_, **fields}).encode())


def audio_item(audio: bytes) -> bytes:
    part = {"type": "input_audio", "audio": base64.b64encode(audio).decode()}
    return event("conversation.item.create", item={"type": "message", "role": "user", "content": [part]})


def spoken_request(recording: bytes, audio_format: str) -> bytes:
    sound = {"data": base64.b64encode(recording).decode(), "format": audio_format}
    message = {"role": "user", "content": [{"type": "input_audio", "input_audio": sound}]}
    return json.dumps({"messages": [message]}).encode()


def read_all(connection: socket.socket) -> None:
    while connection.recv(1 << 16):
        pass


def drain(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        read_all(connection)
