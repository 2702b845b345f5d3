"""What is said while turns are taken: sentences with and without pauses, noise, and words that want no answer."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from antiphon.audio.pcm import Pcm
from antiphon.engines.interfaces import Clause, Synthesizer
from bench.realtime.speech import SAMPLE_RATE, sounding, trimmed
from bench.recordings import FOLDER as SPEECH
from bench.recordings import Recording, read_recordings

FOLDER = SPEECH.parent / "recordings"
_SENTENCES = ("en_pauses", "en_assistant", "en", "fr", "it", "es", "pt", "de")
_COUGHS = ("coughing", "sneezing", "laughing")
_LONGEST_S = 12.0
_ASSENT = {
    "en": ("Uh-huh.", "Yes.", "Okay.", "Right.", "I see."),
    "fr": ("Oui.", "D'accord.", "Ah bon."),
    "it": ("Sì.", "Va bene.", "Certo."),
    "de": ("Ja.", "Genau.", "Ach so."),
    "es": ("Sí.", "Vale.", "Claro."),
    "pt": ("Sim.", "Está bem.", "Certo."),
}
_VOICES = ("alloy", "echo")
_COMPOSED = re.compile(r"silence ([\d.]+)-([\d.]+) s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """Somebody's speech at 24 kHz, from its first sound to its last."""

    name: str
    audio: Pcm
    pauses_ms: Sequence[tuple[float, float]] = ()
    """The known silences of half a second or more in it."""


def sentences() -> Sequence[Sentence]:
    """One sentence each, by many speakers, in a fixed order. Raises `NoRecordings`."""
    folders = {folder: read_recordings(FOLDER / folder) for folder in _SENTENCES}
    pauses = _natural_pauses()
    found = [
        _sentence(recording, pauses.get(recording.path, ()))
        for folder, recordings in folders.items()
        for recording in (recordings if folder.startswith("en_") else recordings[::3])
        if recording.seconds <= _LONGEST_S
    ]
    known = {FOLDER / sentence.name for sentence in found}
    others = {path: spans for path, spans in pauses.items() if path not in known and path.is_file()}
    return [*found, *(_sentence(_unlisted(path), spans) for path, spans in others.items())]


def noises() -> Sequence[Sentence]:
    """Recordings in which nobody speaks. Raises `NoRecordings`."""
    return [_whole(recording) for recording in read_recordings(FOLDER / "noise")]


def coughs() -> Sequence[Sentence]:
    """Those of them that people make. Raises `NoRecordings`."""
    return [noise for noise in noises() if any(kind in noise.name for kind in _COUGHS)]


def short_answers() -> Sequence[Sentence]:
    """A word or two that are no assent, by people. Raises `NoRecordings`."""
    recordings = read_recordings(FOLDER / "en_short")
    return [_sentence(recording, ()) for recording in recordings if recording.transcript not in ("", "yes")]


async def assent(synthesizer: Synthesizer) -> Sequence[Sentence]:
    """Words that say "go on", in the languages that can be spoken."""
    said: list[Sentence] = []
    for language, words in _ASSENT.items():
        for text in words:
            for voice in _VOICES:
                clause = Clause(text=text, language=language, voice=voice)
                parts = [part async for part in synthesizer.synthesize(clause)]
                audio = Pcm.concatenate(parts, synthesizer.sample_rate).resample(SAMPLE_RATE)
                said.append(Sentence(name=f"{language}: {text}", audio=trimmed(audio)))
    return said


async def spoken_reply(synthesizer: Synthesizer, text: str) -> Pcm:
    """What a reply sounds like, at 24 kHz."""
    parts = [part async for part in synthesizer.synthesize(Clause(text=text, language="en", voice="alloy"))]
    return Pcm.concatenate(parts, synthesizer.sample_rate).resample(SAMPLE_RATE)


def _natural_pauses() -> dict[Path, list[tuple[float, float]]]:
    """For each recording, where its silences begin and end, in seconds."""
    pauses: dict[Path, list[tuple[float, float]]] = {}
    with (FOLDER / "natural_pauses.tsv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            base = FOLDER.parents[1] if row["path"].startswith("shared/") else FOLDER
            pauses.setdefault(base / row["path"], []).append((float(row["pause_start"]), float(row["pause_end"])))
    return pauses


def _unlisted(path: Path) -> Recording:
    return Recording(path=path, corpus="", transcript="", language="", seconds=0.0)


def _sentence(recording: Recording, pauses_s: Sequence[tuple[float, float]]) -> Sentence:
    audio = recording.read(SAMPLE_RATE)
    kept = sounding(audio)
    cut_ms = 1000 * kept.start / SAMPLE_RATE
    composed = [(float(start), float(end)) for start, end in _COMPOSED.findall(recording.note)]
    pauses_ms = [(1000 * start - cut_ms, 1000 * end - cut_ms) for start, end in (*pauses_s, *composed)]
    return Sentence(name=_name(recording), audio=Pcm(audio.samples[kept], SAMPLE_RATE), pauses_ms=pauses_ms)


def _whole(recording: Recording) -> Sentence:
    return Sentence(name=_name(recording), audio=recording.read(SAMPLE_RATE))


def _name(recording: Recording) -> str:
    path = recording.path
    return str(path.relative_to(FOLDER)) if path.is_relative_to(FOLDER) else path.name
