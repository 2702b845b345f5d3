"""What a session says to what it is told, in the documented order."""

from __future__ import annotations

import itertools

import pytest

from antiphon.realtime.commands import (
    CancelReply,
    Close,
    CountUsage,
    JudgeEndOfTurn,
    ReadAhead,
    RestartDetection,
    StartReply,
    Transcribe,
)
from antiphon.realtime.configuration import InputTranscription, NamedFunction, SemanticVad, ServerVad
from antiphon.realtime.events import (
    AudioCommitted,
    AudioDelta,
    ErrorReported,
    IdleTimeout,
    ItemAdded,
    ItemRetrieved,
    ItemTruncated,
    OutputItemDone,
    PartDone,
    RateLimit,
    RateLimitsUpdated,
    ResponseCreated,
    ResponseDone,
    SessionCreated,
    SessionUpdated,
    SpeechStarted,
    SpeechStopped,
    TranscriptionCompleted,
)
from antiphon.realtime.inputs import (
    AppendAudio,
    CancelResponse,
    ClearAudio,
    ClearOutputAudio,
    ClientCommand,
    ClientLeft,
    CommitAudio,
    CreateItem,
    CreateResponse,
    DeleteItem,
    EndOfTurnJudged,
    RatesChanged,
    ReplyText,
    RetrieveItem,
    TimePassed,
    Transcribed,
    TruncateItem,
    UpdateSession,
)
from antiphon.realtime.items import Audio, FunctionCallItem, FunctionCallOutputItem, ItemReference, MessageItem, Text

from .driving import BYTES_A_MS, USAGE, Driver, each, names, only, started

ANSWER = (("Good day,", 600), (" to you.", 400))
MESSAGE = ["OutputItemAdded", "ItemAdded", "PartAdded"]
SPOKEN = ["TranscriptDelta", "AudioDelta"]
MESSAGE_DONE = ["AudioDone", "TranscriptDone", "PartDone", "OutputItemDone", "ItemDone"]
RESPONSE_DONE = ["ResponseDone"]
COMMITTED = ["AudioCommitted", "ItemAdded", "ItemDone"]


def refused(driver: Driver, command: ClientCommand) -> str | None:
    """The code of the one thing that is said to a command that is refused."""
    (output,) = driver.send(command)
    assert isinstance(output, ErrorReported)
    assert output.client_event_id == command.event_id
    assert output.error.message
    return output.error.code


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
    assert refused(driver, CreateResponse(changes={"tool_choice": NamedFunction(name="look")})) == "invalid_value"


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


# --- turns -----------------------------------------------------------------------------------------------------------


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
    assert len(only(driver.speak(320), ReadAhead).conversation) == 1


def test_what_was_said_so_far_is_read_while_the_user_goes_on() -> None:
    driver = Driver()
    driver.write("Hello.")
    _, first, second = each(driver.speak(1920), ReadAhead)
    heard = [read.conversation[-1].parts[0] for read in (first, second)]
    assert [round(audio.duration_ms) for audio in heard] == [800, 1600]
    assert second.conversation[-1].id == only(driver.outputs, SpeechStarted).item_id
    refused = only(driver.send(RetrieveItem(item_id=second.conversation[-1].id)), ErrorReported)
    assert refused.error.code == "item_not_found"


def test_of_long_speech_a_quarter_more_is_worth_reading() -> None:
    driver = Driver()
    reads = each(driver.speak(9600), ReadAhead)[1:]
    lengths = [read.conversation[-1].parts[0].duration_ms for read in reads]
    assert len(lengths) == 8
    assert all(later - earlier >= max(800, earlier / 4 - 32) for earlier, later in itertools.pairwise(lengths))


def test_the_conversation_is_read_again_with_the_answer() -> None:
    driver = Driver()
    driver.speak(320)
    generation = started(driver.fall_silent()).generation
    driver.say(generation, *ANSWER)
    assert len(only(driver.finish(generation), ReadAhead).conversation) == 2


def test_nothing_is_read_for_who_wants_no_answers() -> None:
    driver = Driver(turn_detection=ServerVad(create_response=False))
    assert each(driver.speak(1920), ReadAhead) == []


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


def test_what_sounds_finished_ends_after_a_short_silence() -> None:
    driver = Driver(turn_detection=SemanticVad())
    driver.speak()
    question = only(driver.fall_silent(320), JudgeEndOfTurn)
    ended = driver.send(EndOfTurnJudged(generation=question.generation, probability=0.9))
    assert names(ended) == ["SpeechStopped", *COMMITTED, "ResponseCreated"]


@pytest.mark.parametrize(("eagerness", "silence_ms"), [("high", 2000), ("auto", 4000), ("low", 8000)])
def test_what_sounds_unfinished_ends_after_a_long_silence(eagerness: str, silence_ms: int) -> None:
    driver = Driver(turn_detection=SemanticVad(eagerness=eagerness))  # pyright: ignore[reportArgumentType]
    driver.speak()
    question = only(driver.fall_silent(320), JudgeEndOfTurn)
    driver.send(EndOfTurnJudged(generation=question.generation, probability=0.1))
    assert names(driver.fall_silent(silence_ms - 416)) == []
    assert "SpeechStopped" in names(driver.fall_silent(64))


def test_a_judgement_of_an_earlier_pause_counts_for_nothing() -> None:
    driver = Driver(turn_detection=SemanticVad())
    driver.speak()
    question = only(driver.fall_silent(320), JudgeEndOfTurn)
    driver.speak()
    driver.fall_silent(320)
    assert driver.send(EndOfTurnJudged(generation=question.generation, probability=0.9)) == []


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


def spoken(driver: Driver) -> str:
    """The id of a whole spoken message: "Good day," for 600 ms, " to you." for 400."""
    generation = driver.ask()
    driver.say(generation, *ANSWER)
    return only(driver.finish(generation), OutputItemDone).item.id


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


# --- the session -----------------------------------------------------------------------------------------------------


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
    driver.ask()
    assert only(driver.send(CancelResponse()), CountUsage).usage.total == 0


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
    assert first.output[0].parts[0].text == "Good "
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


def test_audio_deltas_carry_what_the_synthesiser_made() -> None:
    driver = Driver(turn_detection=None)
    assert [len(delta.audio) for delta in each(driver.say(driver.ask(), *ANSWER), AudioDelta)] == [
        600 * BYTES_A_MS,
        400 * BYTES_A_MS,
    ]
