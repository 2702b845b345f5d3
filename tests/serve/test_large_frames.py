"""`LargeFrames`: what a client said stays the same, however it is cut."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode
from websockets.streams import StreamReader

from antiphon.serve.large_frames import LargeFrames

_MAX_BYTES = 1 << 20
_LARGEST_PIECE = 32 * 1024 + 14
SIZES = st.sampled_from([0, 1, 125, 126, 1000, 32 * 1024, 32 * 1024 + 1, 65_535, 65_536, 100_001])


def sent(opcode: int, data: bytes, *, final: bool = True) -> bytes:
    return Frame(Opcode(opcode), data, final).serialize(mask=True)


def pieces(stream: bytes, *, cut: int) -> Iterator[bytes]:
    """What is to be parsed, when `cut` bytes arrive at a time."""
    frames, received = LargeFrames(max_bytes=_MAX_BYTES), bytearray()
    for begin in range(0, len(stream), cut):
        received += stream[begin : begin + cut]
        while piece := frames.take(received):
            yield piece


def parsed(stream: bytes) -> list[Frame]:
    reader = StreamReader()
    reader.feed_data(stream)
    frames: list[Frame] = []
    while reader.buffer:
        parsing = Frame.parse(reader.read_exact, mask=True)
        try:
            next(parsing)
        except StopIteration as parse:
            frames.append(parse.value)
        else:
            raise AssertionError("The stream ends within a frame.")
    return frames


def messages(frames: list[Frame]) -> list[tuple[Opcode, bytes]]:
    """Whole messages and control frames."""
    whole: list[tuple[Opcode, bytes]] = []
    opcode, data = Opcode.CONT, b""
    for frame in frames:
        if frame.opcode >= Opcode.CLOSE:
            whole.append((frame.opcode, bytes(frame.data)))
            continue
        if frame.opcode is not Opcode.CONT:
            opcode = frame.opcode
        data += frame.data
        if frame.fin:
            whole.append((opcode, data))
            data = b""
    return whole


@settings(deadline=None)
@given(st.lists(st.lists(SIZES, min_size=1, max_size=3), max_size=4), st.sampled_from([97, 4096, 250_000]))
def test_messages_stay_the_same_and_no_piece_is_large(sizes: list[list[int]], cut: int) -> None:
    stream = b""
    for index, fragments in enumerate(sizes):
        for place, size in enumerate(fragments):
            data = bytes([index + place]) * size
            stream += sent(0 if place else 1 + index % 2, data, final=place == len(fragments) - 1) + sent(9, b"ping")
    taken = list(pieces(stream, cut=cut))
    assert messages(parsed(b"".join(taken))) == messages(parsed(stream))
    assert max(map(len, taken), default=0) <= _LARGEST_PIECE


def test_a_large_frame_is_masked_as_before() -> None:
    data = bytes(range(256)) * 1000
    assert messages(parsed(b"".join(pieces(sent(2, data), cut=10_000)))) == [(Opcode.BINARY, data)]


def test_what_no_client_sends_is_left_for_the_parser_to_refuse() -> None:
    unmasked = Frame(Opcode.TEXT, b"a" * 40_000).serialize(mask=False)
    reserved = bytes([0xF1]) + sent(1, b"a" * 40_000)[1:]
    too_large = struct.pack("!BBQ", 0x81, 0xFF, _MAX_BYTES + 1) + bytes(40_000)
    for stream in (unmasked, reserved, too_large):
        assert b"".join(pieces(stream, cut=1000)) == stream
