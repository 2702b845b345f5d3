"""What clients of WebSockets can do to a server, and what it does then. The frames are written by hand: no client
library would send them."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Generator
from contextlib import closing

import pytest

from .small_servers import SmallServer, serving

_HANDSHAKE = (
    "GET {path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n{more}\r\n"
)
CONTINUATION, TEXT, CLOSE, PING, PONG = 0, 1, 8, 9, 10
POLICY_VIOLATION = 1008


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[SmallServer]:
    with serving(tmp_path_factory.mktemp("server") / "data") as running:
        yield running


def opened(server: SmallServer, path: str = "/echo", *, more: str = "") -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=20)
    connection.sendall(_HANDSHAKE.format(path=path, more=more).encode())
    return connection


def accepted(server: SmallServer, path: str = "/echo") -> socket.socket:
    connection = opened(server, path)
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += connection.recv(1)  # Frames may follow at once.
    assert head.startswith(b"HTTP/1.1 101 ")
    return connection


def frame(opcode: int, data: bytes = b"", *, final: bool = True) -> bytes:
    length = bytes([0x80 | len(data)]) if len(data) < 126 else struct.pack("!BH", 0x80 | 126, len(data))
    return bytes([0x80 * final | opcode]) + length + bytes(4) + data


def flood(connection: socket.socket, data: bytes) -> None:
    """Send it, or as much of it as the server takes."""
    try:
        connection.sendall(data)
    except ConnectionError:
        return


def received(connection: socket.socket) -> list[tuple[int, bytes]]:
    """The frames until the connection ends: opcode and payload of each."""
    return frames_of(received_until(connection, None))


def received_until(connection: socket.socket, end: bytes | None) -> bytes:
    data = b""
    try:
        while (end is None or not data.endswith(end)) and (part := connection.recv(1 << 16)):
            data += part
    except ConnectionError:
        pass
    return data


def frames_of(data: bytes) -> list[tuple[int, bytes]]:
    frames: list[tuple[int, bytes]] = []
    while data:
        length, begin = data[1], 2
        if length == 126:
            length, begin = struct.unpack("!H", data[2:4])[0], 4
        frames.append((data[0] & 0x0F, data[begin : begin + length]))
        data = data[begin + length :]
    return frames


def close_code(frames: list[tuple[int, bytes]]) -> int:
    opcode, payload = frames[-1]
    assert opcode == CLOSE
    return struct.unpack("!H", payload[:2])[0]


@pytest.mark.parametrize(
    "begun",
    [
        frame(TEXT, final=False) + frame(CONTINUATION, final=False) * 70,
        frame(TEXT, b"a" * 125, final=False) + frame(CONTINUATION, b"a", final=False) * 80,
        frame(TEXT, b"a", final=False) + frame(CONTINUATION, b"a" * 100, final=False) * 100,
    ],
    ids=["empty", "a byte each", "a hundred bytes each"],
)
def test_a_message_in_more_fragments_than_any_client_makes_is_refused(server: SmallServer, begun: bytes) -> None:
    with closing(accepted(server)) as connection:
        flood(connection, begun)
        assert close_code(received(connection)) == POLICY_VIOLATION


@pytest.mark.parametrize("opcode", [PING, PONG])
def test_more_control_frames_than_any_client_sends_are_refused(server: SmallServer, opcode: int) -> None:
    with closing(accepted(server)) as connection:
        flood(connection, frame(opcode, b"x") * 5000)
        frames = received(connection)
    assert close_code(frames) == POLICY_VIOLATION
    assert len(frames) < 1000


def test_pings_that_are_not_too_many_are_answered(server: SmallServer) -> None:
    with closing(accepted(server)) as connection:
        connection.sendall(b"".join(frame(PING, b"%d" % number) for number in range(50)) + frame(CLOSE))
        assert received(connection)[:-1] == [(PONG, b"%d" % number) for number in range(50)]


def test_fragments_of_a_usual_size_are_one_message(server: SmallServer) -> None:
    part = b"a" * 1024
    with closing(accepted(server)) as connection:
        message = frame(TEXT, part, final=False) + frame(CONTINUATION, part, final=False) * 998
        connection.sendall(message + frame(CONTINUATION, b"!"))
        answer = received_until(connection, b"!")
    assert answer.endswith(part + b"!")
    assert len(answer) > 999 * 1024


def test_thousands_of_tiny_messages_are_all_taken_in_their_order(server: SmallServer) -> None:
    with closing(accepted(server)) as connection:
        connection.sendall(b"".join(frame(TEXT, b"%d" % number) for number in range(3000)))
        answers = frames_of(received_until(connection, b"ws 2999"))
        assert answers == [(TEXT, b"ws %d" % number) for number in range(3000)]


@pytest.mark.parametrize("begun", [frame(PONG), frame(TEXT, b"{"), frame(TEXT, final=False)])
def test_of_who_was_refused_no_more_is_read_and_the_end_comes_soon(server: SmallServer, begun: bytes) -> None:
    with closing(accepted(server, "/refused")) as connection:
        flood(connection, begun + frame(CONTINUATION, final=False) * 50_000)
        connection.settimeout(8)  # A client that never confirms the end is not waited for any longer than that.
        assert close_code(received(connection)) in {3000, POLICY_VIOLATION}


def test_who_confirms_the_end_is_let_go_at_once(server: SmallServer) -> None:
    with closing(accepted(server, "/refused")) as connection:
        flood(connection, frame(CLOSE, struct.pack("!H", 3000)))
        connection.settimeout(2)
        assert close_code(received(connection)) == 3000


@pytest.mark.anyio
async def test_others_are_served_while_somebody_floods(server: SmallServer) -> None:
    def attack() -> None:
        for _ in range(5):
            with closing(accepted(server, "/refused")) as connection:
                flood(connection, frame(TEXT, final=False) + frame(CONTINUATION, final=False) * 100_000)

    attacking = asyncio.create_task(asyncio.to_thread(attack))
    async with asyncio.timeout(30), server.echo("ws") as websocket:
        for number in range(20):
            await websocket.send(str(number))
            assert await websocket.recv() == f"ws {number}"
        await attacking


@pytest.mark.parametrize(
    ("path", "more", "status"),
    [("/echo?" + "a" * 9000, "", 414), ("/echo", f"Cookie: {'a' * 9000}\r\n", 431)],
    ids=["path", "header"],
)
def test_a_head_that_is_too_large_for_a_websocket_is_refused(
    server: SmallServer, path: str, more: str, status: int
) -> None:
    with closing(opened(server, path, more=more)) as connection:
        connection.settimeout(5)
        assert connection.recv(1 << 16).startswith(f"HTTP/1.1 {status} ".encode())
