"""Items of the conversation: one chain, and truncated where the user stopped listening."""

from __future__ import annotations

from typing import Any

import pytest

from antiphon.realtime.commands import CancelReply
from antiphon.realtime.configuration import AudioFormat
from antiphon.realtime.events import (
    ErrorReported,
    ItemAdded,
    ItemTruncated,
    OutputItemAdded,
    OutputItemDone,
    PartAdded,
    ResponseCreated,
    ResponseDone,
    StatusDetails,
    TranscriptDone,
)
from antiphon.realtime.inputs import (
    CancelResponse,
    ClientCommand,
    CreateItem,
    CreateResponse,
    DeleteItem,
    ReplyAudio,
    ReplyTranscript,
    RetrieveItem,
    TruncateItem,
)
from antiphon.realtime.items import Audio, FunctionCallItem, FunctionCallOutputItem, MessageItem, Text

from .driving import (
    ANSWER,
    BYTES_A_MS,
    MESSAGE_DONE,
    RESPONSE_DONE,
    SPOKEN,
    Driver,
    names,
    only,
    refused,
    spoken,
    started,
)

# --- items -----------------------------------------------------------------------------------------------------------


def message(item_id: str = "", text: str = "Hello.") -> MessageItem:
    return MessageItem(id=item_id, role="user", parts=(Text(text=text),))


def test_items_form_one_chain() -> None:
    driver = Driver()
    assert only(driver.send(CreateItem(item=message("b"))), ItemAdded).previous_item_id is None
    assert only(driver.send(CreateItem(item=message("d"))), ItemAdded).previous_item_id == "b"
    assert only(driver.send(CreateItem(item=message("a"), previous_item_id="root")), ItemAdded).previous_item_id is None
    assert only(driver.send(CreateItem(item=message("c"), previous_item_id="b")), ItemAdded).previous_item_id == "b"
    assert [item.id for item in started(driver.send(CreateResponse())).conversation] == ["a", "b", "c", "d"]


def test_an_id_is_never_used_again() -> None:
    driver = Driver()
    driver.send(CreateItem(item=message("a")))
    assert refused(driver, CreateItem(item=message("a"), event_id="mine")) == "invalid_value"
    driver.send(DeleteItem(item_id="a"))
    assert refused(driver, CreateItem(item=message("a"))) == "invalid_value"


def test_the_root_is_no_item() -> None:
    assert refused(Driver(), CreateItem(item=message("root"))) == "invalid_value"


@pytest.mark.parametrize(
    "command",
    [
        CreateItem(item=message(), previous_item_id="nothing", event_id="mine"),
        RetrieveItem(item_id="nothing", event_id="mine"),
        DeleteItem(item_id="nothing", event_id="mine"),
        TruncateItem(item_id="nothing", content_index=0, audio_end_ms=0, event_id="mine"),
    ],
)
def test_an_unknown_item_is_refused(command: ClientCommand) -> None:
    driver = Driver()
    (output,) = driver.send(command)
    assert isinstance(output, ErrorReported)
    assert output.error.code == "item_not_found"
    assert "nothing" in output.error.message
    assert output.client_event_id == "mine"


def test_the_output_of_a_call_that_never_was_is_refused() -> None:
    driver = Driver()
    item = FunctionCallOutputItem(id="", call_id="call_x", output="")
    assert refused(driver, CreateItem(item=item)) == "invalid_tool_call_id"


# --- truncation ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heard_ms", "transcript"),
    [
        (0, ""),
        (100, "Good"),
        (500, "Good day,"),
        (600, "Good day,"),
        (700, "Good day, to"),
        (1000, "Good day, to you."),
    ],
)
def test_truncating_cuts_the_transcript_at_the_word_heard(heard_ms: int, transcript: str) -> None:
    driver = Driver(turn_detection=None)
    item_id = spoken(driver)
    outputs = driver.send(TruncateItem(item_id=item_id, content_index=0, audio_end_ms=heard_ms))
    assert outputs == [ItemTruncated(item_id=item_id, content_index=0, audio_end_ms=heard_ms)]
    item = started(driver.send(CreateResponse())).conversation[-1]
    assert isinstance(item, MessageItem)
    assert item.parts == (Audio(data=bytes(heard_ms * BYTES_A_MS), transcript=transcript),)


def test_an_interrupted_message_is_truncated_as_well() -> None:
    driver = Driver()
    driver.speak()
    generation = started(driver.fall_silent()).generation
    driver.say(generation, *ANSWER)
    item_id = only(driver.speak(96), OutputItemDone).item.id
    assert names(driver.send(TruncateItem(item_id=item_id, content_index=0, audio_end_ms=300))) == ["ItemTruncated"]


@pytest.mark.parametrize(("content_index", "audio_end_ms"), [(1, 100), (0, 1001), (0, -1)])
def test_truncating_what_is_not_there_is_refused(content_index: int, audio_end_ms: int) -> None:
    driver = Driver(turn_detection=None)
    item_id = spoken(driver)
    command = TruncateItem(item_id=item_id, content_index=content_index, audio_end_ms=audio_end_ms, event_id="mine")
    assert refused(driver, command) == "invalid_value"


def test_what_the_user_said_is_not_truncated() -> None:
    driver = Driver(turn_detection=None)
    item = only(driver.write(), ItemAdded).item
    command = TruncateItem(item_id=item.id, content_index=0, audio_end_ms=0)
    assert refused(driver, command) == "unsupported_content_type"


def test_what_is_written_or_called_is_not_truncated() -> None:
    driver = Driver(turn_detection=None, speaks=False)
    generation = driver.ask()
    written = only(driver.text(generation, "Good day."), ItemAdded).item
    called = only(driver.call(generation, 0, "look", "{}"), ItemAdded).item
    for item in (written, called):
        command = TruncateItem(item_id=item.id, content_index=0, audio_end_ms=0)
        assert refused(driver, command) == "unsupported_content_type"


def test_clients_may_round_a_length_up() -> None:
    driver = Driver(turn_detection=None)
    generation = driver.ask()
    driver.send(ReplyAudio(generation=generation, audio=bytes(600 * BYTES_A_MS + 2)))
    item_id = only(driver.finish(generation), OutputItemDone).item.id
    assert refused(driver, TruncateItem(item_id=item_id, content_index=0, audio_end_ms=602)) == "invalid_value"
    assert names(driver.send(TruncateItem(item_id=item_id, content_index=0, audio_end_ms=601))) == ["ItemTruncated"]


# --- truncation of what is still being spoken ------------------------------------------------------------------------


def speaking(**configuration: Any) -> tuple[Driver, int, str]:
    """A message of which "Good day," and half of " to you." was said, its reply, and its id."""
    driver = Driver(turn_detection=None, **configuration)
    generation = driver.ask()
    item = only(driver.say(generation, ("Good day,", 600), (" to you.", 200)), ItemAdded).item
    return driver, generation, item.id


def believed(driver: Driver, item_id: str) -> tuple[float, str | None]:
    """How much of a message the model believes to have said, in milliseconds and in words."""
    conversation = started(driver.send(CreateResponse())).conversation
    (item,) = [item for item in conversation if item.id == item_id]
    assert isinstance(item, MessageItem)
    (audio,) = item.parts
    assert isinstance(audio, Audio)
    return audio.duration_ms, audio.transcript


ENDED = ["ItemTruncated", *MESSAGE_DONE, *RESPONSE_DONE]


@pytest.mark.parametrize(
    ("heard_ms", "transcript"), [(0, ""), (300, "Good"), (600, "Good day,"), (800, "Good day, to you.")]
)
def test_truncating_what_is_being_spoken_ends_it(heard_ms: int, transcript: str) -> None:
    driver, generation, item_id = speaking()
    outputs = driver.send(TruncateItem(item_id=item_id, content_index=0, audio_end_ms=heard_ms))
    assert names(outputs) == ENDED
    assert only(outputs, CancelReply).generation == generation
    response = only(outputs, ResponseDone).response
    assert (response.status, response.details) == (
        "cancelled",
        StatusDetails(type="cancelled", reason="client_cancelled"),
    )
    heard = Audio(data=bytes(heard_ms * BYTES_A_MS), transcript=transcript)
    for item in (only(outputs, OutputItemDone).item, response.output[0]):
        assert isinstance(item, MessageItem)
        assert (item.status, item.parts) == ("incomplete", (heard,))
    assert only(outputs, TranscriptDone).transcript == transcript
    assert driver.say(generation, (" More.", 400)) == driver.finish(generation) == []
    assert believed(driver, item_id) == (heard_ms, transcript)


def test_cancelling_behind_it_finds_it_done() -> None:
    driver, _, item_id = speaking()
    assert names(driver.send(TruncateItem(item_id=item_id, content_index=0, audio_end_ms=300))) == ENDED
    assert driver.send(CancelResponse()) == []
    assert refused(driver, CancelResponse(event_id="mine")) == "response_cancel_not_active"
    assert believed(driver, item_id) == (300, "Good")


def test_cancelling_behind_it_by_the_id_of_the_response_finds_it_done() -> None:
    driver, _, item_id = speaking()
    response_id = only(driver.outputs, ResponseCreated).response.id
    driver.send(TruncateItem(item_id=item_id, content_index=0, audio_end_ms=300))
    assert refused(driver, CancelResponse(response_id="resp_x")) == "response_cancel_not_active"
    assert driver.send(CancelResponse(response_id=response_id)) == []


def test_cancelling_behind_it_ends_the_response_that_was_asked_for_since() -> None:
    driver, _, item_id = speaking()
    driver.send(TruncateItem(item_id=item_id, content_index=0, audio_end_ms=300))
    driver.send(CreateResponse())
    assert names(driver.send(CancelResponse())) == RESPONSE_DONE


def test_truncating_behind_a_cancellation_cuts_what_was_said() -> None:
    driver, _, item_id = speaking()
    driver.send(CancelResponse())
    assert names(driver.send(TruncateItem(item_id=item_id, content_index=0, audio_end_ms=700))) == ["ItemTruncated"]
    assert believed(driver, item_id) == (700, "Good day, to")


def test_more_than_was_said_so_far_cannot_be_truncated_and_the_reply_goes_on() -> None:
    driver, generation, item_id = speaking()
    assert refused(driver, TruncateItem(item_id=item_id, content_index=0, audio_end_ms=801)) == "invalid_value"
    assert refused(driver, TruncateItem(item_id=item_id, content_index=1, audio_end_ms=100)) == "invalid_value"
    assert names(driver.say(generation, (" Bye.", 200))) == SPOKEN
    assert only(driver.finish(generation), ResponseDone).response.status == "completed"
    assert believed(driver, item_id) == (1000, "Good day, to you. Bye.")


def test_a_message_that_is_whole_is_cut_while_its_response_goes_on() -> None:
    driver, generation, item_id = speaking()
    driver.call(generation, 0, "look", "{")
    assert names(driver.send(TruncateItem(item_id=item_id, content_index=0, audio_end_ms=600))) == ["ItemTruncated"]
    driver.call(generation, 0, "look", "}")
    response = only(driver.finish(generation, "tool_calls"), ResponseDone).response
    assert response.status == "completed"
    message_, call = response.output
    assert isinstance(message_, MessageItem)
    assert message_.parts == (Audio(data=bytes(600 * BYTES_A_MS), transcript="Good day,"),)
    assert isinstance(call, FunctionCallItem)
    assert believed(driver, item_id) == (600, "Good day,")


def test_telephony_is_cut_at_its_own_rate() -> None:
    driver = Driver(turn_detection=None, output_format=AudioFormat.G711_ULAW)
    generation = driver.ask()
    part = only(driver.send(ReplyTranscript(generation=generation, text="Good day.")), PartAdded)
    driver.send(ReplyAudio(generation=generation, audio=bytes(600 * 8)))
    driver.send(TruncateItem(item_id=part.item_id, content_index=0, audio_end_ms=300))
    assert believed(driver, part.item_id) == (300, "Good")


def test_what_is_said_out_of_band_is_no_item_that_could_be_truncated() -> None:
    driver = Driver(turn_detection=None)
    generation = started(driver.send(CreateResponse(in_conversation=False))).generation
    item_id = only(driver.say(generation, *ANSWER), OutputItemAdded).item.id
    assert refused(driver, TruncateItem(item_id=item_id, content_index=0, audio_end_ms=100)) == "item_not_found"
    assert only(driver.finish(generation), ResponseDone).response.status == "completed"


def test_what_was_deleted_while_it_was_spoken_cannot_be_truncated() -> None:
    driver, generation, item_id = speaking()
    driver.send(DeleteItem(item_id=item_id))
    assert refused(driver, TruncateItem(item_id=item_id, content_index=0, audio_end_ms=100)) == "item_not_found"
    assert only(driver.finish(generation), ResponseDone).response.status == "completed"
