"""An event is taken whole or refused whole, with all that is wrong with it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from antiphon.realtime.configuration import Configuration
from antiphon.realtime.dialects.beta import Beta
from antiphon.realtime.dialects.dialect import JsonDialect
from antiphon.realtime.dialects.ga import Ga
from antiphon.realtime.events import Error
from antiphon.realtime.inputs import Refuse

from .dialect_shapes import IDENTITY, VOICES


def refusal(dialect: type[JsonDialect], event: dict[str, Any]) -> Error:
    command = dialect(IDENTITY, lambda kind: f"{kind}_1", VOICES).read(json.dumps(event))
    assert isinstance(command, Refuse)
    return command.error


def update(**session: Any) -> dict[str, Any]:
    return {"type": "session.update", "event_id": "mine", "session": {"type": "realtime", **session}}


def test_faults_of_all_kinds_are_named_together() -> None:
    audio = {"input": {"noise_reduction": {"type": "near"}, "format": {"type": "audio/pcm", "rate": 1}}}
    error = refusal(Ga, update(colour="red", instructions=7, truncation="some", audio=audio, max_output_tokens=0))
    named = ["colour", "instructions", "truncation", "noise_reduction.type", "format.rate", "max_output_tokens"]
    assert all(name in error.message for name in named)


@pytest.mark.parametrize("dialect", [Beta, Ga])
def test_code_and_parameter_are_those_of_the_first(dialect: type[JsonDialect]) -> None:
    one = refusal(dialect, {"type": "response.cancel", "response_id": 7})
    both = refusal(dialect, {"type": "response.cancel", "response_id": 7, "colour": "red"})
    assert (both.code, both.param) in {(one.code, one.param), ("unknown_parameter", "colour")}
    assert "response_id" in both.message
    assert "'colour'" in both.message


def test_one_fault_is_named_as_ever() -> None:
    assert refusal(Ga, update(colour="red")).message == "Unknown parameter: 'session.colour'."


def test_what_is_missing_is_named_where_it_is_all_that_can_be_said() -> None:
    error = refusal(Ga, {"type": "conversation.item.create", "item": {"type": "message", "role": "user"}})
    assert (error.code, error.param) == ("missing_required_parameter", "item.content")
    assert error.message.count("item.content") == 1


def test_what_was_taken_out_is_not_said_to_be_missing() -> None:
    error = refusal(Ga, {"type": "session.update", "session": {"type": "other"}})
    assert "Missing" not in error.message


def test_a_wrong_element_ends_the_search() -> None:
    tools: list[Any] = [{"type": "function", "name": "look", "parameters": {}}, 7]
    assert refusal(Ga, update(tools=tools)).code == "invalid_type"


def test_so_many_faults_are_named_and_no_more() -> None:
    error = refusal(Ga, update(**{f"field{number}": 1 for number in range(100)}))
    assert error.message.count("Unknown parameter") == 8


def test_of_a_large_event_only_the_first_is_named() -> None:
    error = refusal(Ga, update(instructions="x" * 100_000, colour="red", shape="round"))
    assert error.message.count("Unknown parameter") == 1


def test_nothing_of_a_refused_update_is_applied() -> None:
    command = Ga(IDENTITY, lambda kind: f"{kind}_1", VOICES).read(json.dumps(update(instructions="Hi", colour="red")))
    assert isinstance(command, Refuse)
    assert command.event_id == "mine"
    assert Configuration(model="m").instructions == ""
