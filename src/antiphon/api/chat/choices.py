"""The choices of a completion: one reply each, made side by side."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

from antiphon.dialogue.reply import ReplyEvent, ReplyRequest, Responder


async def reply_events(
    responder: Responder, request: ReplyRequest, *, choices: int
) -> AsyncGenerator[tuple[int, ReplyEvent]]:
    """Yield the events of `choices` replies as they come, each with the index of its choice.

    The first reply begins alone: what it hears and reads is remembered by the time that the others begin. With a seed,
    each choice has one of its own, or all would be the same.
    """
    events: asyncio.Queue[tuple[int, ReplyEvent] | None] = asyncio.Queue()
    first_has_begun = asyncio.Event()

    async def reply(index: int) -> None:
        if index > 0:
            await first_has_begun.wait()
        async with aclosing(responder.respond(_with_own_seed(request, index))) as reply:
            async for event in reply:
                events.put_nowait((index, event))
                first_has_begun.set()

    async def reply_to_all() -> None:
        try:
            async with asyncio.TaskGroup() as replies:
                for index in range(choices):
                    replies.create_task(reply(index))
        except* Exception as failures:
            raise failures.exceptions[0] from None
        finally:
            events.put_nowait(None)

    working = asyncio.create_task(reply_to_all())
    try:
        while (event := await events.get()) is not None:
            yield event
        await working
    finally:
        working.cancel()
        await asyncio.wait([working])


def _with_own_seed(request: ReplyRequest, index: int) -> ReplyRequest:
    seed = request.sampling.seed
    if seed is None or index == 0:
        return request
    return replace(request, sampling=replace(request.sampling, seed=seed + index))
