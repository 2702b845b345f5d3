"""Replies are counted and timed by how they end."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field

import pytest

from antiphon.dialogue.observed import ObservedResponder, ReplyMeasures
from antiphon.dialogue.reply import (
    ReplyEvent,
    ReplyFinished,
    ReplyRequest,
    Stage,
    StageReached,
    TextWritten,
    Turn,
)
from antiphon.engines.errors import ContextLengthExceeded, EngineFailed
from antiphon.hardening.errors import ServerBusy
from antiphon.telemetry.measures import written
from antiphon.vocabulary.usage import Usage

from ..clocks import HandTimer

pytestmark = pytest.mark.anyio

REQUEST = ReplyRequest(conversation=[Turn(role="user", parts=("Hello.",))])


@dataclass(slots=True)
class SlowResponder:
    """A double that takes a second for each of its events, and may fail after them."""

    timer: HandTimer
    failure: Exception | None = None
    sample_rate: int = 24_000
    voices: frozenset[str] = field(default_factory=frozenset[str])

    async def prefill(self, request: ReplyRequest) -> None:
        """There is nothing to read."""

    async def respond(self, request: ReplyRequest) -> AsyncGenerator[ReplyEvent]:
        events: tuple[ReplyEvent, ...] = (
            StageReached(stage=Stage.HEARD),
            StageReached(stage=Stage.FIRST_TOKEN),
            TextWritten(text="Good "),
            TextWritten(text="day."),
        )
        for event in events:
            self.timer.now += 1
            yield event
        if self.failure is not None:
            raise self.failure
        yield ReplyFinished(finish_reason="stop", usage=Usage())


def observed(failure: Exception | None = None) -> tuple[ObservedResponder, ReplyMeasures]:
    timer, measures = HandTimer(), ReplyMeasures()
    responder = ObservedResponder(SlowResponder(timer, failure), profile="default", measures=measures, monotonic=timer)
    return responder, measures


def told(measures: ReplyMeasures) -> dict[str, str]:
    lines = [line for line in written(measures.families()) if not line.startswith("#")]
    return dict(line.rsplit(" ", 1) for line in lines)


async def test_each_stage_is_timed_once():
    responder, measures = observed()
    async with aclosing(responder.respond(REQUEST)) as events:
        assert len([event async for event in events]) == 5
    sums = told(measures)
    for stage, seconds in {"heard": "1", "first_token": "2", "first_words": "3", "done": "4"}.items():
        of_stage = f'{{profile="default",stage="{stage}"}}'
        assert sums[f"antiphon_reply_seconds_sum{of_stage}"] == seconds
        assert sums[f"antiphon_reply_seconds_count{of_stage}"] == "1"
    assert sums['antiphon_replies_total{profile="default",outcome="completed"}'] == "1"
    assert sums['antiphon_replies_in_progress{profile="default"}'] == "0"


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [
        (ServerBusy(), "busy"),
        (EngineFailed(), "failed"),
        (ContextLengthExceeded.by(context_tokens=10, tokens="20"), "refused"),
        (RuntimeError("broken"), "failed"),
    ],
)
async def test_failures_are_told_apart(failure: Exception, outcome: str):
    responder, measures = observed(failure)
    with pytest.raises(type(failure)):
        async with aclosing(responder.respond(REQUEST)) as events:
            async for _ in events:
                pass
    assert told(measures)[f'antiphon_replies_total{{profile="default",outcome="{outcome}"}}'] == "1"


async def test_a_reply_that_nobody_waits_for_any_more_is_cancelled():
    responder, measures = observed()
    async with aclosing(responder.respond(REQUEST)) as events:
        await anext(events)
        assert told(measures)['antiphon_replies_in_progress{profile="default"}'] == "1"
    assert told(measures)['antiphon_replies_total{profile="default",outcome="cancelled"}'] == "1"
    assert told(measures)['antiphon_replies_in_progress{profile="default"}'] == "0"
