"""A session as a whole: its settings, limits and end."""

from __future__ import annotations

from typing import Any

import pytest

from antiphon.realtime.commands import Close, CountUsage, DetectSpeech, Transcribe
from antiphon.realtime.configuration import TRANSCRIPT_LOGPROBS, InputTranscription, ServerVad
from antiphon.realtime.events import (
    AudioDelta,
    ErrorReported,
    IdleTimeout,
    RateLimit,
    RateLimitsUpdated,
    ResponseDone,
    SessionCreated,
    SessionUpdated,
    TranscriptionCompleted,
    TranscriptionDelta,
)
from antiphon.realtime.inputs import (
    AppendAudio,
    CancelResponse,
    ClearOutputAudio,
    ClientLeft,
    CommitAudio,
    CreateResponse,
    RatesChanged,
    ReplyHeard,
    ReplyText,
    ServerStops,
    TimePassed,
    Transcribed,
    UpdateSession,
)
from antiphon.realtime.items import MessageItem, Text
from antiphon.vocabulary.logprobs import TokenLogprob

from .driving import ANSWER, BYTES_A_MS, COMMITTED, USAGE, Driver, each, names, only, refused, spoken, started

LOGPROBS = (TokenLogprob(token="Hello.", bytes=b"Hello.", logprob=-0.5),)


def test_an_update_changes_what_it_names_and_tells_the_whole() -> None:
    driver = Driver(instructions="Be kind.")
    created = only(driver.outputs, SessionCreated).configuration
    updated = only(driver.send(UpdateSession(changes={"voice": "echo"})), SessionUpdated).configuration
    assert (updated.voice, updated.instructions) == ("echo", "Be kind.")
    assert created.voice == "alloy"


def test_the_voice_is_settled_once_it_was_heard() -> None:
    driver = Driver(turn_detection=None)
    driver.send(UpdateSession(changes={"voice": "echo"}))
    spoken(driver)
    assert refused(driver, UpdateSession(changes={"voice": "alloy"}, event_id="mine")) == "cannot_update_voice"
    assert refused(driver, CreateResponse(changes={"voice": "alloy"})) == "cannot_update_voice"
    assert names(driver.send(UpdateSession(changes={"voice": "echo", "instructions": "Hm."}))) == ["SessionUpdated"]


def test_what_a_response_used_is_counted_when_it_is_done() -> None:
    driver = Driver(turn_detection=None)
    assert only(driver.finish(driver.ask()), CountUsage).usage == USAGE
    generation = driver.ask()
    assert only(driver.send(CancelResponse()), CountUsage) == CountUsage(generation=generation, usage=None)


def test_limits_are_told_once_they_are_known() -> None:
    driver = Driver(turn_detection=None)
    limits = (RateLimit(name="requests", limit=60, remaining=59, reset_seconds=6.0),)
    assert driver.send(RatesChanged(limits=limits)) == [RateLimitsUpdated(limits=limits)]


def test_when_the_client_leaves_every_response_breaks_off() -> None:
    driver = Driver(turn_detection=None)
    driver.text(driver.ask(), "Good ")
    driver.send(CreateResponse(in_conversation=False))
    first, second = (done.response for done in each(driver.send(ClientLeft()), ResponseDone))
    assert (first.status, second.status) == ("cancelled", "cancelled")
    (message,) = first.output
    assert isinstance(message, MessageItem)
    assert [*message.parts] == [Text(text="Good ")]
    assert driver.send(ClientLeft()) == []
    assert driver.write() == []


def test_a_response_that_is_being_made_when_the_session_expires_breaks_off_as_well() -> None:
    driver = Driver(turn_detection=None)
    driver.ask()
    driver.send(TimePassed(now_ms=30 * 60_000))
    assert only(driver.send(ClientLeft()), ResponseDone).response.status == "cancelled"


def test_a_session_expires() -> None:
    driver = Driver()
    assert driver.send(TimePassed(now_ms=29 * 60_000)) == []
    outputs = driver.send(TimePassed(now_ms=30 * 60_000))
    assert only(outputs, ErrorReported).error.code == "session_expired"
    assert isinstance(outputs[-1], Close)
    assert driver.write() == []


STOPS = ServerStops(within_ms=10_000)


def test_a_session_in_which_nothing_happens_ends_when_its_server_stops() -> None:
    outputs = Driver().send(STOPS)
    told = only(outputs, ErrorReported).error
    assert (told.type, told.code) == ("server_error", "server_stopping")
    assert "10 seconds" in told.message
    assert isinstance(outputs[-1], Close)


def test_what_is_being_said_when_the_server_stops_is_said_first() -> None:
    driver = Driver(turn_detection=None)
    generation = driver.ask()
    assert names(driver.send(STOPS)) == ["ErrorReported"]
    assert driver.send(STOPS) == []
    outputs = driver.finish(generation)
    assert only(outputs, ResponseDone).response.status == "completed"
    assert isinstance(outputs[-1], Close)


def test_who_is_speaking_when_the_server_stops_is_answered_first() -> None:
    driver = Driver()
    driver.speak(640)
    assert names(driver.send(STOPS)) == ["ErrorReported"]
    outputs = driver.fall_silent(640)
    assert "Close" not in names(outputs)
    assert isinstance(driver.finish(started(outputs).generation)[-1], Close)


def test_words_that_were_promised_are_told_before_the_session_ends() -> None:
    driver = Driver(turn_detection=None, transcription=InputTranscription())
    driver.send(AppendAudio(audio=bytes(320 * BYTES_A_MS)))
    item_id = only(driver.send(CommitAudio()), Transcribe).item_id
    assert names(driver.send(STOPS)) == ["ErrorReported"]
    told = driver.send(Transcribed(item_id=item_id, transcript="Well.", seconds=0.3))
    assert names(told)[-2:] == ["TranscriptionCompleted", "Close"]


def test_a_session_that_goes_on_and_on_ends_with_the_servers_patience() -> None:
    driver = Driver(turn_detection=None)
    driver.send(TimePassed(now_ms=5_000))
    driver.ask()
    driver.send(STOPS)
    assert driver.send(TimePassed(now_ms=14_999)) == []
    assert names(driver.send(TimePassed(now_ms=15_000))) == ["Close"]
    assert only(driver.send(ClientLeft()), ResponseDone).response.status == "cancelled"


def test_who_stays_silent_for_long_is_spoken_to_once() -> None:
    driver = Driver(turn_detection=ServerVad(idle_timeout_ms=5000))
    driver.fall_silent(640)
    assert driver.send(TimePassed(now_ms=4999)) == []
    outputs = driver.send(TimePassed(now_ms=5000))
    assert names(outputs) == ["IdleTimeout", *COMMITTED, "ResponseCreated"]
    assert only(outputs, IdleTimeout).audio_end_ms == 640
    driver.finish(started(outputs).generation)
    assert driver.send(TimePassed(now_ms=60_000)) == []


def test_output_that_was_not_played_can_be_dropped() -> None:
    driver = Driver(turn_detection=None)
    assert refused(driver, ClearOutputAudio()) == "response_cancel_not_active"
    generation = driver.ask()
    driver.say(generation, *ANSWER)
    assert names(driver.send(ClearOutputAudio()))[-1] == "OutputAudioCleared"
    assert driver.send(ReplyText(generation=generation, text="late")) == []


def test_audio_deltas_carry_what_the_synthesizer_made() -> None:
    driver = Driver(turn_detection=None)
    assert [len(delta.audio) for delta in each(driver.say(driver.ask(), *ANSWER), AudioDelta)] == [
        600 * BYTES_A_MS,
        400 * BYTES_A_MS,
    ]


@pytest.mark.parametrize(("include", "told"), [((TRANSCRIPT_LOGPROBS,), LOGPROBS), (None, None)])
def test_the_words_that_a_reply_heard_come_with_their_log_probabilities_if_asked(
    include: tuple[str, ...] | None, told: object
) -> None:
    detection = ServerVad(silence_duration_ms=500)
    driver = Driver(turn_detection=detection, transcription=InputTranscription(), include=include)
    driver.speak()
    prepared = started(driver.fall_silent(160)).generation
    driver.send(ReplyHeard(generation=prepared, transcript="Hello.", logprobs=LOGPROBS))
    ended = driver.fall_silent(352)
    assert only(ended, TranscriptionCompleted).logprobs == told
    assert only(ended, TranscriptionDelta).logprobs == told


@pytest.mark.parametrize(
    ("noise_reduction", "told"),
    [(None, 0.0), ({"type": "near_field"}, 1.0), ({"type": "far_field", "strength": 0.5}, 0.5), ({"strength": 9}, 1.0)],
)
def test_detection_is_told_how_much_noise_to_take_out(noise_reduction: dict[str, Any] | None, told: float) -> None:
    driver = Driver()
    driver.send(UpdateSession(changes={"noise_reduction": noise_reduction}))
    assert only(driver.send(AppendAudio(audio=bytes(960))), DetectSpeech).noise_reduction == told


def test_null_switches_noise_reduction_off_again() -> None:
    driver = Driver(noise_reduction={"type": "near_field"})
    driver.send(UpdateSession(changes={"noise_reduction": None}))
    assert only(driver.send(AppendAudio(audio=bytes(960))), DetectSpeech).noise_reduction == 0.0
