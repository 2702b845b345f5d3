"""Lets a conversation that has become too long for its model go on without its oldest turns."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

from antiphon.dialogue.reply import ReplyEvent, ReplyRequest, Responder
from antiphon.engines.errors import ContextLengthExceeded

STEP = 16
"""How many turns are dropped at a time: for the next few, what the model has read of the others stays valid."""


async def respond(responder: Responder, request: ReplyRequest) -> AsyncGenerator[ReplyEvent]:
    """The reply to as much of the conversation as fits.

    Raises `ContextLengthExceeded` if not even the instructions and the latest turns do.
    """
    while True:
        try:
            async with aclosing(responder.respond(request)) as events:
                async for event in events:
                    yield event
            return
        except ContextLengthExceeded:  # Always before anything is said.
            if (shorter := _shortened(request)) is None:
                raise
            request = shorter


async def prefill(responder: Responder, request: ReplyRequest) -> None:
    """Prefill as much as `respond` will find to fit."""
    while True:
        try:
            return await responder.prefill(request)
        except ContextLengthExceeded:
            if (shorter := _shortened(request)) is None:
                raise
            request = shorter


def _shortened(request: ReplyRequest) -> ReplyRequest | None:
    """Drop the oldest turns, but keep the instructions, which come first; None if only the latest turns are left."""
    first = 1 if request.conversation[0].role == "system" else 0
    kept = list(request.conversation[first + STEP :])
    while kept and kept[0].role == "tool":  # The call that it answers is gone.
        kept.pop(0)
    if not kept:
        return None
    return replace(request, conversation=[*request.conversation[:first], *kept])
