"""What is replied to when a conversation does not fit its model."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence

import pytest

from antiphon.api.realtime.shortening import STEP, Shortening
from antiphon.dialogue.reply import ReplyEvent, ReplyRequest, TextWritten, Turn
from antiphon.engines.errors import ContextLengthExceeded
from antiphon.realtime.configuration import RetentionRatio, Truncation
from antiphon.vocabulary.tools import ToolCall

pytestmark = pytest.mark.anyio

SYSTEM = Turn(role="system", parts=("Be kind.",))


class ForgetfulResponder:
    """Finds conversations of more than so many turns too long; remembers those it took."""

    sample_rate = 24_000
    voices = frozenset({"alloy"})

    def __init__(self, most_turns: int) -> None:
        self._most_turns = most_turns
        self.taken: list[Sequence[Turn]] = []

    async def prefill(self, request: ReplyRequest) -> None:
        self._take(request)

    async def respond(self, request: ReplyRequest) -> AsyncGenerator[ReplyEvent]:
        self._take(request)
        yield TextWritten(text="Hello.")

    def _take(self, request: ReplyRequest) -> None:
        if len(request.conversation) > self._most_turns:
            raise ContextLengthExceeded.by(context_tokens=self._most_turns, tokens="more")
        self.taken.append(request.conversation)


def said(turns: int) -> list[Turn]:
    return [Turn(role="user", parts=(f"{number}",)) for number in range(turns)]


async def reply(
    responder: ForgetfulResponder, *turns: Turn, truncation: Truncation = "auto", refused: list[int] | None = None
) -> list[ReplyEvent]:
    shortening = Shortening(truncation, on_refused=([] if refused is None else refused).append)
    return [event async for event in shortening.respond(responder, ReplyRequest(conversation=turns))]


async def test_what_fits_is_left_as_it_is() -> None:
    responder = ForgetfulResponder(40)
    assert await reply(responder, SYSTEM, *said(39))
    assert responder.taken == [(SYSTEM, *said(39))]


async def test_the_oldest_turns_are_dropped_and_the_instructions_kept() -> None:
    responder = ForgetfulResponder(40)
    assert await reply(responder, SYSTEM, *said(60))
    assert responder.taken == [[SYSTEM, *said(60)[2 * STEP :]]]


async def test_the_same_turns_are_dropped_for_many_turns() -> None:
    responder = ForgetfulResponder(40)
    for turns in (41, 45, 50):
        await reply(responder, *said(turns))
    assert {taken[0].parts[0] for taken in responder.taken} == {str(STEP)}


async def test_what_is_prefilled_is_what_the_reply_will_rest_on() -> None:
    responder = ForgetfulResponder(40)
    shortening = Shortening("auto", on_refused=lambda _: None)
    await shortening.prefill(responder, ReplyRequest(conversation=[SYSTEM, *said(60)]))
    await reply(responder, SYSTEM, *said(60))
    assert responder.taken[0] == responder.taken[1]


async def test_the_output_of_a_call_that_was_dropped_is_dropped() -> None:
    responder = ForgetfulResponder(20)
    call = Turn(role="assistant", tool_calls=(ToolCall(id="call_1", name="look", arguments="{}"),))
    output = Turn(role="tool", parts=("Nothing.",), tool_call_id="call_1")
    await reply(responder, *said(STEP - 1), call, output, *said(6))
    assert responder.taken == [said(6)]


async def test_one_turn_that_is_too_long_by_itself_is_refused() -> None:
    with pytest.raises(ContextLengthExceeded):
        await reply(ForgetfulResponder(0), SYSTEM, *said(1))


async def test_nothing_is_dropped_where_truncation_is_disabled() -> None:
    responder = ForgetfulResponder(40)
    with pytest.raises(ContextLengthExceeded):
        await reply(responder, SYSTEM, *said(60), truncation="disabled")
    assert responder.taken == []


async def test_so_much_is_dropped_that_the_wanted_share_is_left() -> None:
    responder = ForgetfulResponder(40)
    refused: list[int] = []
    await reply(responder, SYSTEM, *said(60), truncation=RetentionRatio(retention_ratio=0.5), refused=refused)
    assert responder.taken == [[SYSTEM, *said(60)[30:]]]
    assert refused == [60 * 4]


async def test_turns_are_dropped_one_by_one_where_as_much_as_fits_is_kept() -> None:
    responder = ForgetfulResponder(40)
    refused: list[int] = []
    await reply(responder, *said(43), truncation=RetentionRatio(retention_ratio=1), refused=refused)
    assert responder.taken == [said(43)[3:]]
    assert refused == [43 * 4, 42 * 4, 41 * 4]


async def test_the_latest_turn_is_kept_even_if_nothing_is_to_be_retained() -> None:
    responder = ForgetfulResponder(40)
    await reply(responder, *said(43), truncation=RetentionRatio(retention_ratio=0))
    assert responder.taken == [said(43)[-1:]]
