"""Subtitles as text: SubRip and WebVTT."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    start_ms: int
    end_ms: int
    text: str


def srt(cues: Iterable[Cue]) -> Iterator[str]:
    """A SubRip file, piece by piece."""
    for number, cue in enumerate(cues, 1):
        yield f"{number}\n{_clock(cue.start_ms, ',')} --> {_clock(cue.end_ms, ',')}\n{cue.text}\n\n"


def vtt(cues: Iterable[Cue]) -> Iterator[str]:
    """A WebVTT file, piece by piece."""
    yield "WEBVTT\n\n"
    for cue in cues:
        yield f"{_clock(cue.start_ms, '.')} --> {_clock(cue.end_ms, '.')}\n{_escaped(cue.text)}\n\n"


def _clock(ms: int, point: str) -> str:
    """Hours, minutes, seconds and milliseconds."""
    seconds, ms = divmod(ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{point}{ms:03}"


def _escaped(text: str) -> str:
    """As the text of a WebVTT cue, which may have tags, and no arrow."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("-->", "--&gt;")
