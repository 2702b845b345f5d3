"""The stages of responses, as the server itself has measured them: its log tells them for every response."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from antiphon.api.realtime.stopwatch import ResponseSpans
from bench.realtime.turns import Turn
from bench.results import Result, median_of
from bench.server import Server


class _Line(msgspec.Struct):
    spans: ResponseSpans | None = None


def spans_of(server: Server, turns: Sequence[Turn]) -> list[ResponseSpans]:
    """The spans of the responses that answered those turns and are done."""
    response_ids = {turn.response_id for turn in turns}
    found: list[ResponseSpans] = []
    for text in server.log.read_bytes().splitlines():
        if b'"spans"' in text:
            spans = msgspec.json.decode(text, type=_Line).spans
            if spans is not None and spans.response_id in response_ids:
                found.append(spans)
    return found


def results(name: str, spans: Sequence[ResponseSpans]) -> list[Result]:
    """How long after the end of the turn, which the server knows only a silence later, each stage was reached."""
    stages = {
        "words known": [each.heard_ms for each in spans],
        "first token": [each.first_token_ms for each in spans],
        "first clause": [each.first_words_ms for each in spans],
        "first audio": [each.first_audio_ms for each in spans],
    }
    return [
        median_of(f"{name}: speech_stopped to {stage}, by the server", "s", [value / 1000 for value in reached])
        for stage, values in stages.items()
        if (reached := [value for value in values if value is not None])
    ]
