"""Profiles: the engines that the settings name, loaded and warmed."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Generator, Mapping
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass

from antiphon.compose.profile_models import END_OF_TURN, VOICE_ACTIVITY, VOICES
from antiphon.dialogue.chain import Chain
from antiphon.dialogue.hearing import Hearing
from antiphon.dialogue.language import LanguageIdentifier
from antiphon.dialogue.profile import Profile
from antiphon.dialogue.prompt import OPENING
from antiphon.dialogue.spoken.pronunciation import Pronouncer
from antiphon.engines.interfaces import (
    EndOfTurnDetector,
    LanguageModel,
    Prompt,
    Recognizer,
    Synthesizer,
    VoiceActivityDetector,
)
from antiphon.engines.llama.engine import Llama
from antiphon.engines.silero.engine import Silero
from antiphon.engines.smart_turn import SmartTurn
from antiphon.engines.synthesis.espeak import Espeak
from antiphon.engines.synthesis.hibari import Hibari
from antiphon.engines.synthesis.kokoro import Kokoro
from antiphon.engines.synthesis.phonemes import Phonemizer, phonemizers
from antiphon.engines.synthesis.quick_opening import QuickOpening
from antiphon.engines.whisper import Whisper
from antiphon.errors import AntiphonError
from antiphon.models.cache import ModelCache
from antiphon.models.errors import ModelError
from antiphon.settings import ProfileSettings, Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Engines:
    """One engine of each kind."""

    recognizer: Recognizer
    detector: VoiceActivityDetector
    end_of_turn: EndOfTurnDetector
    language_model: LanguageModel
    synthesizer: Synthesizer


async def load_profiles(settings: Settings, cache: ModelCache, resources: AsyncExitStack) -> Mapping[str, Profile]:
    """Load and warm the engines of every profile. Identical profiles share theirs.

    `resources` takes what has to be closed. Raises `ModelError` for a model that cannot be loaded.
    """
    languages = await asyncio.to_thread(LanguageIdentifier)
    pronouncer = Pronouncer()
    loaded: dict[ProfileSettings, Profile] = {}
    for profile in settings.profiles.values():
        if profile in loaded:
            continue
        engines = await load_engines(settings, profile, cache, resources)
        hearing = Hearing(engines.recognizer, engines.detector)
        chain = Chain(
            hearing=hearing,
            language_model=engines.language_model,
            synthesizer=engines.synthesizer,
            languages=languages,
            pronouncer=pronouncer,
            max_reply_tokens=profile.max_reply_tokens,
        )
        loaded[profile] = Profile(
            responder=chain,
            hearing=hearing,
            detector=engines.detector,
            end_of_turn=engines.end_of_turn,
            fingerprint=_fingerprint(profile),
        )
    return {name: loaded[profile] for name, profile in settings.profiles.items()}


async def load_engines(
    settings: Settings, profile: ProfileSettings, cache: ModelCache, resources: AsyncExitStack
) -> Engines:
    """Load and warm the engines of one profile, side by side.

    Each may use every core: recognizer and language model take turns in a conversation, and a synthesizer that shares
    all cores with the language model still finishes sooner than one restricted to some of them (see
    docs/performance.md).
    """

    async def recognizer() -> Whisper:
        folder = cache.resolve(profile.recognizer)
        with _damage_told(profile.recognizer):
            engine = await asyncio.to_thread(Whisper, folder, workers=settings.cores, max_waiting=settings.max_waiting)
            await engine.warm_up()
        return engine

    async def detector() -> Silero:
        model = cache.resolve(VOICE_ACTIVITY)
        with _damage_told(VOICE_ACTIVITY):
            return await asyncio.to_thread(Silero, model, max_waiting=settings.max_waiting)

    async def end_of_turn() -> SmartTurn:
        model = cache.resolve(END_OF_TURN)
        with _damage_told(END_OF_TURN):
            engine = await asyncio.to_thread(SmartTurn, model, max_waiting=settings.max_waiting)
            await engine.warm_up()
        return engine

    async def language_model() -> Llama:
        model = cache.resolve(profile.language_model)
        with _damage_told(profile.language_model):
            engine = await asyncio.to_thread(
                Llama,
                model,
                threads=settings.cores,
                slots=2,
                context_tokens=profile.context_tokens,
                max_waiting=settings.max_waiting,
            )
            await engine.prefill(Prompt(messages=[OPENING]))
        return engine

    async def synthesizer(reading: Mapping[str, Phonemizer]) -> Synthesizer:
        model = cache.resolve(profile.synthesizer)
        with _damage_told(profile.synthesizer):
            full = await asyncio.to_thread(
                Kokoro,
                model,
                cache.path(VOICES),
                phonemizers=reading,
                threads=settings.cores,
                workers=1,
                max_waiting=settings.max_waiting,
            )
        fast = Hibari(phonemizer=reading["en-us"], workers=1, max_waiting=settings.max_waiting)
        await asyncio.gather(full.warm_up(), fast.warm_up())
        return QuickOpening(fast=fast, full=full)

    espeak = Espeak()
    resources.callback(espeak.close)
    async with asyncio.TaskGroup() as loading:
        recognizing = loading.create_task(recognizer())
        detecting = loading.create_task(detector())
        judging = loading.create_task(end_of_turn())
        reading = await asyncio.to_thread(phonemizers, espeak)
        speaking = loading.create_task(synthesizer(reading))
        # Last, because llama.cpp blocks all other Python code while it loads; the others run native code by then.
        writing = loading.create_task(language_model())
    return Engines(
        recognizer=recognizing.result(),
        detector=detecting.result(),
        end_of_turn=judging.result(),
        language_model=writing.result(),
        synthesizer=speaking.result(),
    )


@contextmanager
def _damage_told(model: str) -> Generator[None]:
    """Turn any error that an engine's library raises while it loads `model` into a `ModelError`."""
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


def _fingerprint(profile: ProfileSettings) -> str:
    """Changes if and only if the models change."""
    return f"fp_{hashlib.sha256(repr(profile).encode()).hexdigest()[:10]}"
