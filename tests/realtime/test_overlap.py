"""Speech during a reply: with semantic VAD, only what is meant as an interruption is one."""

from __future__ import annotations

import pytest

from antiphon.realtime.commands import CancelReply, HearWords, JudgeEndOfTurn, Output, StartReply
from antiphon.realtime.configuration import InputTranscription, SemanticVad, ServerVad
from antiphon.realtime.events import ItemAdded, SpeechStarted
from antiphon.realtime.inputs import ClearAudio, CommitAudio, TimePassed, WordsHeard
from antiphon.realtime.items import Audio, MessageItem

from .driving import COMMITTED, MESSAGE_DONE, RESPONSE_DONE, Driver, each, names, only

LONG_ANSWER = (("A lighthouse is a tower with a bright light,", 3000), (" built on the coast.", 2000))


def replying(*clauses: tuple[str, int]) -> tuple[Driver, int]:
    """A session whose reply is being spoken, and that reply's generation."""
    driver = Driver(turn_detection=SemanticVad())
    generation = driver.ask()
    driver.say(generation, *(clauses or LONG_ANSWER))
    return driver, generation


def answer(driver: Driver, asked: HearWords, words: str | None) -> list[Output]:
    return driver.send(WordsHeard(generation=asked.generation, transcript=words))


def say_briefly(driver: Driver, words: str | None) -> list[Output]:
    """Speak for a third of a second, and have these words recognized."""
    return answer(driver, only(driver.speak(320) + driver.fall_silent(160), HearWords), words)


@pytest.mark.parametrize(
    "words", ["Uh-huh.", "Yes, yes.", "D'accord.", "Va bene.", "Ach so!", "Claro.", "Está bem.", ""]
)
def test_assent_and_noise_leave_no_trace(words: str) -> None:
    driver, generation = replying()
    assert names(say_briefly(driver, words)) == []
    assert names(driver.fall_silent(8960)) == []
    assert each(driver.outputs, CancelReply) == []
    assert names(driver.say(generation, (" It is old.", 400))) == ["TranscriptDelta", "AudioDelta"]


def test_after_assent_the_next_speech_is_heard_by_itself() -> None:
    driver, _ = replying()
    say_briefly(driver, "Uh-huh.")
    driver.fall_silent(640)
    asked = only(driver.speak(320) + driver.fall_silent(160), HearWords)
    assert isinstance(audio := asked.item.parts[0], Audio)
    assert audio.duration_ms < 320 + 300 + 160
    assert names(answer(driver, asked, "Wait, who built it?"))[0] == "SpeechStarted"


def test_other_words_interrupt_and_are_prepared_for_like_any_turn() -> None:
    driver, generation = replying()
    outputs = say_briefly(driver, "Stop.")
    assert names(outputs) == ["SpeechStarted", *MESSAGE_DONE, *RESPONSE_DONE]
    assert only(outputs, CancelReply).generation == generation
    assert only(outputs, StartReply).is_speculative
    assert len(each(outputs, JudgeEndOfTurn)) == 1
    ended = driver.fall_silent(8000)
    assert names(ended)[: 1 + len(COMMITTED)] == ["SpeechStopped", *COMMITTED]
    assert only(ended, ItemAdded).item.id == only(outputs, SpeechStarted).item_id


def test_longer_speech_interrupts_as_soon_as_its_first_words_are_known() -> None:
    driver, _ = replying()
    asked = only(driver.speak(640), HearWords)
    assert isinstance(audio := asked.item.parts[0], Audio)
    assert audio.duration_ms <= 640
    assert names(answer(driver, asked, "Wait, what"))[0] == "SpeechStarted"


def test_speech_that_begins_with_assent_is_listened_to_again() -> None:
    driver, _ = replying()
    assert names(answer(driver, only(driver.speak(640), HearWords), "Yes")) == []
    assert names(answer(driver, only(driver.speak(640), HearWords), "Yes but why"))[0] == "SpeechStarted"


def test_speech_that_nobody_recognizes_interrupts_after_a_while() -> None:
    driver, _ = replying()
    assert names(driver.speak(1280)) == []
    assert names(driver.speak(320))[0] == "SpeechStarted"


def test_speech_whose_recognition_fails_interrupts() -> None:
    driver, _ = replying()
    assert names(say_briefly(driver, None))[0] == "SpeechStarted"


def test_the_replys_own_echo_leaves_no_trace() -> None:
    driver, _ = replying()
    assert names(answer(driver, only(driver.speak(640), HearWords), "A lighthouse")) == []
    asked = each(driver.speak(1280) + driver.fall_silent(160), HearWords)[-1]
    assert names(answer(driver, asked, "A lighthouse is a tower with bright.")) == []
    assert each(driver.outputs, CancelReply) == []


def test_a_question_about_a_few_of_the_replys_words_interrupts() -> None:
    driver, _ = replying()
    assert names(say_briefly(driver, "On the coast?"))[0] == "SpeechStarted"


def test_assent_to_a_question_is_an_answer() -> None:
    driver, _ = replying(("Shall I book the table for six?", 3000))
    assert names(say_briefly(driver, "Yes."))[0] == "SpeechStarted"


def test_words_that_come_late_say_nothing_about_speech_that_went_on() -> None:
    driver, _ = replying()
    asked = only(driver.speak(320) + driver.fall_silent(160), HearWords)
    driver.speak(96)
    assert names(answer(driver, asked, "Stop.")) == []


def test_assent_after_the_reply_has_been_played_is_a_turn() -> None:
    driver, generation = replying()
    driver.finish(generation)
    driver.send(TimePassed(now_ms=4000))
    assert names(driver.speak(96)) == []
    driver.send(TimePassed(now_ms=5001))
    asked = only(driver.fall_silent(160), HearWords)
    assert names(answer(driver, asked, "Okay."))[0] == "SpeechStarted"
    driver.fall_silent(8000)
    assert names(driver.speak(96))[0] == "SpeechStarted"


def test_assent_is_no_turn_while_what_was_sent_is_still_played() -> None:
    driver, generation = replying()
    driver.finish(generation)
    driver.send(TimePassed(now_ms=2000))
    assert names(say_briefly(driver, "Okay.")) == []


def test_once_interrupted_a_reply_withholds_nothing_more() -> None:
    driver, _ = replying()
    say_briefly(driver, "Stop.")
    driver.fall_silent(8000)
    assert names(driver.speak(96))[0] == "SpeechStarted"


@pytest.mark.parametrize("command", [ClearAudio, CommitAudio])
def test_what_the_client_takes_is_no_longer_withheld(command: type[ClearAudio | CommitAudio]) -> None:
    driver, _ = replying()
    asked = only(driver.speak(320) + driver.fall_silent(160), HearWords)
    driver.send(command())
    assert answer(driver, asked, "Stop.") == []


def test_what_the_client_says_of_the_users_speech_helps_to_recognize_it() -> None:
    driver = Driver(turn_detection=SemanticVad(), transcription=InputTranscription(language="de"))
    driver.say(driver.ask(), *LONG_ANSWER)
    asked = only(driver.speak(640), HearWords)
    assert asked.transcription == InputTranscription(language="de")
    assert isinstance(asked.item, MessageItem)


def test_with_server_vad_all_speech_interrupts_at_once() -> None:
    driver = Driver(turn_detection=ServerVad())
    driver.say(driver.ask(), *LONG_ANSWER)
    assert names(driver.speak(96))[0] == "SpeechStarted"
