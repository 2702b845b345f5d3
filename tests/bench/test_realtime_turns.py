"""Spoken turns: what is made of the moments that were taken down."""

from __future__ import annotations

import pytest
from bench.realtime.client import Said
from bench.realtime.turns import Turn, results


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
