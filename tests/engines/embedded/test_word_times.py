"""When words are said, judged by where the recognizer looks for them."""

from __future__ import annotations

import numpy as np

from antiphon.engines.embedded.word_times import said_words
from antiphon.engines.interfaces import RecognizedWord

SAMPLES = np.concatenate([np.zeros(100), np.ones(800), np.zeros(100)]).astype(np.float32)
"""A second, of which the middle 0.8 s sound."""


def aligned(*words: tuple[str, int, int]) -> list[RecognizedWord]:
    return [RecognizedWord(text=text, start_ms=start, end_ms=end) for text, start, end in words]


def times(*words: tuple[str, int, int]) -> list[tuple[str, int, int]]:
    said = said_words(aligned(*words), SAMPLES, sample_rate=1000)
    return [(word.text, word.start_ms, word.end_ms) for word in said]


def test_words_are_said_from_the_first_sound_to_the_last():
    assert times((" One", 0, 400), (" two", 400, 1000)) == [(" One", 100, 640), (" two", 640, 899)]


def test_pieces_and_marks_belong_to_the_word_before():
    assert times((" At", 0, 200), (" 10", 200, 300), (":30", 300, 700), (".", 700, 900)) == [
        (" At", 100, 480),
        (" 10:30.", 480, 899),
    ]


def test_no_word_begins_after_the_last_sound():
    assert times((" One", 0, 950), (" two", 950, 2000))[1] == (" two", 899, 899)


def test_silence_says_nothing():
    assert said_words(aligned((" One", 0, 400)), np.zeros(9, np.float32), sample_rate=1000) == ()
    assert times() == []
