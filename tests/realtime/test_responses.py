"""Responses: what is said of one in the documented order, one at a time, and cancelled ones."""

from __future__ import annotations

from antiphon.realtime.commands import CancelReply
from antiphon.realtime.events import ArgumentsDone, ItemAdded, OutputItemDone, PartDone, ResponseCreated, ResponseDone
from antiphon.realtime.inputs import CancelResponse, CreateItem, CreateResponse
from antiphon.realtime.items import Audio, FunctionCallItem, FunctionCallOutputItem, ItemReference, MessageItem, Text
from antiphon.vocabulary.tools import NamedTool

from .driving import (
    ANSWER,
    BYTES_A_MS,
    MESSAGE,
    MESSAGE_DONE,
    RESPONSE_DONE,
    SPOKEN,
    USAGE,
    Driver,
    each,
    names,
    only,
    refused,
    started,
)

# --- responses -------------------------------------------------------------------------------------------------------


def test_a_spoken_response_comes_in_the_documented_order() -> None:
    driver = Driver(turn_detection=None)
    assert names(driver.outputs) == ["SessionCreated"]
    assert names(driver.write()) == ["ItemAdded", "ItemDone"]
    outputs = driver.send(CreateResponse())
    assert names(outputs) == ["ResponseCreated"]
    generation = started(outputs).generation
    assert names(driver.say(generation, *ANSWER)) == [*MESSAGE, *SPOKEN, *SPOKEN]
    outputs = driver.finish(generation)
    assert names(outputs) == [*MESSAGE_DONE, *RESPONSE_DONE]
    response = only(outputs, ResponseDone).response
    assert response.status == "completed"
    assert response.usage == USAGE
    (item,) = response.output
    assert isinstance(item, MessageItem)
    assert item.parts == (Audio(data=bytes(1000 * BYTES_A_MS), transcript="Good day, to you."),)


def test_a_written_response_is_text() -> None:
    driver = Driver(turn_detection=None, speaks=False)
    generation = driver.ask()
    assert names(driver.text(generation, "Good ") + driver.text(generation, "day.")) == [
        *MESSAGE,
        "TextDelta",
        "TextDelta",
    ]
    outputs = driver.finish(generation)
    assert names(outputs) == ["TextDone", "PartDone", "OutputItemDone", "ItemDone", *RESPONSE_DONE]
    assert only(outputs, PartDone).part == Text(text="Good day.")


def test_function_calls_are_items_of_their_own_behind_the_message() -> None:
    driver = Driver(turn_detection=None)
    generation = driver.ask()
    driver.say(generation, ("One moment.", 500))
    outputs = driver.call(generation, 0, "weather", '{"city":', ' "Paris"}')
    assert names(outputs) == [
        *MESSAGE_DONE,
        "OutputItemAdded",
        "ItemAdded",
        "ArgumentsDelta",
        "ArgumentsDelta",
    ]
    outputs = driver.call(generation, 1, "time", "{}") + driver.finish(generation, "tool_calls")
    calls = [each.item for each in each(outputs, OutputItemDone)]
    assert [(call.name, call.arguments) for call in calls if isinstance(call, FunctionCallItem)] == [
        ("weather", '{"city": "Paris"}'),
        ("time", "{}"),
    ]
    assert [done.output_index for done in each(driver.outputs, OutputItemDone)] == [0, 1, 2]
    assert only(outputs, ResponseDone).response.status == "completed"


def test_a_function_call_is_closed_as_soon_as_its_arguments_are_complete() -> None:
    driver = Driver(turn_detection=None)
    generation = driver.ask()
    driver.call(generation, 0, "weather", '{"city": "Paris"}')

    outputs = driver.end_call(generation)

    assert names(outputs) == ["ArgumentsDone", "OutputItemDone", "ItemDone"]
    assert only(outputs, ArgumentsDone).arguments == '{"city": "Paris"}'
    assert only(outputs, OutputItemDone).item.status == "completed"


def test_calls_that_are_closed_one_by_one_are_told_once() -> None:
    driver = Driver(turn_detection=None)
    generation = driver.ask()
    for index, name in enumerate(("weather", "time")):
        driver.call(generation, index, name, "{}")
        driver.end_call(generation)

    assert names(driver.finish(generation, "tool_calls")) == RESPONSE_DONE
    calls = [each.item for each in each(driver.outputs, OutputItemDone)]
    assert [call.name for call in calls if isinstance(call, FunctionCallItem)] == ["weather", "time"]
    assert [done.output_index for done in each(driver.outputs, OutputItemDone)] == [0, 1]


def test_a_function_call_that_was_cut_short_is_incomplete() -> None:
    driver = Driver(turn_detection=None)
    generation = driver.ask()
    driver.call(generation, 0, "weather", '{"city": "Pa')

    outputs = driver.finish(generation, "length")

    assert only(outputs, OutputItemDone).item.status == "incomplete"


def test_the_output_of_a_function_goes_to_the_next_reply() -> None:
    driver = Driver(turn_detection=None)
    generation = driver.ask()
    driver.call(generation, 0, "weather", "{}")
    call = only(driver.finish(generation, "tool_calls"), OutputItemDone).item
    assert isinstance(call, FunctionCallItem)
    result = FunctionCallOutputItem(id="", call_id=call.call_id, output="Sunny.")
    driver.send(CreateItem(item=result))
    conversation = started(driver.send(CreateResponse())).conversation
    assert [type(item) for item in conversation] == [MessageItem, FunctionCallItem, FunctionCallOutputItem]


def test_a_reply_that_ran_out_of_tokens_is_incomplete() -> None:
    driver = Driver(turn_detection=None)
    generation = driver.ask()
    driver.say(generation, ("And then", 500))
    outputs = driver.finish(generation, "length")
    response = only(outputs, ResponseDone).response
    assert response.status == "incomplete"
    assert response.details is not None
    assert response.details.reason == "max_output_tokens"
    assert response.output[0].status == "incomplete"


def test_an_engine_that_fails_ends_the_response_and_the_session_goes_on() -> None:
    driver = Driver(turn_detection=None)
    generation = driver.ask()
    driver.say(generation, ("And then", 500))
    outputs = driver.fail(generation)
    assert names(outputs) == [*MESSAGE_DONE, *RESPONSE_DONE]
    assert only(outputs, ResponseDone).response.status == "failed"
    assert driver.ask()


def test_what_a_response_overrides_holds_for_it_alone() -> None:
    driver = Driver(turn_detection=None, instructions="Be kind.")
    driver.write()
    outputs = driver.send(CreateResponse(changes={"instructions": "Be curt.", "speaks": False}))
    assert started(outputs).configuration.instructions == "Be curt."
    driver.finish(started(outputs).generation)
    assert started(driver.send(CreateResponse())).configuration.instructions == "Be kind."


def test_a_second_response_in_the_conversation_is_refused_while_one_is_made() -> None:
    driver = Driver(turn_detection=None)
    driver.ask()
    assert refused(driver, CreateResponse(event_id="mine")) == "conversation_already_has_active_response"


def test_responses_out_of_band_run_beside_and_leave_no_trace() -> None:
    driver = Driver(turn_detection=None)
    first = driver.ask()
    outputs = driver.send(CreateResponse(in_conversation=False))
    assert only(outputs, ResponseCreated).response.conversation_id is None
    beside = started(outputs).generation
    outputs = driver.say(beside, *ANSWER) + driver.finish(beside)
    assert "ItemAdded" not in names(outputs)
    assert "ItemDone" not in names(outputs)
    driver.finish(first)
    assert len(started(driver.send(CreateResponse())).conversation) == 1


def test_a_response_can_be_given_its_own_input() -> None:
    driver = Driver(turn_detection=None)
    first = only(driver.write("One."), ItemAdded).item
    driver.write("Two.")
    own = MessageItem(id="", role="user", parts=(Text(text="Three."),))
    seen = started(
        driver.send(CreateResponse(in_conversation=False, input=[ItemReference(id=first.id), own]))
    ).conversation
    assert [item.parts[0] for item in seen if isinstance(item, MessageItem)] == [Text(text="One."), Text(text="Three.")]
    unknown = CreateResponse(in_conversation=False, input=[ItemReference(id="nothing")])
    assert refused(driver, unknown) == "item_not_found"


def test_a_function_that_does_not_exist_cannot_be_demanded() -> None:
    driver = Driver(turn_detection=None)
    assert refused(driver, CreateResponse(changes={"tool_choice": NamedTool(name="look")})) == "invalid_value"


# --- cancelling ------------------------------------------------------------------------------------------------------


def test_cancelling_closes_what_is_open_and_stops_the_engines() -> None:
    driver = Driver(turn_detection=None)
    generation = driver.ask()
    driver.say(generation, *ANSWER)
    outputs = driver.send(CancelResponse())
    assert names(outputs) == [*MESSAGE_DONE, *RESPONSE_DONE]
    assert only(outputs, CancelReply).generation == generation
    response = only(outputs, ResponseDone).response
    assert response.status == "cancelled"
    assert response.details is not None
    assert response.details.reason == "client_cancelled"


def test_what_a_cancelled_reply_still_says_is_dropped() -> None:
    driver = Driver(turn_detection=None)
    generation = driver.ask()
    driver.send(CancelResponse())
    assert driver.say(generation, *ANSWER) == []
    assert driver.finish(generation) == []


def test_cancelling_nothing_is_refused() -> None:
    driver = Driver()
    assert refused(driver, CancelResponse(event_id="mine")) == "response_cancel_not_active"
    assert refused(driver, CancelResponse(response_id="resp_x")) == "response_cancel_not_active"


def test_a_response_out_of_band_is_cancelled_by_its_id() -> None:
    driver = Driver(turn_detection=None)
    outputs = driver.send(CreateResponse(in_conversation=False))
    response_id = only(outputs, ResponseCreated).response.id
    assert only(driver.send(CancelResponse(response_id=response_id)), ResponseDone).response.id == response_id
