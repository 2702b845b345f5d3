"""What a session holds, however much it is sent: tens of megabytes here stand for gigabytes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from antiphon.realtime.budget import Budget, weight_of
from antiphon.realtime.commands import Close, CountUsage, Output, ReleaseAudio, StartReply, Transcribe
from antiphon.realtime.configuration import AudioFormat, InputTranscription
from antiphon.realtime.events import Error, ErrorReported, ItemRetrieved, ItemTruncated, ResponseCreated
from antiphon.realtime.inputs import (
    AppendAudio,
    CancelResponse,
    CommitAudio,
    CreateItem,
    CreateResponse,
    DeleteItem,
    Input,
    RetrieveItem,
    Transcribed,
    TruncateItem,
)
from antiphon.realtime.items import Audio, FunctionCallItem, FunctionCallOutputItem, Item, MessageItem, Text

from .driving import Driver, each, only, started

BUDGET = Budget(audio_bytes=1_000_000, text_length=10_000, items=40, responses_out_of_band=2)
SECOND = 48_000
WEIGHT_OF_SECOND = SECOND + 64_000
"""As it was sent, and as it is heard."""


class Budgeted(Driver):
    def __init__(self, budget: Budget = BUDGET, **configuration: object) -> None:
        super().__init__(**{"turn_detection": None, **configuration})
        self.session._budget = self.session._history._budget = budget

    @property
    def items(self) -> list[Item]:
        return list(self.session._history.conversation)

    @property
    def held(self) -> int:
        return sum(weight_of(item).audio_bytes for item in self.items)

    def commit(self, seconds: float = 1.0) -> list[Output]:
        self.send(AppendAudio(audio=bytes(round(seconds * 1000) * 48)))
        return self.send(CommitAudio())

    def recall(self, id_: str, seconds: float = 1.0, transcript: str | None = None) -> list[Output]:
        """Create an item of the user's, of something said before."""
        part = Audio(data=bytes(round(seconds * 1000) * 48), transcript=transcript)
        return self.send(CreateItem(item=MessageItem(id=id_, role="user", parts=(part,))))

    def refusal(self, received: Input) -> Error:
        outputs = self.send(received)
        assert len(outputs) == 1
        return only(outputs, ErrorReported).error


def audio(item: Item) -> Audio:
    assert isinstance(item, MessageItem)
    part = item.parts[0]
    assert isinstance(part, Audio)
    return part


def message(text: str, id_: str = "") -> MessageItem:
    return MessageItem(id=id_, role="user", parts=(Text(text=text),))


# --- audio ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["commit", "create", "by turns"])
def test_audio_beyond_the_budget_is_let_go_of_however_it_came(way: str):
    options: dict[str, Any] = {"turn_detection": Driver().session._turns} if way == "by turns" else {}
    session = Budgeted(**options)
    for number in range(30):
        if way == "commit":
            session.commit()
        elif way == "create":
            session.recall(f"said_{number}")
        else:
            session.speak()
            session.fall_silent(640)
    assert len([item for item in session.items if isinstance(item, MessageItem) and item.role == "user"]) == 30
    assert session.held <= BUDGET.audio_bytes
    assert session.held == session.session._history.conversation.weight.audio_bytes
    released = [id_ for each_ in each(session.outputs, ReleaseAudio) for id_ in each_.item_ids]
    assert released == [item.id for item in session.items if not audio(item).data]
    assert audio(session.items[-1]).data
    assert not each(session.outputs, ErrorReported)


def test_telephony_weighs_what_it_takes_to_hear_it():
    session = Budgeted(input_format=AudioFormat.G711_ULAW)
    for _ in range(30):
        session.send(AppendAudio(audio=bytes(8000)))
        session.send(CommitAudio())
    assert session.held <= BUDGET.audio_bytes
    assert sum(len(audio(item).data) for item in session.items) < BUDGET.audio_bytes / 5


def test_one_item_may_be_larger_than_the_budget():
    session = Budgeted()
    session.recall("before")
    session.commit(60)
    assert [bool(audio(item).data) for item in session.items] == [False, True]


def test_what_was_transcribed_stays_in_words():
    session = Budgeted(transcription=InputTranscription())
    for number in range(20):
        item_id = only(session.commit(), Transcribe).item_id
        session.send(Transcribed(item_id=item_id, transcript=f"Words {number}.", seconds=1))
    assert [audio(item).transcript for item in session.items] == [f"Words {number}." for number in range(20)]


def test_what_was_answered_stays_in_words_without_a_transcription():
    session = Budgeted()
    for number in range(15):
        session.commit()
        generation = started(session.send(CreateResponse())).generation
        session.heard(generation, f"Words {number}.")
        session.text(generation, "Yes.")
        session.finish(generation)
    said = [item for item in session.items if isinstance(item, MessageItem) and item.role == "user"]
    assert not audio(said[0]).data
    assert audio(said[0]).transcript == "Words 0."
    assert audio(said[-1]).transcript is None  # It was not asked for.
    session.commit()
    seen = started(session.send(CreateResponse())).conversation
    assert audio(seen[0]).transcript == "Words 0."


def test_what_the_assistant_said_goes_first_and_what_it_said_last_can_be_truncated():
    session = Budgeted(replace(BUDGET, audio_bytes=1_500_000, items=400))
    for _ in range(16):
        session.commit(0.2)
        generation = started(session.send(CreateResponse())).generation
        session.say(generation, ("Good day.", 2000))
        session.finish(generation)
    replies = [item for item in session.items if isinstance(item, MessageItem) and item.role == "assistant"]
    assert not audio(replies[0]).data
    assert audio(replies[0]).transcript == "Good day."
    assert all(audio(item).data for item in session.items if isinstance(item, MessageItem) and item.role == "user")
    truncated = session.send(TruncateItem(item_id=replies[-1].id, content_index=0, audio_end_ms=500))
    assert each(truncated, ItemTruncated)
    assert session.held == session.session._history.conversation.weight.audio_bytes


def test_a_running_reply_still_has_what_it_began_with():
    session = Budgeted()
    for number in range(8):
        session.recall(f"said_{number}")
    session.commit()
    seen = started(session.send(CreateResponse())).conversation
    session.recall("more", 5)
    assert audio(seen[-1]).data


def test_what_is_deleted_makes_room_and_is_let_go_of():
    session = Budgeted()
    for number in range(BUDGET.items):
        session.recall(f"said_{number}")
        outputs = session.send(DeleteItem(item_id=f"said_{number}"))
        assert only(outputs, ReleaseAudio).item_ids == (f"said_{number}",)
    assert session.session._history.conversation.weight == weight_of(message(""))
    assert session.held == 0


def test_an_hour_of_talking_goes_on():
    """A turn of five seconds and an answer of ten, four times a minute, in words that are known in the end."""
    session = Budgeted(Budget())
    for number in range(240):
        session.commit(5)
        generation = started(session.send(CreateResponse())).generation
        session.heard(generation, f"Question {number}?")
        session.say(generation, (f"Answer {number}.", 10_000))
        session.finish(generation)
        assert session.held <= Budget().audio_bytes
    assert not each(session.outputs, ErrorReported)
    assert len(each(session.outputs, CountUsage)) == 240
    retrieved = session.send(RetrieveItem(item_id=session.items[0].id))
    assert audio(only(retrieved, ItemRetrieved).item).transcript == "Question 0?"


# --- text and items ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "item",
    [
        message("x" * 6000),
        MessageItem(id="", role="user", parts=(Audio(transcript="x" * 6000),)),
        MessageItem(id="", role="assistant", parts=(Text(text="x" * 3000), Text(text="x" * 3000))),
        FunctionCallItem(id="", call_id="call", name="look", arguments="x" * 6000),
        FunctionCallItem(id="", call_id="c" * 6000, name="look"),
    ],
)
def test_text_beyond_the_budget_is_refused_until_there_is_room(item: Item):
    session = Budgeted()
    session.send(CreateItem(item=message("x" * 6000, id_="long")))
    refusal = session.refusal(CreateItem(item=item))
    assert (refusal.type, refusal.code) == ("invalid_request_error", "conversation_full")
    assert len(session.items) == 1
    session.send(DeleteItem(item_id="long"))
    assert not each(session.send(CreateItem(item=item)), ErrorReported)


def test_what_a_function_returned_counts_as_well():
    session = Budgeted()
    session.send(CreateItem(item=FunctionCallItem(id="", call_id="call", name="look")))
    output = FunctionCallOutputItem(id="", call_id="call", output="x" * 11_000)
    assert session.refusal(CreateItem(item=output)).code == "conversation_full"


def test_items_that_come_with_a_response_count_as_well():
    session = Budgeted()
    response = CreateResponse(append=(message("x" * 6000), message("x" * 6000)))
    assert session.refusal(response).code == "conversation_full"
    assert not each(session.outputs, ResponseCreated)
    assert session.refusal(CreateResponse(append=[message("x")] * (BUDGET.items + 1))).code == "conversation_full"


def test_a_session_has_no_more_items_than_it_may_ever_have():
    session = Budgeted()
    for _ in range(BUDGET.items // 2):
        session.send(CreateItem(item=message("x", id_="")))
        session.send(CreateItem(item=message("x", id_=(last := f"own_{len(session.outputs)}"))))
        session.send(DeleteItem(item_id=last))
    assert session.refusal(CreateItem(item=message("x"))).code == "conversation_full"
    session.send(AppendAudio(audio=bytes(SECOND)))
    assert session.refusal(CommitAudio()).code == "conversation_full"
    assert len(session.items) == BUDGET.items // 2


def test_turns_beyond_that_end_the_session():
    session = Budgeted(turn_detection=Driver().session._turns)
    for _ in range(BUDGET.items):
        session.write()
    session.speak()
    outputs = session.fall_silent(640)
    assert only(outputs, ErrorReported).error.code == "conversation_full"
    assert each(outputs, Close)
    assert session.write() == []


@pytest.mark.parametrize("length", [513, 100_000])
def test_an_id_has_its_length(length: int):
    refusal = Budgeted().refusal(CreateItem(item=message("x", id_="i" * length)))
    assert (refusal.code, refusal.param) == ("string_above_max_length", "item.id")


# --- responses --------------------------------------------------------------------------------------------------------


def test_responses_out_of_band_are_so_many_at_a_time():
    session = Budgeted()
    first = started(session.send(CreateResponse(in_conversation=False))).generation
    second = session.send(CreateResponse(in_conversation=False))
    refusal = session.refusal(CreateResponse(in_conversation=False, append=(message("Hello."),)))
    assert (refusal.type, refusal.code) == ("invalid_request_error", "too_many_active_responses")
    assert not session.items
    assert each(session.send(CreateResponse()), StartReply)  # The conversation has its own.
    session.finish(first)
    assert each(session.send(CreateResponse(in_conversation=False)), StartReply)
    session.send(CancelResponse(response_id=only(second, ResponseCreated).response.id))
    assert each(session.send(CreateResponse(in_conversation=False)), StartReply)
