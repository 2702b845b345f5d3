"""Voices are told apart, followed from window to window, and called by their names."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from antiphon.audio.segments import Segment
from antiphon.dialogue import speakers
from antiphon.dialogue.speakers import SpeakerTracker, stretch_starts, turns
from antiphon.engines.interfaces import RecognizedSpeech, RecognizedWord

VOICES = np.random.default_rng(3).normal(size=(30, 64))


def said_by(*voices: int, seed: int = 1) -> NDArray[np.float32]:
    """The vectors of stretches in which these voices speak, each a little different."""
    noise = np.random.default_rng(seed).normal(size=(len(voices), 64)) * 0.3
    vectors = VOICES[list(voices)] + noise
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def spoken(text: str, *, word_ms: int = 400) -> RecognizedSpeech:
    words = [
        RecognizedWord(text=f" {word}", start_ms=index * word_ms, end_ms=(index + 1) * word_ms)
        for index, word in enumerate(text.split())
    ]
    return RecognizedSpeech(
        text=text, language="en", start_ms=0, end_ms=len(words) * word_ms, no_speech_probability=0.0, words=words
    )


def test_voices_have_letters_in_the_order_in_which_they_are_heard_most():
    assert SpeakerTracker({}).name(said_by(0, 0, 0, 0, 1, 1, 1)) == [*"AAAABBB"]


def test_a_voice_keeps_its_letter_in_the_next_window():
    tracker = SpeakerTracker({})
    tracker.name(said_by(0, 0, 0, 0, 1, 1, 1))
    assert tracker.name(said_by(1, 1, 1, 2, 2, 2, 2, seed=2)) == [*"BBBCCCC"]


def test_one_stretch_does_not_make_a_voice():
    assert SpeakerTracker({}).name(said_by(0, 0, 0, 1, 0, 0)) == [*"AAAAAA"]


def test_who_was_introduced_is_called_by_name():
    tracker = SpeakerTracker({"Ada": said_by(0, 0, 0, seed=5), "B": said_by(1, 1, 1, seed=6)})
    assert tracker.name(said_by(2, 2, 2, 0, 0, 0, 1, 1, 1)) == [*"AAA", "Ada", "Ada", "Ada", *"BBB"]
    assert set(tracker.name(said_by(3, 3, 3))) == {"C"}


def test_there_are_letters_for_any_number_of_voices():
    names = islice(speakers._letters(), 60)
    assert [name for name in names if len(name) == 2][:2] == ["AA", "AB"]


def test_no_voice_is_heard_where_nobody_speaks():
    assert SpeakerTracker({}).name(said_by()[:0]) == []
    assert stretch_starts([], start_ms=0, stretch_ms=1_600) == []


def test_voices_are_listened_to_all_along():
    starts = stretch_starts([Segment(1_000, 1_500), Segment(5_000, 7_600)], start_ms=1_000, stretch_ms=1_600)
    assert starts == [0, 4_000, 4_400, 4_800, 5_000]


def said(text: str, names: Sequence[str]) -> list[tuple[str, str]]:
    """What each says of a text, of which so many equal parts are said by these."""
    speech = spoken(text)
    share = speech.end_ms // len(names)
    centers = [round((index + 0.5) * share) for index in range(len(names))]
    return [(part.text, name) for part, name in turns(speech, centers, names)]


def test_speech_is_cut_where_the_voice_changes():
    assert said("Who is there? It is only me, as ever.", ["A", "B", "B"]) == [
        ("Who is there?", "A"),
        ("It is only me, as ever.", "B"),
    ]


def test_a_word_in_another_voice_within_a_sentence_is_a_mistake():
    assert said("This is one sentence of one person.", ["A", "A", "A", "B", "A", "A", "A"]) == [
        ("This is one sentence of one person.", "A")
    ]


def test_words_without_times_are_said_by_whoever_speaks_first():
    speech = RecognizedSpeech(text="Hello.", language="en", start_ms=0, end_ms=900, no_speech_probability=0.0)
    assert turns(speech, [450], ["B"]) == [(speech, "B")]
