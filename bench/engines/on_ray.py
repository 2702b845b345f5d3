"""The area: each engine in this process and in a replica on a Ray cluster of this machine, asked in turn."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack, aclosing, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec
import uvloop

from antiphon.audio.pcm import Pcm
from antiphon.engines.interfaces import (
    Clause,
    Generated,
    GenerationFinished,
    LanguageModel,
    Message,
    Prompt,
    Recognizer,
    Synthesizer,
    TextDelta,
)
from antiphon.engines.kind import Built, Kind, Role, Site
from antiphon.engines.ray.kind import PlacedSettings, on_ray
from antiphon.engines.ray.link import Link
from antiphon.engines.ray.settings import RaySettings
from antiphon.models.cache import ModelCache
from antiphon.models.disk import default_directory
from bench.engines.side_by_side import Way, side_by_side
from bench.engines.stubs import SAMPLE_RATE, InstantRecognizer, InstantSynthesizer
from bench.results import Result

_PROJECT = Path(__file__).parents[2]
_ROUNDS = 300
_WAY = Way("on Ray", "Ray")
_WHOLE_WAY = Way("on Ray", "Ray", target_ms=10.0)
_UTTERANCE = Pcm.silence(4.0, 16_000)
_CLAUSE = Clause(text="I am a stub that answers at once.", language="en", voice="alloy")
_PROMPT = Prompt(messages=[Message(role="user", text="How far away is the Moon?")])
_NODE = {"num_cpus": 2, "object_store_memory": 80_000_000, "include_log_monitor": False, "include_dashboard": False}


class _NoSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class PlacedLanguageModel:
    """Writes its sentence as one piece: those of real models come one by one, and far between."""

    async def generate(self, prompt: Prompt) -> AsyncGenerator[Generated]:  # noqa: ARG002
        yield TextDelta(text=_CLAUSE.text)
        yield GenerationFinished(finish_reason="stop", prompt_tokens=20, cached_tokens=0, completion_tokens=9)

    async def prefill(self, prompt: Prompt) -> None:
        """There is nothing to keep."""


class PlacedRecognizer(InstantRecognizer):
    async def recognize(self, utterance: Pcm, **_: Any) -> AsyncGenerator[Any]:
        async with aclosing(super().recognize(utterance)) as pieces:
            async for piece in pieces:
                yield piece


class PlacedSynthesizer(InstantSynthesizer):
    sample_rate = SAMPLE_RATE
    voices = frozenset({"alloy"})
    languages = frozenset({"en"})


async def _build_model(_: str, __: _NoSettings, ___: Site) -> Built:
    return Built(PlacedLanguageModel())


async def _build_recognizer(_: str, __: _NoSettings, ___: Site) -> Built:
    return Built(PlacedRecognizer())


async def _build_synthesizer(_: str, __: _NoSettings, ___: Site) -> Built:
    return Built(PlacedSynthesizer())


_MODEL = Kind(name="stub-model", role=Role.LANGUAGE_MODEL, settings=_NoSettings, build=_build_model)
_RECOGNIZER = Kind(name="stub-ears", role=Role.RECOGNIZER, settings=_NoSettings, build=_build_recognizer)
_SYNTHESIZER = Kind(name="stub-mouth", role=Role.SYNTHESIZER, settings=_NoSettings, build=_build_synthesizer)


def measure(*, quick: bool) -> list[Result]:
    """Raises `ConfigurationError` if the cluster does not run the stubs."""
    with _cluster() as address, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_measure(address, _ROUNDS // 10 if quick else _ROUNDS))


async def _measure(address: str, rounds: int) -> list[Result]:
    async with AsyncExitStack() as resources:
        link = Link(address)
        resources.push_async_callback(link.aclose)
        site = Site(
            cache=ModelCache(default_directory()),
            cores=1,
            max_waiting=32,
            opening=Message(role="system", text=""),
            closing=resources,
            cluster=link,
        )

        async def placed(kind: Kind[Any]) -> Any:
            settings = PlacedSettings(own=_NoSettings(), ray=RaySettings(num_cpus=0.1), address=address)
            return (await on_ray(kind).build(kind.name, settings, site)).engine

        model, ears, mouth = await placed(_MODEL), await placed(_RECOGNIZER), await placed(_SYNTHESIZER)
        here = PlacedLanguageModel(), PlacedRecognizer(), PlacedSynthesizer()
        found: list[Result] = []
        for name, embedded, remote, way in (
            ("first token", lambda: here[0].generate(_PROMPT), lambda: model.generate(_PROMPT), _WAY),
            (
                "words of 4 s of speech",
                lambda: here[1].recognize(_UTTERANCE),
                lambda: ears.recognize(_UTTERANCE),
                _WAY,
            ),
            ("first audio of a clause", lambda: here[2].synthesize(_CLAUSE), lambda: mouth.synthesize(_CLAUSE), _WAY),
            (
                "first audio of a reply",
                lambda: _reply(*here),
                lambda: _reply(model, ears, mouth),
                _WHOLE_WAY,
            ),
        ):
            found += await side_by_side(name, embedded, remote, rounds, way)
        return found


async def _reply(model: LanguageModel, ears: Recognizer, mouth: Synthesizer) -> AsyncGenerator[Pcm]:
    """One engine after the other: the words, then the first token, then audio."""
    async with aclosing(ears.recognize(_UTTERANCE)) as words:
        async for _ in words:
            pass
    async with aclosing(model.generate(_PROMPT)) as tokens:
        await anext(tokens)
        async with aclosing(mouth.synthesize(_CLAUSE)) as pieces:
            async for piece in pieces:
                yield piece


@contextmanager
def _cluster() -> Generator[str]:
    """The address of a node of its own, whose replicas find the stubs."""
    from ray.cluster_utils import Cluster  # Takes seconds, and is only there with the extra.

    environment = {"PYTHONPATH": str(_PROJECT), "RAY_AUTH_MODE": "disabled", "RAY_USAGE_STATS_ENABLED": "0"}
    with patch.dict(os.environ, environment):
        make: Any = Cluster
        cluster = make(initialize_head=True, head_node_args=_NODE)
        try:
            yield cluster.address
        finally:
            cluster.shutdown()
