"""A session whose client has left, taken up by another one."""

from __future__ import annotations

from itertools import count

from antiphon.realtime.commands import Transcribe
from antiphon.realtime.configuration import InputTranscription
from antiphon.realtime.events import ResponseDone, SessionCreated, TranscriptionCompleted
from antiphon.realtime.inputs import (
    ClientLeft,
    CommitAudio,
    CreateItem,
    CreateResponse,
    RetrieveItem,
    TimePassed,
    Transcribed,
    TruncateItem,
    UpdateSession,
)
from antiphon.realtime.items import FunctionCallOutputItem, MessageItem
from antiphon.realtime.session import Session

from .driving import Driver, names, only, refused, spoken, started

MANUAL = {"turn_detection": None}


def taken_up(driver: Driver) -> Driver:
    """Go on where the client of `driver` left."""
    driver.send(ClientLeft())
    numbers, kept = count(1000), driver.session.keep()
    other = Driver()
    other.session = Session(
        kept.configuration, new_id=lambda kind: f"{kind}_{next(numbers)}", max_ms=30 * 60_000, kept=kept
    )
    other.outputs = other.session.open() + other.session.resume()
    return other


def test_the_settings_and_the_conversation_are_as_they_were_left() -> None:
    driver = Driver(turn_detection=None, instructions="Be kind.")
    item_id = spoken(driver)
    other = taken_up(driver)
    assert only(other.outputs, SessionCreated).configuration.instructions == "Be kind."
    assert names(other.send(RetrieveItem(item_id=item_id))) == ["ItemRetrieved"]
    assert len(started(other.send(CreateResponse())).conversation) == 2


def test_a_reply_that_the_loss_cut_short_is_cancelled_and_what_was_said_of_it_stays() -> None:
    driver = Driver(turn_detection=None)
    driver.say(driver.ask(), ("Good day,", 600), (" to you.", 400))
    left = driver.send(ClientLeft())
    response = only(left, ResponseDone).response
    assert response.status == "cancelled"
    other = taken_up(driver)
    assert names(other.send(RetrieveItem(item_id=response.output[0].id))) == ["ItemRetrieved"]
    assert names(other.send(TruncateItem(item_id=response.output[0].id, content_index=0, audio_end_ms=500))) == [
        "ItemTruncated"
    ]


def test_the_voice_is_as_settled_as_before() -> None:
    driver = Driver(turn_detection=None)
    spoken(driver)
    assert refused(taken_up(driver), UpdateSession(changes={"voice": "echo"})) == "cannot_update_voice"


def test_a_call_that_was_made_before_can_be_answered_after() -> None:
    driver = Driver(turn_detection=None)
    generation = driver.ask()
    driver.call(generation, 0, "look", "{}")
    item = only(driver.finish(generation, "tool_calls"), ResponseDone).response.output[0]
    output = FunctionCallOutputItem(id="", call_id=getattr(item, "call_id", ""), output="Nothing.")
    assert names(taken_up(driver).send(CreateItem(item=output))) == ["ItemAdded", "ItemDone"]


def test_words_that_were_promised_are_still_told() -> None:
    driver = Driver(turn_detection=None, transcription=InputTranscription())
    driver.hear(320, 0.9)
    asked = only(driver.send(CommitAudio()), Transcribe)
    other = taken_up(driver)
    again = only(other.outputs, Transcribe)
    assert (again.item_id, again.audio) == (asked.item_id, asked.audio)
    told = other.send(Transcribed(item_id=again.item_id, transcript="Hello.", seconds=0.3))
    assert only(told, TranscriptionCompleted).transcript == "Hello."
    assert taken_up(other).outputs[1:] == []


def test_what_was_not_committed_is_lost() -> None:
    driver = Driver(turn_detection=None)
    driver.hear(320, 0.9)
    assert refused(taken_up(driver), CommitAudio()) == "input_audio_buffer_commit_empty"


def test_an_expired_session_can_be_taken_up_and_has_its_whole_time_again() -> None:
    driver = Driver(turn_detection=None)
    driver.write()
    assert names(driver.send(TimePassed(now_ms=30 * 60_000))) == ["ErrorReported", "Close"]
    other = taken_up(driver)
    assert other.send(TimePassed(now_ms=1000)) == []
    (item,) = started(other.send(CreateResponse())).conversation
    assert isinstance(item, MessageItem)


def test_ids_are_never_used_again() -> None:
    driver = Driver(turn_detection=None)
    item_id = spoken(driver)
    message = MessageItem(id=item_id, role="user")
    assert refused(taken_up(driver), CreateItem(item=message)) == "invalid_value"
