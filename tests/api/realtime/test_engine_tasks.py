"""The engines at work for one connection, in which order they are asked."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from antiphon.api.realtime.engine_tasks import EngineTasks
from antiphon.dialogue.profile import Profile
from antiphon.dialogue.reply import ReplyEvent, ReplyRequest, Stage, TextWritten
from antiphon.realtime.commands import CancelReply, Prefill, StartReply
from antiphon.realtime.configuration import Configuration

from ...dialogue.doubles import LoudnessDetector

pytestmark = pytest.mark.anyio

CONFIGURATION = Configuration(model="gpt-4o-realtime-preview")


@dataclass(slots=True)
class SlowResponder:
    """Takes its time to stop; keeps a diary."""

    diary: list[str] = field(default_factory=list)
    hears: asyncio.Event = field(default_factory=asyncio.Event)

    sample_rate = 24_000
    voices = frozenset({"alloy"})

    async def respond(self, request: ReplyRequest) -> AsyncGenerator[ReplyEvent]:
        self.diary.append("reply begins")
        try:
            await self.hears.wait()
            request.on_stage(Stage.HEARD)
            await asyncio.sleep(10)
            yield TextWritten(text="Too late.")
        finally:
            await asyncio.sleep(0.02)
            self.diary.append("reply has ended")

    async def prefill(self, request: ReplyRequest) -> None:
        self.diary.append("reading begins")
        try:
            await asyncio.sleep(10)
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
    with contextlib.suppress(ExceptionGroup):
        async with asyncio.TaskGroup() as group:
            yield EngineTasks(
                profile, group, report=lambda _: None, room=nothing, on_stage=lambda _, __: None, check=nothing
            )
            raise _Enough


async def test_nothing_is_asked_of_the_model_before_it_knows_that_a_reply_is_cancelled():
    responder = SlowResponder()
    async with running(responder) as tasks:
        tasks.execute(StartReply(generation=1, configuration=CONFIGURATION, conversation=()))
        await asyncio.sleep(0.01)
        tasks.execute(CancelReply(generation=1))
        tasks.execute(Prefill(configuration=CONFIGURATION, conversation=()))
        await asyncio.sleep(0.05)
        diary = [*responder.diary]
    assert diary == ["reply begins", "reply has ended", "reading begins"]


async def test_prefilling_goes_on_until_a_reply_has_heard_everything():
    responder = SlowResponder()
    async with running(responder) as tasks:
        tasks.execute(Prefill(configuration=CONFIGURATION, conversation=()))
        await asyncio.sleep(0.01)
        tasks.execute(StartReply(generation=1, configuration=CONFIGURATION, conversation=()))
        await asyncio.sleep(0.01)
        before = [*responder.diary]
        responder.hears.set()
        await asyncio.sleep(0.01)
        after = [*responder.diary]
    assert (before, after) == (["reading begins", "reply begins"], [*before, "reading has ended"])
