"""Lets a conversation that has become too long for its model go on without its oldest turns."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from antiphon.dialogue.estimate import estimate_turn_tokens
from antiphon.dialogue.reply import ReplyEvent, ReplyRequest, Responder, Turn
from antiphon.engines.errors import ContextLengthExceeded
from antiphon.realtime.configuration import RetentionRatio, Truncation

STEP = 16
"""How many turns are dropped at a time: for the next few, what the model has read of the others stays valid."""


@dataclass(frozen=True, slots=True)
class Shortening:
    """`on_refused` is told how many tokens after the instructions have not fitted."""

    truncation: Truncation
    on_refused: Callable[[int], None]

    async def respond(self, responder: Responder, request: ReplyRequest) -> AsyncGenerator[ReplyEvent]:
        """The reply to as much of the conversation as fits.

        Raises `ContextLengthExceeded` if not even the instructions and the latest turns do, or nothing may be dropped.
        """
        while True:
            try:
                async with aclosing(responder.respond(request)) as events:
                    async for event in events:
                        yield event
                return
            except ContextLengthExceeded:  # Always before anything is said.
                if (shorter := self._shortened(request)) is None:
                    raise
                request = shorter

    async def prefill(self, responder: Responder, request: ReplyRequest) -> None:
        """Prefill as much as `respond` will find to fit."""
        while True:
            try:
                return await responder.prefill(request)
            except ContextLengthExceeded:
                if (shorter := self._shortened(request)) is None:
                    raise
                request = shorter

    def _shortened(self, request: ReplyRequest) -> ReplyRequest | None:
        """Drop the oldest turns, but not the instructions, which come first; None if only the latest turns are left."""
        if self.truncation == "disabled":
            return None
        first = 1 if request.conversation[0].role == "system" else 0
        turns = request.conversation[first:]
        self.on_refused(estimate_turn_tokens(turns))
        kept = list(turns[self._dropped(turns) :])
        while kept and kept[0].role == "tool":  # The call that it answers is gone.
            kept.pop(0)
        if not kept:
            return None
        return replace(request, conversation=[*request.conversation[:first], *kept])

    def _dropped(self, turns: Sequence[Turn]) -> int:
        """How many turns to drop: at least one."""
        if not isinstance(self.truncation, RetentionRatio):
            return STEP
        left = estimate_turn_tokens(turns)
        most = self.truncation.retention_ratio * left
        for dropped, turn in enumerate(turns[:-1], 1):
            left -= estimate_turn_tokens([turn])
            if left <= most:
                return dropped
        return max(1, len(turns) - 1)
