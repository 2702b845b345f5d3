"""Cuts what was recognized into segments that can be read as captions: sentences, or parts of long ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from antiphon.engines.interfaces import RecognizedSpeech, RecognizedWord

MOST_CHARACTERS = 84
"""Two lines of a caption."""
LONGEST_MS = 7_000
PAUSE_MS = 1_000
"""A pause this long ends a segment in mid-sentence."""

_ENDS = (".", "?", "!", "…", "。", "？", "！")
_PAUSES = (",", ";", ":", "，", "、")
_FEWEST_CHARACTERS = 12
"""A sentence shorter than this stays with the next."""


def captions(speech: RecognizedSpeech) -> Sequence[RecognizedSpeech]:
    """The speech in segments of its own words; as it is if the times of its words are not known."""
    if not speech.words:
        return [speech]
    return [_segment(speech, words) for words in _cut(speech.words)]


def _cut(words: Sequence[RecognizedWord]) -> Iterator[Sequence[RecognizedWord]]:
    begin = 0
    for index, word in enumerate(words[:-1], 1):
        following = words[index]
        if not following.text.startswith(" ") and following.text[:1].isascii():
            continue
        text = _text(words[begin:index])
        if _is_end(text, word, following) or _is_too_long(words[begin:index], text, following):
            yield words[begin:index]
            begin = index
    if begin < len(words):
        yield words[begin:]


def _is_end(text: str, word: RecognizedWord, following: RecognizedWord) -> bool:
    is_sentence = text.endswith(_ENDS) and len(text) >= _FEWEST_CHARACTERS
    return is_sentence or following.start_ms - word.end_ms >= PAUSE_MS


def _is_too_long(words: Sequence[RecognizedWord], text: str, following: RecognizedWord) -> bool:
    """Whether the segment would be too long with the next word; at a comma, with half a segment more."""
    share = 0.6 if text.endswith(_PAUSES) else 1.0
    length = len(text) + len(following.text)
    return length > MOST_CHARACTERS * share or following.end_ms - words[0].start_ms > LONGEST_MS * share


def _segment(speech: RecognizedSpeech, words: Sequence[RecognizedWord]) -> RecognizedSpeech:
    return replace(
        speech, text=_text(words), start_ms=words[0].start_ms, end_ms=words[-1].end_ms, words=words, logprobs=()
    )


def _text(words: Sequence[RecognizedWord]) -> str:
    return "".join(word.text for word in words).strip()
