"""What is appended: committed, cleared, transcribed."""

from __future__ import annotations

from antiphon.realtime.commands import RestartDetection, Transcribe
from antiphon.realtime.configuration import InputTranscription, ServerVad
from antiphon.realtime.events import AudioCommitted, ItemAdded, ItemRetrieved, SpeechStarted, TranscriptionCompleted
from antiphon.realtime.inputs import (
    AppendAudio,
    ClearAudio,
    CommitAudio,
    CreateResponse,
    RetrieveItem,
    Transcribed,
    UpdateSession,
)
from antiphon.realtime.items import Audio, MessageItem

from .driving import BYTES_A_MS, COMMITTED, Driver, names, only, refused, started

# --- the input buffer ------------------------------------------------------------------------------------------------


def test_push_to_talk_commits_what_was_appended_and_waits_for_a_request() -> None:
    driver = Driver(turn_detection=None)
    assert driver.send(AppendAudio(audio=bytes(500 * BYTES_A_MS))) == []
    assert names(driver.send(CommitAudio())) == COMMITTED
    item = started(driver.send(CreateResponse())).conversation[0]
    assert isinstance(item, MessageItem)
    assert item.parts == (Audio(data=bytes(500 * BYTES_A_MS)),)


def test_a_commit_of_under_100_ms_is_refused_and_keeps_the_audio() -> None:
    driver = Driver(turn_detection=None)
    driver.send(AppendAudio(audio=bytes(60 * BYTES_A_MS)))
    assert refused(driver, CommitAudio(event_id="mine")) == "input_audio_buffer_commit_empty"
    driver.send(AppendAudio(audio=bytes(60 * BYTES_A_MS)))
    assert names(driver.send(CommitAudio())) == COMMITTED


def test_a_commit_takes_everything() -> None:
    driver = Driver(turn_detection=None)
    driver.send(AppendAudio(audio=bytes(500 * BYTES_A_MS)))
    driver.send(CommitAudio())
    assert refused(driver, CommitAudio()) == "input_audio_buffer_commit_empty"


def test_clearing_forgets_what_was_appended_and_the_turn_under_way() -> None:
    driver = Driver()
    driver.speak()
    assert names(driver.send(ClearAudio())) == ["AudioCleared"]
    assert names(driver.fall_silent(960)) == []
    assert names(driver.speak() + driver.fall_silent()) == [
        "SpeechStarted",
        "SpeechStopped",
        *COMMITTED,
        "ResponseCreated",
    ]


def test_a_commit_in_mid_turn_ends_the_turn_under_its_id() -> None:
    driver = Driver()
    item_id = only(driver.speak(), SpeechStarted).item_id
    outputs = driver.send(CommitAudio())
    assert only(outputs, AudioCommitted).item_id == item_id
    assert names(driver.fall_silent(960)) == []


def test_an_endless_push_to_talk_is_refused_before_it_fills_the_memory() -> None:
    driver = Driver(turn_detection=None)
    quarter = bytes(4 * 60_000 * BYTES_A_MS)
    for _ in range(3):
        driver.send(AppendAudio(audio=quarter))
    assert refused(driver, AppendAudio(audio=quarter)) == "input_audio_buffer_full"


def test_silence_is_not_kept() -> None:
    driver = Driver()
    driver.fall_silent(10_000)
    item = only(driver.send(CommitAudio()), ItemAdded).item
    assert isinstance(item, MessageItem)
    (audio,) = item.parts
    assert isinstance(audio, Audio)
    assert audio.duration_ms < 700


def test_detection_starts_afresh_when_it_is_turned_on() -> None:
    driver = Driver(turn_detection=None)
    driver.send(AppendAudio(audio=bytes(1000 * BYTES_A_MS)))
    outputs = driver.send(UpdateSession(changes={"turn_detection": ServerVad()}))
    assert only(outputs, RestartDetection).at_ms == 1000


# --- transcription ---------------------------------------------------------------------------------------------------


def test_committed_audio_is_transcribed_where_that_is_wanted() -> None:
    driver = Driver(turn_detection=None, transcription=InputTranscription(model="whisper-1", language="fr"))
    driver.send(AppendAudio(audio=bytes(500 * BYTES_A_MS)))
    command = only(driver.send(CommitAudio()), Transcribe)
    assert command.transcription.language == "fr"
    outputs = driver.send(Transcribed(item_id=command.item_id, transcript="Bonjour.", seconds=0.5))
    assert names(outputs) == ["TranscriptionDelta", "TranscriptionCompleted"]
    assert only(outputs, TranscriptionCompleted).transcript == "Bonjour."
    item = only(driver.send(RetrieveItem(item_id=command.item_id)), ItemRetrieved).item
    assert isinstance(item, MessageItem)
    assert item.parts[0] == Audio(data=bytes(500 * BYTES_A_MS), transcript="Bonjour.")


def test_a_transcription_session_answers_nothing() -> None:
    driver = Driver(transcription=InputTranscription(), transcribes_only=True)
    assert names(driver.speak() + driver.fall_silent()) == ["SpeechStarted", "SpeechStopped", *COMMITTED]
    assert refused(driver, CreateResponse()) == "invalid_value"
