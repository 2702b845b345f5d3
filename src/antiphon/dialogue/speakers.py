"""Who speaks when: tells voices apart by their vectors, and knows those that have been introduced."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from string import ascii_uppercase

import numpy as np
from numpy.typing import NDArray

from antiphon.audio.segments import Segment
from antiphon.dialogue.captions import captions
from antiphon.engines.interfaces import RecognizedSpeech, RecognizedWord

STEP_MS = 400
"""How far apart the stretches are whose voices are compared."""

_ALIKE = 0.70
"""Within a window, stretches belong together whose vectors are at least this alike (cosine), on average."""
_SAME = 0.74
"""A voice is one heard before if their average vectors are at least this alike."""
_FEWEST = 3
"""Fewer stretches do not make a new voice: they are taken for the most similar one."""
_SHORTEST_TURN_MS = 500
"""A shorter change of voice within a sentence is a mistake."""


def stretch_starts(speech: Sequence[Segment], *, start_ms: int, stretch_ms: int) -> list[int]:
    """When to listen to the voice for `stretch_ms`, from `start_ms` on: all along, where somebody speaks."""
    starts: list[int] = []
    for segment in speech:
        first, last = segment.start_ms - start_ms, segment.end_ms - start_ms - stretch_ms
        if last <= first:
            starts.append(max(0, (first + last) // 2))
        else:
            starts += [*range(first, last, STEP_MS), last]
    return starts


@dataclass(slots=True)
class _Voice:
    name: str
    total: NDArray[np.float64]
    """The sum of its vectors."""
    is_known: bool = False

    def likeness(self, vector: NDArray[np.float64]) -> float:
        return float(vector @ self.total / max(np.linalg.norm(self.total) * np.linalg.norm(vector), 1e-9))


class SpeakerTracker:
    """Follows the voices of one recording from window to window."""

    def __init__(self, known: Mapping[str, NDArray[np.float32]]) -> None:
        """`known` has the vectors of stretches of each voice that has been introduced, by name."""
        self._voices = [
            _Voice(name, vectors.astype(np.float64).sum(axis=0), is_known=True) for name, vectors in known.items()
        ]
        self._names = (name for name in _letters() if name not in known)

    def name(self, vectors: NDArray[np.float32]) -> Sequence[str]:
        """Whose voice is in each stretch of the next window; the order of the stretches is that of time."""
        names = [""] * len(vectors)
        for members in sorted(_clusters(vectors), key=len, reverse=True):
            total = vectors[members].astype(np.float64).sum(axis=0)
            voice = self._voice(total, len(members))
            for index in members:
                names[index] = voice.name
        return names

    def _voice(self, total: NDArray[np.float64], count: int) -> _Voice:
        likeliest = max(self._voices, key=lambda voice: voice.likeness(total), default=None)
        if likeliest is not None and (likeliest.likeness(total) >= _SAME or count < _FEWEST):
            if not likeliest.is_known and count >= _FEWEST:
                likeliest.total += total
            return likeliest
        voice = _Voice(next(self._names), total)
        self._voices.append(voice)
        return voice


def _letters() -> Iterator[str]:
    """A to Z, then AA, AB, …"""
    yield from ascii_uppercase
    for first in _letters():
        for second in ascii_uppercase:
            yield first + second


def _clusters(vectors: NDArray[np.float32]) -> list[list[int]]:
    """Groups of alike stretches, by average linkage."""
    groups = [[index] for index in range(len(vectors))]
    alike = (vectors @ vectors.T).astype(np.float64)
    np.fill_diagonal(alike, -1.0)
    sizes = np.ones(len(vectors))
    while len(groups) > 1:
        first, second = sorted(divmod(int(alike.argmax()), len(alike)))
        if alike[first, second] < _ALIKE:
            break
        merged = (alike[first] * sizes[first] + alike[second] * sizes[second]) / (sizes[first] + sizes[second])
        alike[first], alike[:, first] = merged, merged
        alike[first, first] = -1.0
        alike[second], alike[:, second] = -2.0, -2.0
        sizes[first] += sizes[second]
        groups[first], groups[second] = groups[first] + groups[second], []
        if (alike <= -1.0).all():
            break
    return [group for group in groups if group]


def turns(
    speech: RecognizedSpeech, centers_ms: Sequence[int], names: Sequence[str]
) -> list[tuple[RecognizedSpeech, str]]:
    """The speech, cut where the voice changes and into captions, each with whose voice it is.

    `centers_ms` are those of the stretches in the recording, and `names` whose voice is in each.
    """
    if not speech.words or not names:
        return [(each, names[0] if names else "A") for each in captions(speech)]
    centers = np.array(centers_ms)
    said = [names[int(np.abs(centers - (word.start_ms + word.end_ms) / 2).argmin())] for word in speech.words]
    return [
        (caption, name) for words, name in _merged(speech.words, said) for caption in captions(_part(speech, words))
    ]


def _merged(words: Sequence[RecognizedWord], said: Sequence[str]) -> list[tuple[list[RecognizedWord], str]]:
    runs: list[tuple[list[RecognizedWord], str]] = []
    for word, name in zip(words, said, strict=True):
        if runs and runs[-1][1] == name:
            runs[-1][0].append(word)
        else:
            runs.append(([word], name))
    merged: list[tuple[list[RecognizedWord], str]] = []
    for run, name in runs:
        is_brief = run[-1].end_ms - run[0].start_ms < _SHORTEST_TURN_MS
        if merged and (merged[-1][1] == name or (is_brief and not merged[-1][0][-1].text.endswith((".", "?", "!")))):
            merged[-1][0].extend(run)
        else:
            merged.append((run, name))
    return merged


def _part(speech: RecognizedSpeech, words: Sequence[RecognizedWord]) -> RecognizedSpeech:
    text = "".join(word.text for word in words).strip()
    return replace(speech, text=text, start_ms=words[0].start_ms, end_ms=words[-1].end_ms, words=words, logprobs=())
