"""Spoken turns: what is made of the moments that were taken down."""

from __future__ import annotations

import pytest
from bench.realtime.client import Said
from bench.realtime.stages import cause_of, causes
from bench.realtime.turns import Turn, results, results_at_once

from antiphon.api.realtime.stopwatch import ResponseSpans


def turn(*, stopped_s: float, first_audio_s: float, ends: int = 1) -> Turn:
    return Turn(said=Said(0.0, 2.0), stopped_s=stopped_s, first_audio_s=first_audio_s, response_id="resp_1", ends=ends)


def test_each_turn_counts_from_its_last_sample_and_from_when_it_was_over():
    turns = [turn(stopped_s=0.2, first_audio_s=0.3), turn(stopped_s=0.3, first_audio_s=0.6)]
    first_audio, stopped, between, _ = results("silence 200 ms", turns, target_s=0.4)
    assert first_audio.value == pytest.approx(0.45)
    assert first_audio.met is False
    assert (stopped.value, between.value) == (pytest.approx(0.25), pytest.approx(0.2))


def test_questions_that_were_cut_off_are_a_share_of_all():
    turns = [turn(stopped_s=0.2, first_audio_s=0.2, ends=ends) for ends in (1, 2, 1, 3)]
    assert results("silence 200 ms", turns, target_s=0.4)[-1].value == 50.0


def spans(**stages: int | None) -> ResponseSpans:
    fields: dict[str, int | None] = dict.fromkeys(("heard_ms", "transcribed_ms", "first_token_ms", "first_words_ms"))
    reached = {**fields, "first_audio_ms": None, **stages}
    return ResponseSpans(response_id="resp_1", status="completed", answers_speech=True, done_ms=9000, **reached)  # pyright: ignore[reportArgumentType]


def test_a_slow_answer_is_explained_by_the_stage_that_took_longest():
    slow = turn(stopped_s=0.5, first_audio_s=1.6)
    reading = spans(heard_ms=-200, first_token_ms=500, first_words_ms=800, first_audio_ms=1050)
    assert cause_of(slow, reading) == "reading them"
    late_words = spans(heard_ms=700, first_token_ms=800, first_words_ms=900, first_audio_ms=1050)
    assert cause_of(slow, late_words) == "waiting for the words"
    assert cause_of(turn(stopped_s=0.5, first_audio_s=1.6, ends=2), reading) == "a pause taken for the end"
    assert cause_of(slow, None) == "not known"


def test_only_slow_answers_are_explained():
    turns = [turn(stopped_s=0.5, first_audio_s=0.7), turn(stopped_s=0.5, first_audio_s=1.6)]
    (cause,) = causes("later turns", turns, [])
    assert (cause.value, cause.count) == (50.0, 2)


def test_people_who_speak_at_once_are_compared():
    answered = [[turn(stopped_s=0.5, first_audio_s=1.0)], [turn(stopped_s=0.5, first_audio_s=1.5)]]
    median, p95, fairness = results_at_once("2 speakers", answered, targets_s=(0.9, 1.5))
    assert (median.value, fairness.value) == (pytest.approx(1.25), pytest.approx(1.5))
    assert p95.met is True
