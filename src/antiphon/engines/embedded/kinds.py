"""The kinds of engine that run in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager

import msgspec

from antiphon.engines.embedded.llama.engine import Llama
from antiphon.engines.embedded.synthesis.espeak import Espeak
from antiphon.engines.embedded.synthesis.hibari import Hibari
from antiphon.engines.embedded.synthesis.kokoro import Kokoro
from antiphon.engines.embedded.synthesis.phonemes import phonemizers
from antiphon.engines.embedded.synthesis.quick_opening import QuickOpening
from antiphon.engines.embedded.whisper import Whisper
from antiphon.engines.interfaces import Prompt
from antiphon.engines.kind import Built, Kind, Role, Site
from antiphon.errors import AntiphonError
from antiphon.models.errors import ModelError

_VOICES = "kokoro-voices"


class WhisperSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    model: str = "whisper-base"
    """A name in the catalogue, or a folder in faster-whisper's (CTranslate2's) format."""


class LlamaSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    model: str = "qwen2.5-coder-1.5b"
    """A name in the catalogue, or a GGUF file."""
    context_tokens: int = 8192
    """The longest conversation it can hold, shared by those running at the same time."""


class KokoroSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    model: str = "kokoro-82m"
    """A name in the catalogue, or an ONNX file compatible with Kokoro 1.0."""


async def _build_whisper(_: str, settings: WhisperSettings, site: Site) -> Built:
    folder = site.cache.resolve(settings.model)
    with damage_told(settings.model):
        engine = await asyncio.to_thread(Whisper, folder, workers=site.cores, max_waiting=site.max_waiting)
        await engine.warm_up()
    return Built(engine)


async def _build_llama(_: str, settings: LlamaSettings, site: Site) -> Built:
    model = site.cache.resolve(settings.model)
    with damage_told(settings.model):
        engine = await asyncio.to_thread(
            Llama,
            model,
            threads=site.cores,
            slots=2,
            context_tokens=settings.context_tokens,
            max_waiting=site.max_waiting,
        )
        await engine.prefill(Prompt(messages=[site.opening]))
    return Built(engine)


async def _build_kokoro(_: str, settings: KokoroSettings, site: Site) -> Built:
    """Kokoro, with a smaller and faster model of the same timbre for the first clause of a reply."""
    model = site.cache.resolve(settings.model)
    espeak = Espeak()
    site.closing.callback(espeak.close)
    reading = await asyncio.to_thread(phonemizers, espeak)
    with damage_told(settings.model):
        full = await asyncio.to_thread(
            Kokoro,
            model,
            site.cache.path(_VOICES),
            phonemizers=reading,
            threads=site.cores,
            workers=1,
            max_waiting=site.max_waiting,
        )
    fast = Hibari(phonemizer=reading["en-us"], workers=1, max_waiting=site.max_waiting)
    await asyncio.gather(full.warm_up(), fast.warm_up())
    return Built(QuickOpening(fast=fast, full=full))


@contextmanager
def damage_told(model: str) -> Generator[None]:
    """Raises `ModelError` in place of the errors that each engine's library has for unusable files."""
    try:
        yield
    except AntiphonError:
        raise
    except Exception as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0].removesuffix(".")
        raise ModelError(
            f"The model {model} cannot be loaded: {reason}. If it is damaged, `antiphon models verify --repair` "
            "downloads it again; your own models must have the format that docs/configuration.md describes."
        ) from error


WHISPER = Kind(
    name="whisper",
    role=Role.RECOGNIZER,
    settings=WhisperSettings,
    build=_build_whisper,
    models=lambda settings: {settings.model},
)
LLAMA = Kind(
    name="llama",
    role=Role.LANGUAGE_MODEL,
    settings=LlamaSettings,
    build=_build_llama,
    models=lambda settings: {settings.model},
)
KOKORO = Kind(
    name="kokoro",
    role=Role.SYNTHESIZER,
    settings=KokoroSettings,
    build=_build_kokoro,
    models=lambda settings: {settings.model, _VOICES},
)
