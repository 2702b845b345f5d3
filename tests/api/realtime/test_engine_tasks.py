"""The engines at work for one connection, in which order they are asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from antiphon.api.realtime.engine_tasks import EngineTasks
from antiphon.dialogue.profile import Profile
from antiphon.dialogue.reply import ReplyEvent, ReplyRequest, Stage, StageReached
from antiphon.realtime.commands import CancelReply, Prefill, StartReply
from antiphon.realtime.configuration import Configuration

from ...dialogue.doubles import LoudnessDetector
from ...waiting import eventually, settled

pytestmark = pytest.mark.anyio

CONFIGURATION = Configuration(model="gpt-4o-realtime-preview")


@dataclass(slots=True)
class SlowResponder:
    """Stops when it may; keeps a diary."""

    diary: list[str] = field(default_factory=list)
    hears: asyncio.Event = field(default_factory=asyncio.Event)
    may_end: asyncio.Event = field(default_factory=asyncio.Event)

    sample_rate = 24_000
    voices = frozenset({"alloy"})

    async def respond(self, request: ReplyRequest) -> AsyncGenerator[ReplyEvent]:
        self.diary.append("reply begins")
        try:
            await self.hears.wait()
            yield StageReached(stage=Stage.HEARD)
            await asyncio.Event().wait()
        finally:
            await self.may_end.wait()
            self.diary.append("reply has ended")

    async def prefill(self, request: ReplyRequest) -> None:
        self.diary.append("reading begins")
        try:
            await asyncio.Event().wait()
        finally:
            self.diary.append("reading has ended")


class _Enough(Exception):
    """The test has seen what it wanted."""


@asynccontextmanager
async def running(responder: SlowResponder) -> AsyncGenerator[EngineTasks]:
    async def nothing(_: Any = None) -> None:
        pass

    profile = Profile(
        responder=responder,
        hearing=None,  # type: ignore[arg-type]  # Nobody says anything.
        detector=LoudnessDetector(),
        end_of_turn=None,  # type: ignore[arg-type]
        fingerprint="",
    )
    try:
        async with asyncio.TaskGroup() as group:
            try:
                yield EngineTasks(
                    profile, group, report=lambda _: None, room=nothing, on_stage=lambda _, __: None, check=nothing
                )
            finally:
                responder.may_end.set()
            raise _Enough
    except* _Enough:
        pass


async def test_nothing_is_asked_of_the_model_before_it_knows_that_a_reply_is_cancelled():
    responder = SlowResponder()
    async with running(responder) as tasks:
        tasks.execute(StartReply(generation=1, configuration=CONFIGURATION, conversation=()))
        await eventually(lambda: responder.diary)
        tasks.execute(CancelReply(generation=1))
        tasks.execute(Prefill(configuration=CONFIGURATION, conversation=()))
        await settled()
        assert responder.diary == ["reply begins"]
        responder.may_end.set()
        await eventually(lambda: len(responder.diary) == 3)
        assert responder.diary == ["reply begins", "reply has ended", "reading begins"]


async def test_prefilling_goes_on_until_a_reply_has_heard_everything():
    responder = SlowResponder()
    responder.may_end.set()
    async with running(responder) as tasks:
        tasks.execute(Prefill(configuration=CONFIGURATION, conversation=()))
        await eventually(lambda: responder.diary)
        tasks.execute(StartReply(generation=1, configuration=CONFIGURATION, conversation=()))
        await eventually(lambda: len(responder.diary) == 2)
        await settled()
        assert responder.diary == ["reading begins", "reply begins"]
        responder.hears.set()
        await eventually(lambda: len(responder.diary) == 3)
        assert responder.diary == ["reading begins", "reply begins", "reading has ended"]
