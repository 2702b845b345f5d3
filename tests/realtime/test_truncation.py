"""What of a long conversation a reply is given."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.realtime.commands import Prefill
from antiphon.realtime.configuration import AudioFormat, RetentionRatio
from antiphon.realtime.inputs import ContextFilled, CreateItem, CreateResponse, RetrieveItem, UpdateSession
from antiphon.realtime.items import Audio, FunctionCallItem, FunctionCallOutputItem, Item, MessageItem, Text
from antiphon.realtime.truncation import Window, item_tokens

from .driving import Driver, each, started

TEN_TOKENS = "x" * 24
"""With the four of a turn."""


def message(number: int, text: str = TEN_TOKENS) -> MessageItem:
    return MessageItem(id=f"item_{number}", role="user", parts=(Text(text=text),))


def messages(count: int) -> list[Item]:
    return [message(number) for number in range(count)]


def call(number: int) -> FunctionCallItem:
    return FunctionCallItem(id=f"call_{number}", call_id=f"c{number}", name="look", arguments="{}")


def output(number: int) -> FunctionCallOutputItem:
    return FunctionCallOutputItem(id=f"output_{number}", call_id=f"c{number}", output="x" * 24)


def test_a_conversation_within_its_limit_is_given_whole() -> None:
    assert Window().of(messages(10), RetentionRatio(retention_ratio=0.5, post_instructions=100)) == tuple(messages(10))


def test_one_beyond_its_limit_goes_on_with_the_share_to_be_retained() -> None:
    kept = Window().of(messages(11), RetentionRatio(retention_ratio=0.5, post_instructions=100))
    assert kept == tuple(messages(11)[-5:])


def test_what_is_given_begins_at_the_same_item_until_the_limit_is_reached_again() -> None:
    window, ratio = Window(), RetentionRatio(retention_ratio=0.5, post_instructions=100)
    first = [window.of(messages(count), ratio)[0].id for count in range(11, 18)]
    assert first == ["item_6"] * 6 + ["item_12"]


def test_without_a_limit_of_the_client_only_the_models_counts() -> None:
    window, ratio = Window(), RetentionRatio(retention_ratio=0.8)
    assert len(window.of(messages(100), ratio)) == 100
    window.note_refused(1000)
    assert len(window.of(messages(101), ratio)) == 79


def test_the_lower_limit_counts() -> None:
    window = Window()
    window.note_refused(51)
    assert len(window.of(messages(8), RetentionRatio(retention_ratio=1, post_instructions=100))) == 5


@pytest.mark.parametrize("truncation", ["auto", "disabled"])
def test_otherwise_the_model_is_given_everything(truncation: str) -> None:
    window = Window()
    window.note_refused(10)
    assert len(window.of(messages(100), "auto" if truncation == "auto" else "disabled")) == 100


def test_a_change_of_the_setting_brings_back_what_fits() -> None:
    window = Window()
    window.of(messages(11), RetentionRatio(retention_ratio=0.5, post_instructions=100))
    assert len(window.of(messages(11), RetentionRatio(retention_ratio=0.5, post_instructions=200))) == 11


def test_the_output_of_a_forgotten_call_is_forgotten() -> None:
    items = [*messages(9), call(1), output(1), message(10)]
    kept = Window().of(items, RetentionRatio(retention_ratio=0.2, post_instructions=100))
    assert [item.id for item in kept] == ["item_10"]


def test_the_latest_output_keeps_its_call() -> None:
    items = [*messages(10), call(1), output(1)]
    kept = Window().of(items, RetentionRatio(retention_ratio=0.0, post_instructions=100))
    assert [item.id for item in kept] == ["call_1", "output_1"]


def test_audio_counts_by_its_length_and_what_was_answered_by_its_words() -> None:
    second = bytes(1000 * AudioFormat.PCM16.bytes_a_ms)
    heard = MessageItem(id="", role="user", parts=(Audio(data=second),))
    said = MessageItem(id="", role="assistant", parts=(Audio(data=second, transcript="x" * 8),))
    silent = MessageItem(id="", role="user", parts=(Audio(transcript="x" * 8),))
    assert [item_tokens(item) for item in (heard, said, silent)] == [4 + 10, 4 + 2, 4 + 2]


@given(
    st.lists(st.integers(0, 200), min_size=1),
    st.floats(0, 1),
    st.integers(0, 500),
)
def test_the_latest_item_is_always_given_and_the_rest_is_within_the_limit(
    lengths: list[int], ratio: float, limit: int
) -> None:
    window, truncation = Window(), RetentionRatio(retention_ratio=ratio, post_instructions=limit)
    items = [message(number, "x" * length) for number, length in enumerate(lengths)]
    for end in range(1, len(items) + 1):
        kept = window.of(items[:end], truncation)
        assert kept == tuple(items[end - len(kept) : end])
        assert kept
        assert len(kept) == 1 or sum(map(item_tokens, kept)) <= limit


def long_conversation(**truncation: float) -> Driver:
    driver = Driver(turn_detection=None, truncation=RetentionRatio(**truncation))  # type: ignore[arg-type]
    for number in range(11):
        driver.send(CreateItem(item=message(number)))
    return driver


def test_a_response_sees_what_is_left_and_the_client_still_has_everything() -> None:
    driver = long_conversation(retention_ratio=0.5, post_instructions=100)
    reply = started(driver.send(CreateResponse()))
    assert [item.id for item in reply.conversation] == [f"item_{number}" for number in range(6, 11)]
    assert len(driver.send(RetrieveItem(item_id="item_0"))) == 1


def test_what_a_response_is_given_itself_is_left_as_it_is() -> None:
    driver = long_conversation(retention_ratio=0.5, post_instructions=100)
    reply = started(driver.send(CreateResponse(input=messages(20), in_conversation=False)))
    assert len(reply.conversation) == 20


def test_what_the_model_could_not_take_is_not_given_to_it_again() -> None:
    driver = long_conversation(retention_ratio=0.5)
    reply = started(driver.send(CreateResponse()))
    assert len(reply.conversation) == 11
    assert driver.send(ContextFilled(tokens=110)) == []
    driver.finish(reply.generation)
    assert len(started(driver.send(CreateResponse())).conversation) == 5


def test_what_is_read_ahead_is_what_the_reply_will_be_given() -> None:
    driver = Driver(truncation=RetentionRatio(retention_ratio=0.5, post_instructions=100))
    for number in range(12):
        driver.send(CreateItem(item=message(number)))
    said = driver.speak(320)
    (read, *_) = each(said, Prefill)
    driver.send(UpdateSession(changes={"turn_detection": None}))
    reply = started(driver.send(CreateResponse()))
    assert read.conversation == reply.conversation
