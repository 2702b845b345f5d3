"""What a network does to packets, and the audio that comes of it."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.calls.jitter import HOLD_MS, AudioPacket, JitterBuffer, Silence, Stretch

RATE = 48_000
FRAME = 960
"""20 ms."""


def packet(number: int, *, at: int | None = None) -> AudioPacket:
    """The packet with this number; `at` counts frames since the first, if some were not sent."""
    at = number if at is None else at
    return AudioPacket(
        sequence=(65_530 + number) % 2**16,
        timestamp=(2**32 - 3 * FRAME + at * FRAME) % 2**32,
        payload=number.to_bytes(4),
        samples=FRAME,
    )


def numbers(stretches: list[Stretch]) -> list[int | None]:
    """The packets' numbers; None for each stretch of silence."""
    return [int.from_bytes(each.payload) if isinstance(each, AudioPacket) else None for each in stretches]


def length_ms(stretches: list[Stretch]) -> float:
    return sum(each.samples for each in stretches) * 1000 / RATE


def test_what_comes_in_order_is_passed_on_at_once():
    buffer = JitterBuffer(RATE, now_ms=0)
    for number in range(20):
        buffer.put(packet(number), now_ms=number * 20)
        assert numbers(buffer.take(now_ms=number * 20)) == [number]


def test_what_overtook_another_waits_for_it():
    buffer = JitterBuffer(RATE, now_ms=0)
    taken: list[Stretch] = []
    for number, at in [(0, 0), (2, 20), (3, 40), (1, 50), (4, 80)]:
        buffer.put(packet(number), now_ms=at)
        taken += buffer.take(now_ms=at)
    assert numbers(taken) == [0, 1, 2, 3, 4]


def test_what_is_lost_becomes_silence_of_its_length():
    buffer = JitterBuffer(RATE, now_ms=0)
    taken: list[Stretch] = []
    for number in [0, 1, *range(3, 10)]:
        buffer.put(packet(number), now_ms=number * 20)
        taken += buffer.take(now_ms=number * 20)
    assert numbers(taken) == [0, 1, None, *range(3, 10)]
    assert length_ms(taken) == 200


def test_what_comes_twice_or_too_late_is_dropped():
    buffer = JitterBuffer(RATE, now_ms=0)
    taken: list[Stretch] = []
    for number, at in [(0, 0), (0, 5), (2, 40), (2, 110), (1, 120), (3, 130)]:
        buffer.put(packet(number), now_ms=at)
        taken += buffer.take(now_ms=at)
    assert [number for number in numbers(taken) if number is not None] == [0, 2, 3]


def test_time_goes_on_while_nothing_comes():
    buffer = JitterBuffer(RATE, now_ms=0)
    buffer.put(packet(0), now_ms=20)
    taken = buffer.take(now_ms=20)
    for now_ms in range(40, 1_000, 20):
        taken += buffer.take(now_ms=now_ms)
        assert length_ms(taken) >= now_ms - HOLD_MS


def test_a_sender_that_suppresses_silence_is_heard_again_where_it_speaks():
    buffer = JitterBuffer(RATE, now_ms=0)
    taken: list[Stretch] = []
    for now_ms in range(20, 2_000, 20):
        if now_ms == 20:
            buffer.put(packet(0), now_ms=now_ms)
        elif now_ms >= 1_000:
            buffer.put(packet(now_ms // 20 - 49, at=now_ms // 20), now_ms=now_ms)
        taken += buffer.take(now_ms=now_ms)
    assert length_ms(taken) == pytest.approx(2_000, abs=HOLD_MS + 20)
    before = length_ms(list(itertools.takewhile(lambda each: not _is(each, 1), taken)))
    assert before == pytest.approx(1_000, abs=HOLD_MS + 20)


def test_a_stall_loses_nothing_and_does_not_delay_the_silence_after_it():
    buffer = JitterBuffer(RATE, now_ms=0)
    taken: list[Stretch] = []
    for now_ms in range(0, 1_000, 20):  # Nothing arrives between 200 and 1000 ms.
        if now_ms < 200:
            buffer.put(packet(now_ms // 20), now_ms=now_ms)
        taken += buffer.take(now_ms=now_ms)
    for number in range(10, 50):
        buffer.put(packet(number), now_ms=1_000)
    taken += buffer.take(now_ms=1_000)
    assert [number for number in numbers(taken) if number is not None] == list(range(50))
    assert buffer.take(now_ms=1_100) == []
    assert numbers(buffer.take(now_ms=1_200)) == [None]


def test_a_sender_that_starts_again_is_followed():
    buffer = JitterBuffer(RATE, now_ms=0)
    buffer.put(packet(0), now_ms=0)
    buffer.take(now_ms=0)
    buffer.put(packet(20_000), now_ms=20)
    assert numbers(buffer.take(now_ms=20)) == [20_000]


def _is(stretch: Stretch, number: int) -> bool:
    return isinstance(stretch, AudioPacket) and int.from_bytes(stretch.payload) == number


@st.composite
def journeys(draw: st.DrawFn) -> list[tuple[float, int]]:
    """When each packet of a second arrives; those that are lost are missing, and some come twice."""
    arrivals: list[tuple[float, int]] = []
    for number in range(50):
        for _ in range(draw(st.sampled_from([0, 1, 1, 1, 1, 2]))):
            arrivals.append((number * 20 + draw(st.integers(0, 90)), number))
    return sorted(arrivals)


@given(journeys())
def test_on_any_journey_audio_stays_in_order_and_keeps_to_the_clock(journey: list[tuple[float, int]]):
    buffer = JitterBuffer(RATE, now_ms=0)
    taken: list[Stretch] = []
    for now_ms in range(0, 1_500, 20):
        while journey and journey[0][0] <= now_ms:
            at, number = journey.pop(0)
            buffer.put(packet(number), now_ms=at)
        taken += buffer.take(now_ms=now_ms)
        assert length_ms(taken) >= now_ms - HOLD_MS - 20 or buffer._waiting
    heard = [number for number in numbers(taken) if number is not None]
    assert heard == sorted(set(heard))
    assert length_ms(taken) == pytest.approx(1_500, abs=500)


@given(st.lists(st.tuples(st.integers(0, 2**16 - 1), st.integers(0, 2**32 - 1), st.integers(0, 5_760)), max_size=60))
def test_whatever_its_numbers_say_nobody_gets_far_ahead_of_the_clock(sent: list[tuple[int, int, int]]):
    buffer = JitterBuffer(RATE, now_ms=0)
    taken: list[Stretch] = []
    for now_ms, (sequence, timestamp, samples) in enumerate(sent):
        buffer.put(AudioPacket(sequence=sequence, timestamp=timestamp, payload=b"", samples=samples), now_ms=now_ms)
        taken += buffer.take(now_ms=now_ms)
    silence = [each for each in taken if isinstance(each, Silence)]
    assert all(each.samples > 0 for each in silence)
    assert length_ms(taken) <= 3_000 + 2 * len(sent) + 200
