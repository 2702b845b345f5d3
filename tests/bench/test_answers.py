"""Answers: what a person would call right, brief and to the point."""

from __future__ import annotations

import datetime

import pytest
from bench.answers import Request, faults_of

TUESDAY = datetime.date(2026, 12, 1)


def english(says: str, **rules: object) -> Request:
    return Request(language="en", says=says, **rules)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("request_", "answer", "faults"),
    [
        (english("What is the capital of Norway?", right=["oslo"]), "Oslo.", []),
        (english("What is the capital of Norway?", right=["oslo"]), "It is Bergen.", ["wrong"]),
        (english("What day is it?", right=["{weekday}"]), "It's Tuesday.", []),
        (english("What day is it?", right=["{weekday}"]), "It's Monday.", ["wrong"]),
        (english("Turn on the light.", cannot=True), "I’m sorry, I can’t do that.", []),
        (english("Turn on the light.", cannot=True), "The light is on.", ["wrong"]),
        (english("The flam on of butter.", unclear=True), "I did not understand that.", []),
        (english("Why is the sky so blue today?", right=[]), "**Because** of the air.", ["with markup"]),
        (
            english("Why is the sky so blue today?", right=[]),
            "Why the sky is so blue today is the air's doing: is the sky so blue today?",
            ["repeats the question"],
        ),
        (english("Why?", right=[]), "word " * 46, ["too long"]),
    ],
)
def test_an_answer_is_held_to_the_rules_of_its_request(request_: Request, answer: str, faults: list[str]) -> None:
    assert faults_of(request_, answer, "en", TUESDAY) == faults


def test_an_answer_in_another_language_is_at_fault() -> None:
    assert faults_of(english("Why?", right=[]), "Parce que.", "fr", TUESDAY) == ["in another language"]
