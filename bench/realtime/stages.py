"""The stages of responses, as the server itself has measured them: its log tells them for every response."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from antiphon.api.realtime.stopwatch import ResponseSpans
from bench.realtime.turns import Turn
from bench.results import Result, median_of, overall
from bench.server import Server

_SLOW_S = 1.0


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


def causes(name: str, turns: Sequence[Turn], spans: Sequence[ResponseSpans]) -> list[Result]:
    """Why answers came later than a second: each slow one counts for the stage that took longest."""
    by_id = {each.response_id: each for each in spans}
    slow = [turn for turn in turns if turn.first_audio_s > _SLOW_S]
    found = Counter(cause_of(turn, by_id.get(turn.response_id)) for turn in slow)
    return [
        overall(f"{name}: later than {_SLOW_S:g} s, {cause}", "%", 100 * count / len(turns), len(turns))
        for cause, count in found.most_common()
    ]


def cause_of(turn: Turn, spans: ResponseSpans | None) -> str:
    """The stage of a slow answer that took longest, counted from the question's last sample."""
    if turn.ends > 1:
        return "a pause taken for the end"
    if spans is None or spans.heard_ms is None or spans.first_token_ms is None or spans.first_words_ms is None:
        return "not known"
    took_ms = {
        "waiting for the words": spans.heard_ms + 1000 * turn.stopped_s,
        "reading them": spans.first_token_ms - spans.heard_ms,
        "writing the first clause": spans.first_words_ms - spans.first_token_ms,
        "speaking it": (spans.first_audio_ms or spans.first_words_ms) - spans.first_words_ms,
        "sending it": 1000 * (turn.first_audio_s - turn.stopped_s) - (spans.first_audio_ms or 0),
    }
    return max(took_ms, key=lambda stage: took_ms[stage])


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
