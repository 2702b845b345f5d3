"""What clients can send before, around and after a request, and what the server answers."""

from __future__ import annotations

import json
import socket
from collections.abc import Generator, Iterable
from contextlib import closing

import pytest

from .small_servers import SmallServer, serving

_GET = b"GET /client HTTP/1.1\r\nHost: x\r\n"
_CHUNKED = b"POST %b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
_MEGABYTE = b"a" * (1 << 20)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[SmallServer]:
    with serving(tmp_path_factory.mktemp("server") / "data") as running:
        yield running


def answers(server: SmallServer, sent: Iterable[bytes]) -> bytes:
    """All that the server says until it closes the connection, which it has to do soon."""
    with closing(socket.create_connection(("127.0.0.1", server.port), timeout=20)) as connection:
        for part in sent:
            try:
                connection.sendall(part)
            except ConnectionError:
                break
        said = b""
        try:
            while part := connection.recv(1 << 16):
                said += part
        except ConnectionError:
            pass
        return said


def error(said: bytes) -> tuple[int, str]:
    """The status and the code of the only answer."""
    head, _, body = said.partition(b"\r\n\r\n")
    assert b"\r\nconnection: close" in head
    return int(head.split()[1]), json.loads(body)["error"]["code"]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ([b"GET /", *[_MEGABYTE] * 20], 414),
        ([b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n"], 414),
        ([b"GET /client?", *[b"q=1&" * 1000] * 20], 414),
        ([_GET, b"A: ", *[_MEGABYTE] * 20], 431),
        ([_GET, *[_MEGABYTE] * 20], 431),
        ([_GET, *[b"A: b\r\n" * 1000] * 20], 431),
        ([_GET, b"A: b\r\n" * 100, b"\r\n"], 431),
        ([_GET, *[b"Cookie: " + b"a" * 4000 + b"\r\n"] * 20], 431),
        ([b"\r\n" * 50_000], 431),
        ([b"no HTTP at all\r\n\r\n"], 400),
        ([_CHUNKED % b"/size", b"1;", *[_MEGABYTE] * 20], 400),
        ([_CHUNKED % b"/size", *[b"1;" + b"a" * 5000 + b"\r\na\r\n"] * 50], 400),
        ([_CHUNKED % b"/size", b"0\r\nTrailer: ", *[_MEGABYTE] * 20], 400),
        ([_CHUNKED % b"/size", b"0\r\n", *[b"T: b\r\n" * 1000] * 20], 400),
        ([_CHUNKED % b"/size", b"no chunk\r\n"], 400),
    ],
)
def test_what_is_too_large_or_no_http_is_refused_and_the_connection_ends(
    server: SmallServer, sent: list[bytes], status: int
) -> None:
    assert error(answers(server, sent)) == (status, str(status))


def test_of_who_goes_on_after_a_refusal_little_more_is_read(server: SmallServer) -> None:
    sent = 0
    with closing(socket.create_connection(("127.0.0.1", server.port), timeout=20)) as connection:
        connection.sendall(_GET + b"A: ")
        with pytest.raises(ConnectionError):
            while True:
                sent += connection.send(_MEGABYTE)
    assert sent < 64 << 20


def test_as_much_as_may_be_is_taken(server: SmallServer) -> None:
    headers = b"".join(b"X-%d: %b\r\n" % (number, b"a" * 200) for number in range(98))
    said = answers(
        server, [b"GET /client?" + b"a" * 8000 + b" HTTP/1.1\r\nHost: x\r\n", headers, b"Connection: close\r\n\r\n"]
    )
    assert said.startswith(b"HTTP/1.1 200 ")


def test_a_body_in_chunks_of_a_byte_is_taken(server: SmallServer) -> None:
    head = (_CHUNKED % b"/size").replace(b"Host: x", b"Host: x\r\nConnection: close")
    assert answers(server, [head, b"1\r\na\r\n" * 50_000, b"0\r\n\r\n"]).endswith(b"\r\n\r\n50000")


def test_trailers_are_not_headers(server: SmallServer) -> None:
    head = (_CHUNKED % b"/size").replace(b"Host: x", b"Host: x\r\nConnection: close")
    assert answers(server, [head, b"1\r\na\r\n0\r\nX-Forwarded-For: 203.0.113.7\r\n\r\n"]).endswith(b"\r\n\r\n1")


def test_a_few_requests_may_be_sent_ahead_and_of_a_flood_the_first_are_answered(server: SmallServer) -> None:
    request = _GET + b"\r\n"
    assert answers(server, [request * 4, _GET + b"Connection: close\r\n\r\n"]).count(b"HTTP/1.1 200 ") == 5
    flooded = answers(server, [request * 50_000])
    assert 1 <= flooded.count(b"HTTP/1.1 200 ") < 500
    assert flooded.count(b"HTTP/1.1 ") == flooded.count(b"HTTP/1.1 200 ")


def test_what_is_no_http_after_a_request_does_not_get_into_its_answer(server: SmallServer) -> None:
    slow = b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"
    said = answers(server, [slow, b"no HTTP at all\r\n\r\n"])
    assert said.count(b"HTTP/1.1 ") == 1
    assert said.endswith(b'"slow"')


def test_a_websocket_asked_for_after_a_request_is_not_opened(server: SmallServer) -> None:
    slow = b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"
    upgrade = b"GET /echo HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
    assert answers(server, [slow, upgrade]).count(b"HTTP/1.1 ") == 1


def test_a_client_that_offers_another_protocol_is_answered_in_this_one(server: SmallServer) -> None:
    offer = b"Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAQAAP__\r\n\r\n"
    assert answers(server, [_GET, offer]).startswith(b"HTTP/1.1 200 ")


def test_a_broken_body_that_was_answered_already_gets_no_second_answer(server: SmallServer) -> None:
    said = answers(server, [_CHUNKED % b"/unread", b"1\r\na\r\n", b"1;", *[_MEGABYTE] * 20])
    assert said.count(b"HTTP/1.1 ") == 1
