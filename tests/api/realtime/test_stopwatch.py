"""How long the stages of a response take."""

from __future__ import annotations

from typing import Any

from antiphon.api.realtime.stopwatch import Stopwatch
from antiphon.dialogue.reply import Stage
from antiphon.realtime.configuration import Configuration
from antiphon.realtime.events import (
    AudioDelta,
    Response,
    ResponseCreated,
    ResponseDone,
    SpeechStopped,
    TranscriptDelta,
    TranscriptionCompleted,
)

from ...clocks import HandTimer

RESPONSE = Response(id="resp_1", configuration=Configuration(model="m"))
PLACE: dict[str, Any] = {"response_id": "resp_1", "item_id": "item_1", "output_index": 0}


def test_stages_count_from_the_end_of_the_turn():
    clock = HandTimer()
    stopwatch = Stopwatch(clock)
    for event in (
        SpeechStopped(audio_end_ms=1, item_id="item_0"),
        ResponseCreated(response=RESPONSE),
        TranscriptDelta(**PLACE, delta="Well,"),
        AudioDelta(**PLACE, audio=b""),
        TranscriptionCompleted(item_id="item_0", content_index=0, transcript="Hello.", seconds=1.0),
        AudioDelta(**PLACE, audio=b""),
    ):
        assert stopwatch.watch(event) is None
        clock.now += 0.1
    spans = stopwatch.watch(ResponseDone(response=RESPONSE))
    assert spans is not None
    assert spans.answers_speech
    assert (spans.first_words_ms, spans.first_audio_ms, spans.transcribed_ms, spans.done_ms) == (200, 300, 400, 600)


def test_what_was_done_before_the_turn_was_over_took_less_than_no_time():
    clock = HandTimer()
    stopwatch = Stopwatch(clock)
    stopwatch.mark_stage(7, Stage.HEARD)
    clock.now += 0.2
    stopwatch.mark_stage(8, Stage.HEARD)
    stopwatch.watch(SpeechStopped(audio_end_ms=1, item_id="item_0"))
    stopwatch.watch(ResponseCreated(response=RESPONSE, generation=7))
    clock.now += 0.1
    stopwatch.mark_stage(7, Stage.FIRST_TOKEN)
    spans = stopwatch.watch(ResponseDone(response=RESPONSE))
    assert spans is not None
    assert (spans.heard_ms, spans.first_token_ms) == (-200, 100)


def test_replies_that_were_never_shown_are_forgotten():
    stopwatch = Stopwatch(HandTimer())
    for generation in range(1000):
        stopwatch.mark_stage(generation, Stage.HEARD)
    stopwatch.watch(ResponseCreated(response=RESPONSE, generation=0))
    spans = stopwatch.watch(ResponseDone(response=RESPONSE))
    assert spans is not None
    assert spans.heard_ms is None


def test_without_speech_they_count_from_the_beginning_of_the_response():
    clock = HandTimer()
    stopwatch = Stopwatch(clock)
    stopwatch.watch(ResponseCreated(response=RESPONSE))
    clock.now += 0.5
    spans = stopwatch.watch(ResponseDone(response=RESPONSE))
    assert spans is not None
    assert (spans.answers_speech, spans.first_audio_ms, spans.done_ms) == (False, None, 500)
