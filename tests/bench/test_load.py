"""Load: what speakers send and take, and which step counts as carried."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from bench.load.area import Step
from bench.load.speakers import Speaker
from bench.load.wire import ServerEvent, SessionRefused, Wire, text_frame

pytestmark = pytest.mark.anyio

UPGRADED = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"
REFUSED = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\n\r\n"


def server_frame(event: Any) -> bytes:
    """As a server sends it: a client's frame without the mask."""
    payload = msgspec.json.encode(event)
    whole = text_frame(payload.decode())
    head = bytearray(whole[: -len(payload) - 4])
    head[1] &= 0x7F
    return bytes(head) + payload


class Sink(asyncio.Transport):
    """A transport that remembers what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written.append(bytes(data))

    def close(self) -> None:
        pass


@pytest.mark.parametrize("size", [1, 7, 100_000])
async def test_events_are_read_however_they_arrive(size: int):
    taken: list[ServerEvent] = []
    wire = Wire(taken.append, lambda: None)
    wire.connection_made(Sink())
    deltas = ["short", "m" * 1000, "l" * 70_000]
    data = UPGRADED + b"".join(server_frame({"type": "x", "delta": delta}) for delta in deltas)
    for start in range(0, len(data), size):
        wire.data_received(data[start : start + size])
    assert wire.opened.done()
    assert [event.delta for event in taken] == deltas


async def test_a_refused_session_tells_when_to_come_back():
    wire = Wire(lambda _: None, lambda: None)
    wire.connection_made(Sink())
    wire.data_received(REFUSED)
    with pytest.raises(SessionRefused) as refused:
        await wire.opened
    assert (refused.value.status, refused.value.retry_after) == (503, "5")


def step(*, first_audio_s: Sequence[float], outcomes: dict[str, int], sessions_refused: int = 0) -> Step:
    return Step(
        speakers=10,
        first_audio_s=first_audio_s,
        outcomes=outcomes,
        sessions_refused=sessions_refused,
        cpu_percent=50.0,
        client_percent=5.0,
        late_s=[0.0],
        resident_mb=100.0,
    )


def test_speakers_are_carried_while_everyone_is_answered_and_nearly_everyone_soon():
    assert step(first_audio_s=[0.6] * 99 + [3.0], outcomes={"answered": 100}).is_carried
    assert not step(first_audio_s=[0.6] * 90 + [3.0] * 10, outcomes={"answered": 100}).is_carried
    assert not step(first_audio_s=[0.6] * 99, outcomes={"answered": 99, "refused": 1}).is_carried
    assert not step(first_audio_s=[0.6] * 99, outcomes={"answered": 99}, sessions_refused=1).is_carried
    assert not step(first_audio_s=[], outcomes={}).is_carried


async def test_a_speaker_asks_hears_the_answer_and_leaves_when_told_to():
    speaker = Speaker(questions=[[b"what", b"then"]], background=[b"hum"], think_s=0.0, number=0)
    sink = Sink()
    wire = Wire(speaker._take, speaker._lose)
    wire.connection_made(sink)
    wire.data_received(UPGRADED)
    speaker._wire = wire
    conversing = asyncio.create_task(speaker.converse())
    while b"then" not in sink.written:
        await asyncio.sleep(0)
        speaker.send_next()
    speaker.leave()
    done = {"status": "failed", "status_details": {"error": {"code": "rate_limit_exceeded"}}}
    wire.data_received(server_frame({"type": "response.audio.delta", "delta": "AAAA"}))
    wire.data_received(server_frame({"type": "response.done", "response": done}))
    await conversing
    (asked,) = speaker.asked
    assert asked.outcome == "refused"
    assert asked.first_audio_s > 0
    assert [sent for sent in sink.written if sent != b"hum"] == [b"what", b"then"]
