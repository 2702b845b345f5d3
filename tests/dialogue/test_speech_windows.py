"""Recordings are cut into windows at their pauses, and what is silent is left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from antiphon.audio.pcm import Pcm
from antiphon.dialogue.speech_windows import LONGEST_WINDOW_MS, Chunking, SpeechWindow, WindowCutter
from antiphon.vocabulary.speech import SpeechProbability

RATE = 1_000
"""One sample a millisecond, each of which says when it is."""
FRAME_MS = 32


def windows(
    spoken: Iterable[tuple[int, int]], *, length_ms: int, first_windows_ms: Sequence[int] = (), piece_ms: int = 5_000
) -> list[SpeechWindow]:
    """Those of a recording in which somebody speaks between these moments."""
    stretches = list(spoken)
    cutter = WindowCutter(RATE, Chunking(), first_windows_ms=first_windows_ms)
    found: list[SpeechWindow] = []
    position = 0
    for start in range(0, length_ms, piece_ms):
        end = min(start + piece_ms, length_ms)
        frames: list[SpeechProbability] = []
        while position + FRAME_MS <= end:
            position += FRAME_MS
            middle = position - FRAME_MS // 2
            is_spoken = any(begin <= middle < until for begin, until in stretches)
            frames.append(SpeechProbability(probability=float(is_spoken), level_dbfs=-20.0, end_ms=position))
        found += cutter.feed(Pcm(np.arange(start, end, dtype=np.float32), RATE), frames)
    return [*found, *cutter.finish()]


def test_silence_has_no_window():
    assert windows([], length_ms=3_600_000) == []


def test_speech_is_heard_with_a_little_of_what_surrounds_it():
    (window,) = windows([(10_000, 12_000)], length_ms=60_000)
    assert window.start_ms == pytest.approx(9_700, abs=FRAME_MS)
    assert window.audio.samples[0] == window.start_ms
    assert window.audio.samples[-1] == pytest.approx(12_300, abs=FRAME_MS)


def test_a_long_pause_ends_a_window_and_a_short_one_does_not():
    short, long = 1_000, 3_000
    assert len(windows([(0, 4_000), (4_000 + short, 8_000)], length_ms=20_000)) == 1
    assert len(windows([(0, 4_000), (4_000 + long, 12_000)], length_ms=20_000)) == 2


def test_a_window_ends_at_the_first_pause_after_twenty_seconds():
    spoken = [(start, start + 4_500) for start in range(0, 60_000, 5_000)]
    first, *_ = windows(spoken, length_ms=60_000)
    assert first.speech[-1].end_ms == pytest.approx(24_500, abs=FRAME_MS)


def test_speech_without_a_pause_is_cut_and_none_is_lost():
    found = windows([(0, 100_000)], length_ms=100_000)
    assert max(window.audio.seconds for window in found) * 1000 <= LONGEST_WINDOW_MS + 300
    heard = np.concatenate([window.audio.samples for window in found])
    assert np.array_equal(heard, np.arange(len(heard)))
    assert len(heard) == pytest.approx(100_000, abs=FRAME_MS)


def test_the_first_windows_are_short_for_somebody_who_waits():
    spoken = [(start, start + 1_600) for start in range(0, 60_000, 2_000)]
    first, second, *_ = windows(spoken, length_ms=60_000, first_windows_ms=(3_000, 6_000))
    assert first.audio.seconds < 5
    assert second.audio.seconds < 9


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(200, 40_000), max_size=12), st.sampled_from([500, 1_000, 5_000]))
def test_windows_are_in_order_apart_and_have_all_speech(lengths: list[int], piece_ms: int):
    bounds = np.cumsum([0, *lengths]).tolist()
    spoken = [(bounds[index], bounds[index + 1]) for index in range(0, len(lengths) - 1, 2)]
    found = windows(spoken, length_ms=bounds[-1] + 1_000, piece_ms=piece_ms)
    at = 0
    for window in found:
        assert window.start_ms >= at
        assert window.audio.samples[0] == window.start_ms
        at = window.start_ms + len(window.audio.samples)
    heard = {int(sample) for window in found for sample in window.audio.samples}
    for begin, until in spoken:
        assert set(range(begin + FRAME_MS, until - FRAME_MS)) <= heard
