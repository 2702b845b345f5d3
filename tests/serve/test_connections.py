"""How many connections there may be, how long they may do nothing, and what becomes of those that are too many."""

from __future__ import annotations

import resource
import socket
import time
from collections.abc import Generator
from contextlib import ExitStack, closing
from pathlib import Path

import httpx
import pytest

from antiphon.serve.connections import most_connections

from ..waiting import until
from .small_servers import SmallServer, serving

_REQUEST = b"GET /client HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture(scope="module")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Generator[SmallServer]:
    data = tmp_path_factory.mktemp("impatient") / "data"
    with serving(data, head_seconds=1.5, keep_alive_seconds=2, stalled_seconds=2.5) as running:
        yield running


def connected(server: SmallServer, *, tls: bool = False, from_address: str = "127.0.0.1") -> socket.socket:
    port = server.tls_port if tls else server.port
    return socket.create_connection(("127.0.0.1", port), timeout=60, source_address=(from_address, 0))


def all_of(connection: socket.socket) -> bytes:
    """What the server says until it ends the connection."""
    said = bytearray()
    try:
        while part := connection.recv(1 << 16):
            said += part
    except ConnectionError:
        pass
    return bytes(said)


def answers(connection: socket.socket) -> bool:
    try:
        connection.sendall(_REQUEST)
        said = b""
        while not said.endswith(b"}") and (part := connection.recv(1 << 16)):
            said += part
        return said.startswith(b"HTTP/1.1 200 ")
    except ConnectionError:
        return False


@pytest.mark.parametrize("sent", [b"", b"\r\n", _REQUEST], ids=["silent", "an empty line", "after a request"])
def test_who_sends_no_request_is_hung_up_on(impatient: SmallServer, sent: bytes) -> None:
    with closing(connected(impatient)) as connection:
        connection.sendall(sent)
        assert all_of(connection).count(b"HTTP/1.1 ") == sent.count(b"GET")


def test_who_sends_half_a_head_is_told_that_it_took_too_long(impatient: SmallServer) -> None:
    with closing(connected(impatient)) as connection:
        connection.sendall(_REQUEST + _REQUEST[:-2])
        first, second = all_of(connection).split(b"HTTP/1.1 ")[1:]
    assert (first[:3], second[:3]) == (b"200", b"408")


def test_a_head_that_trickles_has_no_more_time_than_another(impatient: SmallServer) -> None:
    with closing(connected(impatient)) as connection:
        connection.settimeout(0.1)
        said = b""
        for byte in _REQUEST[:-4] + b"a" * 100:
            try:
                connection.sendall(bytes([byte]))
                said += connection.recv(1 << 16)
            except TimeoutError:
                continue
            except ConnectionError:
                break
    assert said.startswith(b"HTTP/1.1 408 ")


def test_who_reads_nothing_of_a_large_answer_is_dropped(impatient: SmallServer) -> None:
    with closing(connected(impatient)) as connection:
        until(lambda: impatient.has(connection))
        connection.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        assert connection.recv(1, socket.MSG_PEEK)
        until(lambda: not impatient.has(connection))
        assert len(all_of(connection)) < 64 << 20


def test_who_reads_slowly_gets_the_whole_answer(impatient: SmallServer) -> None:
    with closing(connected(impatient)) as connection:
        connection.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        size = 0
        for _ in range(8):
            time.sleep(0.5)
            for _ in range(64):
                size += len(connection.recv(1 << 16))
        assert size + len(all_of(connection)) > 64 << 20


def test_who_goes_on_with_a_body_that_was_answered_is_dropped(impatient: SmallServer) -> None:
    with closing(connected(impatient)) as connection:
        connection.sendall(b"POST /unread HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
        connection.settimeout(0.2)
        ended = False
        for _ in range(100):
            try:
                connection.sendall(b"a")
                ended = not connection.recv(1 << 16)
            except TimeoutError:
                continue
            except ConnectionError:
                ended = True
            if ended:
                break
        assert ended


def test_an_answer_that_takes_longer_than_all_that_is_waited_for(impatient: SmallServer) -> None:
    with closing(connected(impatient)) as connection:
        connection.sendall(b"GET /endless HTTP/1.1\r\nHost: x\r\n\r\n")
        end = time.monotonic() + 4
        while time.monotonic() < end:
            assert connection.recv(1 << 16)


def test_where_there_are_too_many_those_go_that_have_been_idle_for_longest(tmp_path: Path) -> None:
    with serving(tmp_path / "data", connections=8) as running, ExitStack() as stack:
        idle = [stack.enter_context(closing(connected(running))) for _ in range(20)]
        for connection in idle[:10]:
            assert all_of(connection) == b""
        with running.client() as client:
            for scheme in ("http", "https"):
                assert client.get(running.url(scheme, "/client")).status_code == 200


def test_those_of_an_address_with_many_go_first(tmp_path: Path) -> None:
    with serving(tmp_path / "data", connections=8) as running, ExitStack() as stack:
        other = stack.enter_context(closing(connected(running, from_address="127.0.0.2")))
        assert answers(other)
        for _ in range(50):
            stack.enter_context(closing(connected(running)))
        assert answers(other)


def test_where_all_are_busy_the_next_is_told_to_come_back_and_later_gets_in(tmp_path: Path) -> None:
    with serving(tmp_path / "data", connections=3) as running, ExitStack() as stack:
        busy: list[socket.socket] = []
        for _ in range(3):
            connection = stack.enter_context(closing(connected(running)))
            busy.append(connection)
            connection.sendall(b"GET /endless HTTP/1.1\r\nHost: x\r\n\r\n")
            assert connection.recv(1 << 16)
        with running.client() as client:
            refused = client.get(running.url("http", "/client"))
            assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
            assert refused.json()["error"]["code"] == "503"
            with pytest.raises(httpx.TransportError):
                client.get(running.url("https", "/client"))
            busy[0].close()
            until(lambda: client.get(running.url("http", "/client")).status_code == 200)


def test_more_sockets_than_the_system_has_files_for_lock_nobody_out(tmp_path: Path) -> None:
    with serving(tmp_path / "data", files=400) as running, ExitStack() as stack:
        for _ in range(500):
            stack.enter_context(closing(connected(running)))
            stack.enter_context(closing(connected(running, tls=True)))
        with running.client() as client:
            assert client.get(running.url("http", "/client")).status_code == 200
            assert client.get(running.url("https", "/client")).status_code == 200


def test_there_are_no_more_connections_than_open_files() -> None:
    files, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(1024, most_files), most_files))
        assert most_connections(10) == 10
        assert most_connections(10**6) < max(most_files, 65_536)
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] >= min(most_files, 65_536)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, most_files))
