"""Hearing: how much of recorded human speech is understood, and how long that takes."""

from __future__ import annotations

import time
from collections import defaultdict

from antiphon.compose.profiles import Engines
from antiphon.dialogue.spoken.pronunciation import Pronouncer
from bench.recordings import read_recordings
from bench.results import Result, median_of, overall
from bench.word_errors import LANGUAGES_BY_CHARACTER, WordErrors, word_errors

_SAMPLE_RATE = 16_000


async def measure(engines: Engines, *, quick: bool) -> list[Result]:
    """Recognize every recording without telling its language. Raises `NoRecordings`."""
    pronouncer = Pronouncer()
    errors: defaultdict[tuple[str, str], WordErrors] = defaultdict(WordErrors)
    recognition_s: list[float] = []
    mistaken = 0
    recordings = read_recordings()[:: 4 if quick else 1]
    for recording in recordings:
        audio = recording.read(_SAMPLE_RATE)
        started = time.perf_counter()
        heard = [segment async for segment in engines.recognizer.recognize(audio)]
        recognition_s.append(time.perf_counter() - started)
        mistaken += any(segment.language != recording.language for segment in heard)
        text = " ".join(segment.text for segment in heard)
        found = word_errors(recording.transcript, text, recording.language, pronouncer)
        errors[recording.language, recording.corpus] += found
    rates = [
        overall(f"{language}, {corpus}: {_unit(language)} errors", "%", each.percent, each.words)
        for (language, corpus), each in errors.items()
    ]
    return [
        median_of("recognition of a recording", "s", recognition_s),
        overall("languages mistaken", "%", 100 * mistaken / len(recordings), len(recordings)),
        *rates,
    ]


def _unit(language: str) -> str:
    return "character" if language in LANGUAGES_BY_CHARACTER else "word"
