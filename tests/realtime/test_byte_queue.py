from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from antiphon.realtime.byte_queue import ByteQueue

PLACES = st.integers(0, 40)
STEPS = st.lists(st.one_of(st.binary(max_size=12), PLACES), max_size=30)
"""Bytes are appended; so many are dropped."""


@given(STEPS, PLACES, PLACES)
def test_it_holds_what_was_appended_and_not_dropped(steps: list[bytes | int], start: int, end: int):
    queue, expected = ByteQueue(), b""
    for step in steps:
        if isinstance(step, bytes):
            queue.append(step)
            expected += step
        else:
            queue.drop(step)
            expected = expected[step:]
        assert len(queue) == len(expected)
        assert queue.between(0, len(queue)) == expected
        assert queue.between(start, end) == expected[start:end]


def test_a_whole_chunk_is_handed_out_without_a_copy():
    queue, chunk = ByteQueue(), bytes(1000)
    queue.append(chunk)
    assert queue.between(0, 1000) is chunk
