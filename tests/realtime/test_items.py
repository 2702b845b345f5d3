"""Items of the conversation: one chain, and truncated where the user stopped listening."""

from __future__ import annotations

import pytest

from antiphon.realtime.events import ErrorReported, ItemAdded, ItemTruncated, OutputItemDone
from antiphon.realtime.inputs import ClientCommand, CreateItem, CreateResponse, DeleteItem, RetrieveItem, TruncateItem
from antiphon.realtime.items import Audio, FunctionCallOutputItem, MessageItem, Text

from .driving import ANSWER, BYTES_A_MS, Driver, names, only, refused, spoken, started

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
    assert refused(driver, TruncateItem(item_id=item.id, content_index=0, audio_end_ms=0)) == "invalid_value"
