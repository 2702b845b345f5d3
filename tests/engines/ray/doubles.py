"""Engines for tests of what surrounds them, as kinds that replicas build like any other."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import msgspec

from antiphon.audio.pcm import Pcm
from antiphon.engines.errors import ContextLengthExceeded, NotSupportedByEngine
from antiphon.engines.interfaces import Clause, Generated, GenerationFinished, Prompt, RecognizedSpeech, TextDelta
from antiphon.engines.kind import Built, Kind, Role, Site
from antiphon.hardening.errors import ServerBusy
from antiphon.hardening.fair_turns import asking

_SECONDS_A_WORD = 0.02


class ObedientSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    folder: str
    """Where it leaves a file for each reply that was stopped, and for each prompt that it read ahead."""


class ObedientLanguageModel:
    """A `LanguageModel` that does what the last message asks for. It introduces itself by its process's id."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def generate(self, prompt: Prompt) -> AsyncGenerator[Generated]:
        order = prompt.messages[-1].text
        yield TextDelta(text=str(os.getpid()))
        match order.split():
            case ["hang", name]:
                try:
                    await asyncio.Event().wait()
                finally:
                    (self._folder / name).touch()
            case ["flood", name]:
                try:
                    while True:
                        yield TextDelta(text=".")
                        await asyncio.sleep(0)
                finally:
                    (self._folder / name).touch()
            case ["count", number]:
                for each in range(int(number)):
                    await asyncio.sleep(_SECONDS_A_WORD)
                    yield TextDelta(text=f" {each}")
            case ["refuse"]:
                raise NotSupportedByEngine("tools")
            case ["exceed"]:
                raise ContextLengthExceeded.by(context_tokens=10, tokens="11")
            case ["be", "busy"]:
                raise ServerBusy
            case ["break"]:
                raise ZeroDivisionError("broken on purpose")
            case ["account"]:
                yield TextDelta(text=f" for {asking.get().account}")
            case _:
                pass
        yield GenerationFinished(finish_reason="stop", prompt_tokens=1, cached_tokens=0, completion_tokens=1)

    async def prefill(self, prompt: Prompt) -> None:
        (self._folder / prompt.messages[-1].text).touch()


class HummingSynthesizer:
    """A `Synthesizer` that speaks half a second in pieces of 20 ms."""

    sample_rate = 24_000
    voices = frozenset({"alloy"})
    languages = frozenset({"en"})

    async def synthesize(self, clause: Clause) -> AsyncGenerator[Pcm]:
        for _ in range(25):
            yield Pcm.silence(0.02, self.sample_rate)


class DeafRecognizer:
    """A `Recognizer` that understands nothing."""

    async def recognize(self, utterance: Pcm, **_: Any) -> AsyncGenerator[RecognizedSpeech]:
        return
        yield


class NoSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


async def _build_obedient(name: str, settings: ObedientSettings, site: Site) -> Built:
    return Built(ObedientLanguageModel(Path(settings.folder)))


async def _build_humming(name: str, settings: NoSettings, site: Site) -> Built:
    return Built(HummingSynthesizer())


async def _build_deaf(name: str, settings: NoSettings, site: Site) -> Built:
    return Built(DeafRecognizer())


OBEDIENT = Kind(name="obedient-double", role=Role.LANGUAGE_MODEL, settings=ObedientSettings, build=_build_obedient)
HUMMING = Kind(name="humming-double", role=Role.SYNTHESIZER, settings=NoSettings, build=_build_humming)
DEAF = Kind(name="deaf-double", role=Role.RECOGNIZER, settings=NoSettings, build=_build_deaf)
