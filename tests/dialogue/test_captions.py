"""Words become segments that can be read as captions."""

from __future__ import annotations

from antiphon.dialogue.captions import LONGEST_MS, MOST_CHARACTERS, captions
from antiphon.engines.interfaces import RecognizedSpeech, RecognizedWord


def spoken(text: str, *, word_ms: int = 300, pause_after: str = "") -> RecognizedSpeech:
    words: list[RecognizedWord] = []
    at = 0
    for word in text.split():
        words.append(RecognizedWord(text=f" {word}", start_ms=at, end_ms=at + word_ms))
        at += word_ms + (1_500 if word == pause_after else 0)
    return RecognizedSpeech(text=text, language="en", start_ms=0, end_ms=at, no_speech_probability=0.0, words=words)


def texts(speech: RecognizedSpeech) -> list[str]:
    return [each.text for each in captions(speech)]


def test_each_sentence_is_a_segment_with_the_times_of_its_words():
    first, second = captions(spoken("The train is late. When does it leave?"))
    assert (first.text, first.start_ms, first.end_ms) == ("The train is late.", 0, 1_200)
    assert (second.text, second.start_ms, second.end_ms) == ("When does it leave?", 1_200, 2_400)


def test_a_long_pause_ends_a_segment():
    assert texts(spoken("I think so but not yet", pause_after="so")) == ["I think so", "but not yet"]


def test_a_very_short_sentence_stays_with_the_next():
    assert texts(spoken("No. I would not say so.")) == ["No. I would not say so."]


def test_no_segment_is_longer_than_a_caption():
    segments = captions(spoken("word " * 100))
    assert max(len(each.text) for each in segments) <= MOST_CHARACTERS
    assert max(each.end_ms - each.start_ms for each in segments) <= LONGEST_MS
    assert " ".join(each.text for each in segments).split() == ["word"] * 100


def test_long_sentences_are_cut_at_their_commas():
    text = "This is the first half of a sentence that goes on for a while, and this is its other half, to the end."
    first, *_ = texts(spoken(text, word_ms=200))
    assert first == "This is the first half of a sentence that goes on for a while,"


def test_speech_without_words_is_one_segment():
    speech = RecognizedSpeech(text="Hello.", language="en", start_ms=5, end_ms=9, no_speech_probability=0.0)
    assert captions(speech) == [speech]
