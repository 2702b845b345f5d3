"""With semantic VAD, sound and words tell whether somebody has finished."""

from __future__ import annotations

import pytest

from antiphon.realtime.commands import JudgeEndOfTurn, StartReply
from antiphon.realtime.configuration import Eagerness, SemanticVad
from antiphon.realtime.inputs import EndOfTurnJudged
from antiphon.realtime.turns import LAG_MS

from .driving import COMMITTED, Driver, each, names, only

FRAME_MS = 32
ENDED = ["SpeechStopped", *COMMITTED, "ResponseCreated"]


def paused(eagerness: Eagerness = "auto") -> Driver:
    """Somebody has spoken, and is silent for 320 ms."""
    driver = Driver(turn_detection=SemanticVad(eagerness=eagerness))
    driver.speak()
    driver.fall_silent(320)
    return driver


def judge(driver: Driver, probability: float) -> list[str]:
    generation = each(driver.outputs, JudgeEndOfTurn)[-1].generation
    return names(driver.send(EndOfTurnJudged(generation=generation, probability=probability)))


def hear(driver: Driver, words: str) -> list[str]:
    return names(driver.heard(each(driver.outputs, StartReply)[-1].generation, words))


def ends_after_ms(driver: Driver) -> int:
    """How long the silence is when the turn ends, with what the detector took for speech at its beginning."""
    for silence_ms in range(320 + FRAME_MS + LAG_MS, 9000, FRAME_MS):
        if "SpeechStopped" in names(driver.fall_silent(FRAME_MS)):
            return silence_ms
    raise AssertionError("The turn does not end.")


def test_a_sentence_that_sounds_finished_ends_a_turn_after_a_short_silence() -> None:
    driver = paused()
    assert judge(driver, 0.9) == []
    assert hear(driver, "What time is it?") == ENDED


def test_which_is_known_first_makes_no_difference() -> None:
    driver = paused()
    assert hear(driver, "What time is it?") == []
    assert judge(driver, 0.9) == ENDED


@pytest.mark.parametrize(
    ("eagerness", "probability", "words", "silence_ms"),
    [
        ("auto", 0.9, "If proven...", 1500),
        ("auto", 0.9, "What I would like", 1500),
        ("auto", 0.9, "Because of the rain,", 1500),
        ("auto", 0.9, "Neon.", 700),
        ("auto", 0.1, "I saw a circle of deep.", 1500),
        ("auto", 0.1, "The aspect ratio", 4000),
        ("medium", 0.1, "The aspect ratio", 4000),
        ("high", 0.9, "What I would like", 800),
        ("high", 0.1, "The aspect ratio", 2000),
        ("low", 0.9, "What time is it?", 600),
        ("low", 0.1, "The aspect ratio", 8000),
    ],
)
def test_what_may_go_on_ends_after_a_longer_silence(
    eagerness: Eagerness, probability: float, words: str, silence_ms: int
) -> None:
    driver = paused(eagerness)
    judge(driver, probability)
    hear(driver, words)
    assert ends_after_ms(driver) == pytest.approx(silence_ms, abs=2 * FRAME_MS)


def test_assent_is_a_whole_answer() -> None:
    driver = paused()
    judge(driver, 0.9)
    assert hear(driver, "Yes.") == ENDED


def test_where_nothing_is_judged_a_long_silence_ends_the_turn() -> None:
    assert ends_after_ms(paused()) == pytest.approx(4000, abs=2 * FRAME_MS)


def test_words_that_do_not_come_are_not_waited_for_long() -> None:
    driver = paused()
    assert judge(driver, 0.9) == []
    assert ends_after_ms(driver) == pytest.approx(1500, abs=2 * FRAME_MS)


def test_without_a_reply_that_hears_words_the_sound_decides() -> None:
    driver = Driver(turn_detection=SemanticVad(create_response=False))
    driver.speak()
    driver.fall_silent(320)
    assert judge(driver, 0.9) == ["SpeechStopped", *COMMITTED]


def test_a_judgement_of_an_earlier_pause_counts_for_nothing() -> None:
    driver = Driver(turn_detection=SemanticVad(create_response=False))
    driver.speak()
    question = only(driver.fall_silent(320), JudgeEndOfTurn)
    driver.speak()
    driver.fall_silent(320)
    assert driver.send(EndOfTurnJudged(generation=question.generation, probability=0.9)) == []


def test_words_of_an_earlier_pause_count_for_nothing() -> None:
    driver = paused()
    judge(driver, 0.9)
    earlier = each(driver.outputs, StartReply)[-1].generation
    driver.speak()
    driver.fall_silent(320)
    judge(driver, 0.9)
    assert driver.heard(earlier, "What time is it?") == []
