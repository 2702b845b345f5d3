from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from antiphon.audio.segments import Segment, speech_segments

FRAME_MS = 30


@dataclass(frozen=True)
class Frame:
    probability: float
    end_ms: int


def frames(*runs: tuple[float, int]) -> list[Frame]:
    """Frames of 30 ms: each run is a probability and for how many frames it holds."""
    probabilities = [probability for probability, count in runs for _ in range(count)]
    return [Frame(probability, (index + 1) * FRAME_MS) for index, probability in enumerate(probabilities)]


def test_silence_has_no_speech() -> None:
    assert speech_segments(frames((0.1, 100))) == []


def test_nothing_has_no_speech() -> None:
    assert speech_segments([]) == []


def test_speech_lasts_from_its_first_frame_to_its_last() -> None:
    assert speech_segments(frames((0.1, 10), (0.9, 10), (0.1, 10))) == [Segment(300, 600)]


def test_speech_that_goes_on_to_the_end_ends_there() -> None:
    assert speech_segments(frames((0.1, 10), (0.9, 10))) == [Segment(300, 600)]


def test_a_pause_divides_speech() -> None:
    spoken = speech_segments(frames((0.9, 10), (0.1, 10), (0.9, 10)), min_silence_ms=300)
    assert spoken == [Segment(0, 300), Segment(600, 900)]


def test_a_short_pause_does_not() -> None:
    assert speech_segments(frames((0.9, 10), (0.1, 9), (0.9, 10)), min_silence_ms=300) == [Segment(0, 870)]


def test_a_click_is_not_speech() -> None:
    assert speech_segments(frames((0.1, 10), (0.9, 1), (0.1, 10)), min_speech_ms=100) == []


def test_speech_goes_on_while_it_is_only_a_little_less_likely() -> None:
    assert speech_segments(frames((0.9, 5), (0.4, 10), (0.1, 10)), threshold=0.5) == [Segment(0, 450)]


def test_speech_does_not_begin_where_it_is_only_a_little_less_likely() -> None:
    assert speech_segments(frames((0.4, 10), (0.9, 5), (0.1, 10)), threshold=0.5) == [Segment(300, 450)]


def test_speech_is_widened_within_the_recording() -> None:
    spoken = speech_segments(frames((0.9, 10), (0.1, 20), (0.9, 10), (0.1, 1)), pad_ms=100)
    assert spoken == [Segment(0, 400), Segment(800, 1_230)]


def test_stretches_that_touch_become_one() -> None:
    spoken = speech_segments(frames((0.9, 10), (0.1, 10), (0.9, 10)), min_silence_ms=200, pad_ms=150)
    assert spoken == [Segment(0, 900)]


@given(
    probabilities=st.lists(st.floats(0, 1), max_size=80),
    threshold=st.floats(0.2, 0.9),
    pad_ms=st.integers(0, 500),
    min_silence_ms=st.integers(0, 500),
)
def test_stretches_are_in_order_apart_and_within_the_recording(
    probabilities: list[float], threshold: float, pad_ms: int, min_silence_ms: int
) -> None:
    recording = frames(*((probability, 1) for probability in probabilities))
    spoken = speech_segments(recording, threshold=threshold, pad_ms=pad_ms, min_silence_ms=min_silence_ms)
    bounds = [bound for segment in spoken for bound in segment]
    assert bounds == sorted(set(bounds))
    assert all(0 <= bound <= len(recording) * FRAME_MS for bound in bounds)
