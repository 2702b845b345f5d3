"""The kinds of engine that run in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from typing import Literal

import msgspec

from antiphon.engines.embedded import device, onnx
from antiphon.engines.embedded.converted.whisper import converted_whisper
from antiphon.engines.embedded.llama.engine import Llama
from antiphon.engines.embedded.synthesis.espeak import Espeak
from antiphon.engines.embedded.synthesis.hibari import Hibari
from antiphon.engines.embedded.synthesis.kokoro import Kokoro
from antiphon.engines.embedded.synthesis.phonemes import phonemizers
from antiphon.engines.embedded.synthesis.quick_opening import QuickOpening
from antiphon.engines.embedded.whisper import Whisper
from antiphon.engines.embedded.whisper_when_needed import WhisperWhenNeeded
from antiphon.engines.embedded.worker_pool import WorkerPool
from antiphon.engines.interfaces import Prompt
from antiphon.engines.kind import Built, Kind, Placement, Role, Site
from antiphon.errors import AntiphonError
from antiphon.machine import Device
from antiphon.models.cache import ModelCache
from antiphon.models.errors import ModelError
from antiphon.models.progress import LoggedLines

_VOICES = "kokoro-voices"


class WhisperSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    model: str = "whisper-base"
    """A name in the catalogue, or a folder in faster-whisper's (CTranslate2's) format."""
    device: Device | None = None
    """None is the settings' common device."""
    load: Literal["start", "use"] = "start"
    """When it is loaded, and fetched if it is in the catalogue: with the server, or when it is first needed. In the
    latter case it is also let go when it has not been needed for a while."""


class LlamaSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    model: str = "qwen2.5-coder-1.5b"
    """A name in the catalogue, or a GGUF file."""
    context_tokens: int = 8192
    """The longest conversation it can hold, shared by those running at the same time."""
    device: Device | None = None


class KokoroSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    model: str = "kokoro-82m"
    """A name in the catalogue, or an ONNX file compatible with Kokoro 1.0."""
    device: Device | None = None


async def _build_whisper(name: str, settings: WhisperSettings, site: Site) -> Built:
    folder = site.cache.resolve(settings.model)
    placement = _place_whisper(name, settings, site.cache, site.device)
    pool = WorkerPool("whisper", workers=site.cores, max_waiting=site.max_waiting)

    async def load(on: str) -> Whisper:
        engine = await asyncio.to_thread(
            lambda: Whisper(
                converted_whisper(folder), workers=site.cores, max_waiting=site.max_waiting, device=on, pool=pool
            )
        )
        await engine.warm_up()
        return engine

    async def load_placed() -> tuple[Whisper, Placement]:
        with damage_told(settings.model):
            return await device.load(name, settings.device or site.device, placement, load)

    async def load_fetched() -> Whisper:
        if settings.model in site.cache.catalogue:
            await asyncio.to_thread(site.cache.ensure, [settings.model], LoggedLines())
        engine, _ = await load_placed()
        return engine

    if settings.load == "use":
        queues = {f"whisper when needed ({settings.model})": pool.turns}
        return Built(WhisperWhenNeeded(settings.model, load_fetched), placement=placement, queues=queues)
    engine, placement = await load_placed()
    return Built(engine, placement=placement, queues={"whisper": pool.turns})


async def _build_llama(name: str, settings: LlamaSettings, site: Site) -> Built:
    model = site.cache.resolve(settings.model)

    async def load(on: str) -> Llama:
        engine = await asyncio.to_thread(
            Llama,
            model,
            threads=site.cores,
            slots=2,
            context_tokens=settings.context_tokens,
            max_waiting=site.max_waiting,
            device=on,
        )
        await engine.prefill(Prompt(messages=[site.opening]))
        return engine

    with damage_told(settings.model):
        placement = await asyncio.to_thread(_place_llama, name, settings, site.cache, site.device)
        engine, placement = await device.load(name, settings.device or site.device, placement, load)
    return Built(engine, placement=placement, queues={"llama": engine.turns})


async def _build_kokoro(name: str, settings: KokoroSettings, site: Site) -> Built:
    """Kokoro, with a smaller and faster model of the same timbre for the first clause of a reply."""
    model = site.cache.resolve(settings.model)
    espeak = Espeak()
    site.closing.callback(espeak.close)
    reading = await asyncio.to_thread(phonemizers, espeak)

    async def load(on: str) -> Kokoro:
        engine = await asyncio.to_thread(
            Kokoro,
            model,
            site.cache.path(_VOICES),
            phonemizers=reading,
            threads=site.cores,
            workers=1,
            max_waiting=site.max_waiting,
            device=on,
        )
        await engine.warm_up()
        return engine

    fast = Hibari(phonemizer=reading["en-us"], workers=1, max_waiting=site.max_waiting)
    with damage_told(settings.model):
        placement = await asyncio.to_thread(_place_kokoro, name, settings, site.cache, site.device)
        loading = device.load(name, settings.device or site.device, placement, load)
        (full, placement), _ = await asyncio.gather(loading, fast.warm_up())
    return Built(
        QuickOpening(fast=fast, full=full), placement=placement, queues={"kokoro": full.turns, "hibari": fast.turns}
    )


def _place_whisper(name: str, settings: WhisperSettings, _: ModelCache, common: Device) -> Placement:
    return device.place(name, settings.device or common, device.of_ctranslate2)


def _place_llama(name: str, settings: LlamaSettings, _: ModelCache, common: Device) -> Placement:
    return device.place(name, settings.device or common, device.of_llama_cpp)


def _place_kokoro(name: str, settings: KokoroSettings, cache: ModelCache, common: Device) -> Placement:
    """The processor as well where that is the better choice and nobody has asked for CUDA."""
    wanted = settings.device or common
    placement = device.place(name, wanted, device.of_onnxruntime)
    model = cache.resolve(settings.model)
    if wanted == "auto" and placement.device == device.CUDA and model.exists() and onnx.is_quantized(model):
        return Placement(device=device.CPU, note=f"{model.name} has int8 weights, which are slower on CUDA")
    return placement


@contextmanager
def damage_told(model: str) -> Generator[None]:
    """Raises `ModelError` in place of the errors that each engine's library has for unusable files."""
    try:
        yield
    except AntiphonError:
        raise
    except Exception as error:
        reason = device.first_line(error)
        raise ModelError(
            f"The model {model} cannot be loaded: {reason}. If it is damaged, `antiphon models verify --repair` "
            "downloads it again; your own models must have the format that docs/configuration.md describes."
        ) from error


WHISPER = Kind(
    name="whisper",
    role=Role.RECOGNIZER,
    settings=WhisperSettings,
    build=_build_whisper,
    place=_place_whisper,
    models=lambda settings: {settings.model} if settings.load == "start" else set(),
    later=lambda settings: {settings.model} if settings.load == "use" else set(),
)
LLAMA = Kind(
    name="llama",
    role=Role.LANGUAGE_MODEL,
    settings=LlamaSettings,
    build=_build_llama,
    place=_place_llama,
    models=lambda settings: {settings.model},
)
KOKORO = Kind(
    name="kokoro",
    role=Role.SYNTHESIZER,
    settings=KokoroSettings,
    build=_build_kokoro,
    place=_place_kokoro,
    models=lambda settings: {settings.model, _VOICES},
)
