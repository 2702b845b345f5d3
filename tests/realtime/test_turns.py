"""Turns that voice activity finds: committed, prepared for, answered, interrupting."""

from __future__ import annotations

import itertools

import pytest

from antiphon.realtime.commands import CancelReply, Prefill, StartReply, Transcribe
from antiphon.realtime.configuration import InputTranscription, ServerVad
from antiphon.realtime.events import (
    AudioCommitted,
    ErrorReported,
    ItemAdded,
    ResponseDone,
    SpeechStarted,
    SpeechStopped,
    TranscriptionCompleted,
    TranscriptionDelta,
)
from antiphon.realtime.inputs import RetrieveItem
from antiphon.realtime.items import Audio, MessageItem

from .driving import ANSWER, COMMITTED, MESSAGE, MESSAGE_DONE, RESPONSE_DONE, SPOKEN, Driver, each, names, only, started


def test_a_spoken_turn_is_committed_and_answered() -> None:
    driver = Driver()
    assert driver.fall_silent(960) is not None
    began = driver.speak()
    assert names(began) == ["SpeechStarted"]
    ended = driver.fall_silent()
    assert names(ended) == ["SpeechStopped", *COMMITTED, "ResponseCreated"]
    item_id = only(began, SpeechStarted).item_id
    assert only(ended, SpeechStopped).item_id == item_id
    assert only(ended, AudioCommitted).item_id == item_id
    assert only(ended, ItemAdded).item.id == item_id


def test_a_turn_has_the_padding_before_it_and_little_of_the_silence_behind() -> None:
    driver = Driver(turn_detection=ServerVad(prefix_padding_ms=300, silence_duration_ms=500))
    driver.fall_silent(960)
    assert only(driver.speak(960), SpeechStarted).audio_start_ms == 960 - 300
    ended = driver.fall_silent(640)
    assert only(ended, SpeechStopped).audio_end_ms == 960 + 960 + 448
    item = only(ended, ItemAdded).item
    assert isinstance(item, MessageItem)
    (audio,) = item.parts
    assert isinstance(audio, Audio)
    assert audio.duration_ms == pytest.approx(300 + 960 + 32, abs=1)


def test_a_click_is_not_speech() -> None:
    driver = Driver()
    assert names(driver.speak(32) + driver.fall_silent(640)) == []


def test_a_reply_is_prepared_in_the_pause_and_shown_when_the_turn_ends() -> None:
    driver = Driver(turn_detection=ServerVad(silence_duration_ms=500))
    driver.speak()
    prepared = started(driver.fall_silent(160))
    assert prepared.is_speculative
    assert driver.say(prepared.generation, *ANSWER) == []
    assert driver.finish(prepared.generation) == []
    ended = driver.fall_silent(352)
    assert names(ended) == [
        *["SpeechStopped", *COMMITTED, "ResponseCreated"],
        *[*MESSAGE, *SPOKEN, *SPOKEN, *MESSAGE_DONE, *RESPONSE_DONE],
    ]
    assert each(ended, StartReply) == []
    assert prepared.conversation[-1] == each(ended, ItemAdded)[0].item


def test_what_was_said_is_told_before_the_reply_that_is_prepared_for_it() -> None:
    driver = Driver(turn_detection=ServerVad(silence_duration_ms=500), transcription=InputTranscription())
    driver.speak()
    prepared = started(driver.fall_silent(160)).generation
    assert driver.heard(prepared, "How are you?") == []
    driver.say(prepared, *ANSWER)
    driver.finish(prepared)
    ended = driver.fall_silent(352)
    told = ["TranscriptionDelta", "TranscriptionCompleted"]
    assert names(ended)[: 1 + len(COMMITTED) + 3] == ["SpeechStopped", *COMMITTED, *told, "ResponseCreated"]
    completed = only(ended, TranscriptionCompleted)
    assert (completed.item_id, completed.transcript) == (only(ended, AudioCommitted).item_id, "How are you?")
    said = each(ended, ItemAdded)[0].item
    assert isinstance(said, MessageItem)
    assert isinstance(audio := said.parts[0], Audio)
    assert completed.seconds == audio.duration_ms / 1000
    assert each(ended, Transcribe) == []
    assert driver.heard(prepared, "How are you?") == []


def test_what_is_not_known_when_the_turn_ends_is_transcribed() -> None:
    driver = Driver(turn_detection=ServerVad(silence_duration_ms=500), transcription=InputTranscription())
    driver.speak()
    prepared = started(driver.fall_silent(160)).generation
    ended = driver.fall_silent(352)
    assert len(each(ended, Transcribe)) == 1
    assert driver.heard(prepared, "How are you?") == []


def test_what_was_heard_before_speech_went_on_is_not_all_that_was_said() -> None:
    driver = Driver(turn_detection=ServerVad(silence_duration_ms=500), transcription=InputTranscription())
    driver.speak()
    driver.heard(started(driver.fall_silent(160)).generation, "How are")
    driver.speak()
    ended = driver.fall_silent(512)
    assert each(ended, TranscriptionCompleted) == []
    assert len(each(ended, Transcribe)) == 1


def test_a_turn_without_words_has_an_empty_transcript_at_once() -> None:
    driver = Driver(turn_detection=ServerVad(silence_duration_ms=500), transcription=InputTranscription())
    driver.speak()
    driver.heard(started(driver.fall_silent(160)).generation, "")
    ended = driver.fall_silent(352)
    assert only(ended, TranscriptionCompleted).transcript == ""
    assert each(ended, TranscriptionDelta) == []


def test_what_was_heard_is_not_told_to_who_has_not_asked() -> None:
    driver = Driver(turn_detection=ServerVad(silence_duration_ms=500))
    driver.speak()
    driver.heard(started(driver.fall_silent(160)).generation, "How are you?")
    assert each(driver.fall_silent(352), TranscriptionCompleted) == []


def test_what_was_prepared_is_thrown_away_when_speech_goes_on() -> None:
    driver = Driver(turn_detection=ServerVad(silence_duration_ms=500))
    driver.speak()
    prepared = started(driver.fall_silent(160))
    driver.say(prepared.generation, *ANSWER)
    resumed = driver.speak()
    assert [cancelled.generation for cancelled in each(resumed, CancelReply)] == [prepared.generation]
    assert names(resumed) == []
    again = driver.fall_silent(512)
    assert started(again).generation != prepared.generation
    assert driver.finish(prepared.generation) == []


def test_what_fades_away_is_a_pause_but_no_silence() -> None:
    driver = Driver(turn_detection=ServerVad(silence_duration_ms=500))
    driver.hear(960, 0.9, level_dbfs=-25)
    prepared = started(driver.hear(32, 0.9, level_dbfs=-61))
    assert prepared.is_speculative
    assert each(driver.hear(64, 0.9, level_dbfs=-70), CancelReply) == []
    assert names(driver.fall_silent(416)) == []
    ended = driver.fall_silent(32)
    assert names(ended)[0] == "SpeechStopped"
    assert only(ended, ItemAdded).item == prepared.conversation[-1]


def test_what_is_said_softly_for_long_is_said() -> None:
    driver = Driver(turn_detection=ServerVad(silence_duration_ms=500))
    driver.hear(960, 0.9, level_dbfs=-15)
    prepared = started(driver.hear(32, 0.9, level_dbfs=-55))
    softly = driver.hear(192, 0.9, level_dbfs=-55)
    assert only(softly, CancelReply).generation == prepared.generation
    assert each(driver.hear(320, 0.9, level_dbfs=-55), StartReply) == []
    assert started(driver.fall_silent(32)).generation != prepared.generation


def test_in_noise_what_is_said_does_not_fade_away() -> None:
    driver = Driver()
    driver.hear(960, 0.9, level_dbfs=-25)
    assert each(driver.hear(320, 0.9, level_dbfs=-55), StartReply) == []


def test_how_far_speech_was_read_is_kept_where_it_only_fades_for_a_moment() -> None:
    driver = Driver()
    driver.hear(640, 0.9)
    driver.hear(32, 0.9, level_dbfs=-80)
    assert len(each(driver.hear(160, 0.9), Prefill)) == 1


def test_what_was_prepared_is_thrown_away_when_the_conversation_changes() -> None:
    driver = Driver(turn_detection=ServerVad(silence_duration_ms=500))
    driver.speak()
    prepared = started(driver.fall_silent(160))
    assert only(driver.write("By the way."), CancelReply).generation == prepared.generation
    answer = started(driver.fall_silent(352))
    assert not answer.is_speculative
    assert len(answer.conversation) == 2


def test_the_conversation_is_read_while_the_user_speaks() -> None:
    driver = Driver()
    driver.write("Hello.")
    assert len(only(driver.speak(320), Prefill).conversation) == 1


def last_audio(read: Prefill) -> Audio:
    """What was said last."""
    message = read.conversation[-1]
    assert isinstance(message, MessageItem)
    (audio,) = message.parts
    assert isinstance(audio, Audio)
    return audio


def test_what_was_said_so_far_is_read_while_the_user_goes_on() -> None:
    driver = Driver()
    driver.write("Hello.")
    _, first, second = each(driver.speak(1920), Prefill)
    assert [round(last_audio(read).duration_ms) for read in (first, second)] == [800, 1600]
    assert second.conversation[-1].id == only(driver.outputs, SpeechStarted).item_id
    refused = only(driver.send(RetrieveItem(item_id=second.conversation[-1].id)), ErrorReported)
    assert refused.error.code == "item_not_found"


def test_of_long_speech_a_quarter_more_is_worth_reading() -> None:
    driver = Driver()
    reads = each(driver.speak(9600), Prefill)[1:]
    lengths = [last_audio(read).duration_ms for read in reads]
    assert len(lengths) == 8
    assert all(later - earlier >= max(800, earlier / 4 - 32) for earlier, later in itertools.pairwise(lengths))


def test_the_conversation_is_read_again_with_the_answer() -> None:
    driver = Driver()
    driver.speak(320)
    generation = started(driver.fall_silent()).generation
    driver.say(generation, *ANSWER)
    assert len(only(driver.finish(generation), Prefill).conversation) == 2


def test_nothing_is_read_for_who_wants_no_answers() -> None:
    driver = Driver(turn_detection=ServerVad(create_response=False))
    assert each(driver.speak(1920), Prefill) == []


def test_speech_interrupts_the_response() -> None:
    driver = Driver()
    driver.speak()
    generation = started(driver.fall_silent()).generation
    driver.say(generation, *ANSWER)
    outputs = driver.speak(96)
    assert names(outputs) == ["SpeechStarted", *MESSAGE_DONE, *RESPONSE_DONE]
    assert only(outputs, CancelReply).generation == generation
    details = only(outputs, ResponseDone).response.details
    assert details is not None
    assert details.reason == "turn_detected"


def test_speech_that_may_not_interrupt_is_answered_afterwards() -> None:
    driver = Driver(turn_detection=ServerVad(interrupt_response=False))
    generation = driver.ask()
    outputs = driver.speak() + driver.fall_silent()
    assert names(outputs) == ["SpeechStarted", "SpeechStopped", *COMMITTED]
    outputs = driver.finish(generation)
    assert names(outputs) == [*RESPONSE_DONE, "ResponseCreated"]
    assert len(started(outputs).conversation) == 2


def test_turns_can_be_found_without_being_answered() -> None:
    driver = Driver(turn_detection=ServerVad(create_response=False))
    assert names(driver.speak() + driver.fall_silent()) == ["SpeechStarted", "SpeechStopped", *COMMITTED]
    assert each(driver.outputs, StartReply) == []
