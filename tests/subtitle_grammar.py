"""Reads subtitles as strictly as their grammars are, for tests of those that are written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

_SRT_TIMES = re.compile(r"(\d{2,}):([0-5]\d):([0-5]\d),(\d{3}) --> (\d{2,}):([0-5]\d):([0-5]\d),(\d{3})")
_VTT_TIMES = re.compile(r"(\d{2,}):([0-5]\d):([0-5]\d)\.(\d{3}) --> (\d{2,}):([0-5]\d):([0-5]\d)\.(\d{3})")
_VTT_REFERENCE = re.compile(r"&(?:amp|lt|gt|lrm|rlm|nbsp);")


class NotSubtitles(Exception):
    """The message says what breaks which rule."""


@dataclass(frozen=True, slots=True)
class ReadCue:
    start_ms: int
    end_ms: int
    lines: tuple[str, ...]


def read_srt(text: str) -> list[ReadCue]:
    """SubRip: blocks of a number, counted from one, the times, and lines of text; an empty line ends each."""
    cues: list[ReadCue] = []
    for number, block in enumerate(_blocks(text), 1):
        if block[0] != str(number):
            raise NotSubtitles(f"block {number} has the number {block[0]!r}")
        cues.append(_cue(_SRT_TIMES, block[1:]))
    return _in_order(cues)


def read_vtt(text: str) -> list[ReadCue]:
    """WebVTT without styles, regions, notes, cue settings and tags, none of which is written here."""
    head, *blocks = _blocks(text)
    if head != ["WEBVTT"]:
        raise NotSubtitles(f"it begins with {head!r}")
    cues = [_cue(_VTT_TIMES, block) for block in blocks]
    for line in (line for cue in cues for line in cue.lines):
        if "<" in line or "&" in _VTT_REFERENCE.sub("", line):
            raise NotSubtitles(f"{line!r} has a sign that is not escaped")
    return _in_order([ReadCue(cue.start_ms, cue.end_ms, tuple(map(unescape, cue.lines))) for cue in cues])


def _blocks(text: str) -> list[list[str]]:
    if "\r" in text or "\x00" in text or "\ufeff" in text:
        raise NotSubtitles("it has a sign that no line has")
    if text and not text.endswith("\n\n"):
        raise NotSubtitles("no empty line ends the last block")
    blocks = [block.split("\n") for block in text.removesuffix("\n\n").split("\n\n")] if text else []
    if any(not line.strip() for block in blocks for line in block):
        raise NotSubtitles("a block has an empty line")
    return blocks


def _cue(times: re.Pattern[str], block: list[str]) -> ReadCue:
    found = times.fullmatch(block[0]) if block else None
    if found is None:
        raise NotSubtitles(f"{block[:1]!r} are no times")
    if len(block) < 2 or any("-->" in line for line in block[1:]):
        raise NotSubtitles(f"the cue at {block[0]} has no text, or one with an arrow")
    hours, minutes, seconds, ms, *end = map(int, found.groups())
    start_ms = ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms
    return ReadCue(start_ms, ((end[0] * 60 + end[1]) * 60 + end[2]) * 1000 + end[3], tuple(block[1:]))


def _in_order(cues: list[ReadCue]) -> list[ReadCue]:
    position = 0
    for cue in cues:
        if not position <= cue.start_ms < cue.end_ms:
            raise NotSubtitles(f"the cue at {cue.start_ms} ms begins before {position} ms, or ends at {cue.end_ms} ms")
        position = cue.end_ms
    return cues
