"""The silence around a clause."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from antiphon.engines.embedded.synthesis.clause_edges import with_natural_edges

RATE = 24_000


def tone(seconds: float) -> NDArray[np.float32]:
    return np.sin(2 * np.pi * 200 * np.arange(round(seconds * RATE)) / RATE).astype(np.float32) * 0.3


def padded_tone(*, silence_seconds: float = 0.5) -> NDArray[np.float32]:
    silence = np.zeros(round(silence_seconds * RATE), np.float32)
    return np.concatenate([silence, tone(1.0), silence])


def edged(samples: NDArray[np.float32], text: str = "", speed: float = 1.0) -> NDArray[np.float32]:
    return with_natural_edges(samples, sample_rate=RATE, text=text, speed=speed)


def test_silence_around_the_speech_is_cut() -> None:
    assert len(edged(padded_tone())) / RATE == pytest.approx(1.09, abs=0.02)


def test_the_speech_itself_is_untouched() -> None:
    middle = slice(RATE // 4, RATE // 2)
    spoken = edged(tone(1.0))
    assert np.array_equal(spoken[middle], tone(1.0)[middle])


@pytest.mark.parametrize(
    ("text", "pause_seconds"), [("a", 0.0), ("a,", 0.15), ("a;", 0.25), ("a.", 0.35), ("a.”", 0.35)]
)
def test_punctuation_decides_the_pause(text: str, pause_seconds: float) -> None:
    without = edged(padded_tone())
    assert (len(edged(padded_tone(), text)) - len(without)) / RATE == pytest.approx(pause_seconds)


def test_a_faster_voice_pauses_less() -> None:
    without = edged(padded_tone())
    assert (len(edged(padded_tone(), "a.", speed=2.0)) - len(without)) / RATE == pytest.approx(0.175)


def test_speech_cut_off_in_the_middle_does_not_click() -> None:
    abrupt = np.full(RATE, 0.5, np.float32)
    assert np.abs(np.diff(edged(abrupt), prepend=0, append=0)).max() < 0.01


def test_silence_alone_is_nothing() -> None:
    assert len(edged(np.zeros(RATE, np.float32), ".")) == 0


def test_no_samples_are_nothing() -> None:
    assert len(edged(np.zeros(0, np.float32))) == 0
