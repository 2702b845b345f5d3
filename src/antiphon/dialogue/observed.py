"""`ObservedResponder`: counts and times the replies of any responder, without a hand in them.

Each stage is a span of the request's or the turn's: from the stage before it until it was reached.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from antiphon.dialogue.reply import (
    AudioSpoken,
    ReplyEvent,
    ReplyFinished,
    ReplyRequest,
    Responder,
    StageReached,
    TextWritten,
    TranscriptSpoken,
)
from antiphon.engines.errors import EngineFailed
from antiphon.engines.interfaces import ToolCallDelta
from antiphon.errors import AntiphonError
from antiphon.hardening.errors import ServerBusy
from antiphon.telemetry.measures import Count, Family, Timing, gauge
from antiphon.telemetry.tracing import now_ns, span

STAGE_BOUNDS = (0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0)
"""Dense where somebody who waits for an answer notices the difference."""


class ReplyMeasures:
    """The replies of all profiles, those included that are begun before a turn is over, and thrown away."""

    def __init__(self) -> None:
        self.stages = Timing(
            "antiphon_reply_seconds",
            "Seconds from the beginning of a reply until it has reached each stage.",
            "profile",
            "stage",
            bounds=STAGE_BOUNDS,
        )
        self.ended = Count("antiphon_replies_total", "Replies that have ended, by how.", "profile", "outcome")
        self.in_progress: Counter[str] = Counter()

    def families(self) -> list[Family]:
        under_way = [({"profile": profile}, count) for profile, count in sorted(self.in_progress.items())]
        return [
            self.stages.family(),
            self.ended.family(),
            gauge("antiphon_replies_in_progress", "Replies that are being made.", *under_way),
        ]


class ObservedResponder:
    """A `Responder` in front of another."""

    def __init__(
        self,
        responder: Responder,
        *,
        profile: str,
        measures: ReplyMeasures,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._responder = responder
        self._profile = profile
        self._measures = measures
        self._monotonic = monotonic
        measures.in_progress[profile] += 0

    @property
    def sample_rate(self) -> int:
        return self._responder.sample_rate

    @property
    def voices(self) -> frozenset[str]:
        return self._responder.voices

    async def prefill(self, request: ReplyRequest) -> None:
        await self._responder.prefill(request)

    async def respond(self, request: ReplyRequest) -> AsyncGenerator[ReplyEvent]:
        began, reached = self._monotonic(), set[str]()
        of_request, stage_began_ns = span.get(), now_ns()
        outcome = "failed"
        self._measures.in_progress[self._profile] += 1
        try:
            async with aclosing(self._responder.respond(request)) as events:
                async for event in events:
                    stage = _stage(event)
                    if stage is not None and stage not in reached:
                        reached.add(stage)
                        self._measures.stages.add(self._monotonic() - began, self._profile, stage)
                        of_request.child(stage, began_ns=stage_began_ns).end()
                        stage_began_ns = now_ns()
                    yield event
            outcome = "completed"
        except (GeneratorExit, asyncio.CancelledError):
            outcome = "cancelled"
            raise
        except ServerBusy:
            outcome = "busy"
            raise
        except AntiphonError as error:
            outcome = "failed" if isinstance(error, EngineFailed) else "refused"
            raise
        finally:
            self._measures.in_progress[self._profile] -= 1
            self._measures.ended.add(self._profile, outcome)
            of_request.tell(profile=self._profile, outcome=outcome)


def _stage(event: ReplyEvent) -> str | None:
    match event:
        case StageReached():
            return event.stage.value
        case TextWritten() | TranscriptSpoken() | ToolCallDelta():
            return "first_words"
        case AudioSpoken():
            return "first_audio"
        case ReplyFinished():
            return "done"
        case _:
            return None
