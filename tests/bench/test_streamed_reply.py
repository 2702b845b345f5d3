"""Streamed replies: how long a player would have had nothing to play."""

from __future__ import annotations

import pytest
from bench.streamed_reply import Arrival, StreamedReply, starved_s
from hypothesis import given
from hypothesis import strategies as st

seconds = st.floats(0.0, 10.0)
arrivals_in_order = st.lists(st.tuples(seconds, seconds), min_size=1).map(
    lambda pairs: [Arrival(at_s, audio_s) for at_s, audio_s in sorted(pairs)]
)


def test_audio_that_comes_before_it_is_needed_starves_nobody():
    assert starved_s([Arrival(0.5, 1.0), Arrival(1.0, 1.0), Arrival(2.5, 1.0)]) == 0.0


def test_each_gap_counts_from_the_end_of_what_was_there():
    assert starved_s([Arrival(0.5, 1.0), Arrival(2.0, 1.0), Arrival(3.25, 1.0)]) == pytest.approx(0.75)


def test_time_before_the_first_audio_is_not_starvation():
    assert starved_s([Arrival(5.0, 0.1)]) == 0.0


def test_what_was_missed_is_played_late_and_leaves_no_debt():
    """A player that waited a second plays on from there; the next piece comes while it still does."""
    assert starved_s([Arrival(0.0, 1.0), Arrival(2.0, 1.0), Arrival(2.9, 1.0)]) == pytest.approx(1.0)


@given(arrivals_in_order)
def test_playing_takes_as_long_as_the_audio_and_the_gaps(arrivals: list[Arrival]):
    playing_s = sum(arrival.audio_s for arrival in arrivals) + starved_s(arrivals)
    assert arrivals[0].at_s + playing_s >= arrivals[-1].at_s + arrivals[-1].audio_s - 1e-9


@given(arrivals_in_order)
def test_nobody_starves_longer_than_the_stream_took(arrivals: list[Arrival]):
    assert 0.0 <= starved_s(arrivals) <= arrivals[-1].at_s - arrivals[0].at_s + 1e-9


def test_the_real_time_factor_compares_the_whole_reply_with_its_length():
    reply = StreamedReply(
        first_byte_s=0.1,
        first_transcript_s=0.2,
        total_s=1.5,
        arrivals=[Arrival(0.4, 1.0), Arrival(0.9, 2.0)],
        audio_id="audio_1",
        transcript="Hello.",
    )
    assert (reply.first_audio_s, reply.audio_s, reply.real_time_factor) == (0.4, 3.0, 0.5)
