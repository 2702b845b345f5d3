"""`EngineReplica`: an engine as it runs on the cluster. Ray Serve makes objects of it, each in a process of its own."""

from __future__ import annotations

import sys
import traceback
from asyncio import to_thread
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, aclosing
from inspect import isasyncgen
from typing import Any

from antiphon.audio.pcm import Pcm
from antiphon.engines.interfaces import AudioDelta
from antiphon.engines.kind import Site
from antiphon.engines.ray.exchange import FACTS, Breakage, Facts, Refusal, Request, packed, unpacked
from antiphon.engines.ray.spec import EngineSpec
from antiphon.errors import AntiphonError
from antiphon.hardening.fair_turns import asking
from antiphon.models.cache import ModelCache
from antiphon.models.disk import default_directory
from antiphon.models.progress import Lines

_CHUNK_SECONDS = 0.1
"""Shorter stretches of audio are sent together: each message costs a third of a millisecond."""


class EngineReplica:
    async def __init__(self, pickled: bytes) -> None:
        """Build the engine, fetching its models first where this machine lacks them. Raises what the builder raises."""
        spec: EngineSpec = unpacked(pickled)
        self._closing = AsyncExitStack()
        cache = ModelCache(default_directory())
        catalogued = [name for name in cache.catalogue if name in spec.models]
        await to_thread(cache.ensure, catalogued, Lines(sys.stderr))
        site = Site(
            cache=cache,
            cores=spec.cores,
            max_waiting=spec.max_waiting,
            opening=spec.opening,
            device=spec.device,
            closing=self._closing,
        )
        self._engine = (await spec.build(spec.name, spec.settings, site)).engine

    async def answer(self, request: bytes) -> AsyncGenerator[bytes]:
        """Yield what a method of the engine yields, or returns. Cancelling the task closes the engine's generator."""
        try:
            async with aclosing(chunks(self._pieces(unpacked(request)))) as answer:
                async for chunk in answer:
                    yield packed(chunk)
        except AntiphonError as error:
            yield packed(Refusal.of(error))
        except Exception as error:  # Engines are anybody's code.
            yield packed(Breakage(told=f"{type(error).__name__}: {error}", traceback=traceback.format_exc()))

    async def _pieces(self, request: Request) -> AsyncGenerator[Any]:
        asking.set(request.asking)  # Each request has a task of its own, and so a context.
        if request.method == FACTS:
            yield Facts(
                sample_rate=getattr(self._engine, "sample_rate", None),
                voices=getattr(self._engine, "voices", None),
                languages=getattr(self._engine, "languages", None),
            )
            return
        called = getattr(self._engine, request.method)(*request.arguments, **request.options)
        if not isasyncgen(called):
            await called
            return
        async with aclosing(called) as pieces:
            async for piece in pieces:
                yield piece


async def chunks(pieces: AsyncGenerator[Any]) -> AsyncGenerator[Sequence[Any]]:
    """The pieces, with audio put together until there is a tenth of a second of it. Nothing else waits."""
    held: list[Any] = []
    seconds = 0.0
    async with aclosing(pieces):
        async for piece in pieces:
            held.append(piece)
            audio = piece.audio if isinstance(piece, AudioDelta) else piece
            seconds += audio.seconds if isinstance(audio, Pcm) else _CHUNK_SECONDS
            if seconds >= _CHUNK_SECONDS:
                yield held
                held, seconds = [], 0.0
    if held:
        yield held
