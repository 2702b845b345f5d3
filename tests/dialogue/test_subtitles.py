"""Subtitles are such as every player reads."""

from __future__ import annotations

import pytest

from antiphon.dialogue.subtitles import Cue, srt, vtt

from ..subtitle_grammar import NotSubtitles, ReadCue, read_srt, read_vtt

CUES = [
    Cue(start_ms=0, end_ms=999, text="Good morning."),
    Cue(start_ms=1000, end_ms=61_001, text="Tom & Jerry say: 3 < 4, and <b>that</b> &amp; this."),
    Cue(start_ms=3_599_999, end_ms=360_000_000, text="Ça va ? Oui."),
]
READ = [ReadCue(cue.start_ms, cue.end_ms, (cue.text,)) for cue in CUES]


def test_subrip_is_read_as_it_was_meant():
    assert read_srt("".join(srt(CUES))) == READ


def test_webvtt_is_read_as_it_was_meant_whatever_signs_it_has():
    assert read_vtt("".join(vtt(CUES))) == READ


def test_where_nothing_is_said_there_are_no_cues():
    assert read_srt("".join(srt([]))) == read_vtt("".join(vtt([]))) == []


@pytest.mark.parametrize(
    "text",
    [
        "2\n00:00:00,000 --> 00:00:01,000\nHello.\n\n",
        "1\n00:00:00.000 --> 00:00:01.000\nHello.\n\n",
        "1\n00:00:00,000 --> 00:00:01,000\n\n",
        "1\n00:00:02,000 --> 00:00:01,000\nHello.\n\n",
        "1\n00:00:00,000 --> 00:00:01,000\nHello.\n",
        "1\n00:61:00,000 --> 00:62:01,000\nHello.\n\n",
    ],
)
def test_the_grammar_is_strict(text: str):
    with pytest.raises(NotSubtitles):
        read_srt(text)


@pytest.mark.parametrize(
    "text", ["00:00:00.000 --> 00:00:01.000\nHello.\n\n", "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nA & B\n\n"]
)
def test_so_is_that_of_webvtt(text: str):
    with pytest.raises(NotSubtitles):
        read_vtt(text)
