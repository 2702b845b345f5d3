"""How long the stages of a response take."""

from __future__ import annotations

from dataclasses import dataclass

from antiphon.api.realtime.spans import Stopwatch
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

RESPONSE = Response(id="resp_1", configuration=Configuration(model="m"))
PLACE = {"response_id": "resp_1", "item_id": "item_1", "output_index": 0}


@dataclass(slots=True)
class Clock:
    seconds: float = 100.0

    def __call__(self) -> float:
        return self.seconds


def test_stages_count_from_the_end_of_the_turn():
    clock = Clock()
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
        clock.seconds += 0.1
    spans = stopwatch.watch(ResponseDone(response=RESPONSE))
    assert spans is not None
    assert spans.answers_speech
    assert (spans.first_words_ms, spans.first_audio_ms, spans.transcribed_ms, spans.done_ms) == (200, 300, 400, 600)


def test_without_speech_they_count_from_the_beginning_of_the_response():
    clock = Clock()
    stopwatch = Stopwatch(clock)
    stopwatch.watch(ResponseCreated(response=RESPONSE))
    clock.seconds += 0.5
    spans = stopwatch.watch(ResponseDone(response=RESPONSE))
    assert spans is not None
    assert (spans.answers_speech, spans.first_audio_ms, spans.done_ms) == (False, None, 500)
