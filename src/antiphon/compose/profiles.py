"""Profiles: the engines that the settings name, built and warmed."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from antiphon.compose.engines import DeclaredEngine, declared_engines, engines_of, profile_engines, transcriber_of
from antiphon.compose.profile_models import END_OF_TURN, VOICE_ACTIVITY
from antiphon.dialogue.chain import Chain
from antiphon.dialogue.hearing import Hearing
from antiphon.dialogue.language import LanguageIdentifier
from antiphon.dialogue.native import NativeResponder
from antiphon.dialogue.profile import Profile
from antiphon.dialogue.prompt import OPENING
from antiphon.dialogue.reading import Reader
from antiphon.dialogue.spoken.pronunciation import Pronouncer
from antiphon.dialogue.transcription import Transcriber
from antiphon.engines.embedded.gtcrn.fetched import FetchedGtcrn
from antiphon.engines.embedded.kinds import damage_told
from antiphon.engines.embedded.silero.engine import Silero
from antiphon.engines.embedded.smart_turn import SmartTurn
from antiphon.engines.embedded.speakers.fetched import FetchedSpeakers
from antiphon.engines.interfaces import (
    AudioModel,
    EndOfTurnDetector,
    LanguageModel,
    Recognizer,
    Synthesizer,
    VoiceActivityDetector,
    WordAligner,
)
from antiphon.engines.kind import Role, Site
from antiphon.engines.ray.link import Link
from antiphon.engines.running import RunningEngine
from antiphon.models.cache import ModelCache
from antiphon.settings import ProfileSettings, Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Ears:
    """The engines that every profile has."""

    recognizer: Recognizer
    transcriber: Recognizer
    """The same, or another one for recordings that need not be transcribed at once."""
    detector: VoiceActivityDetector
    end_of_turn: EndOfTurnDetector
    fingerprint: str
    running: Sequence[RunningEngine]
    """Those that the settings name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Engines(Ears):
    """Those of a profile whose replies are written by one engine and spoken by another."""

    language_model: LanguageModel
    synthesizer: Synthesizer


@dataclass(frozen=True, slots=True, kw_only=True)
class NativeEngines(Ears):
    """Those of a profile with a model that hears and speaks by itself."""

    model: AudioModel


async def load_profiles(settings: Settings, cache: ModelCache, resources: AsyncExitStack) -> Mapping[str, Profile]:
    """Build and warm the engines of every profile, and put them together.

    `resources` takes what has to be closed. Raises `ModelError` for a model that cannot be loaded, and
    `ConfigurationError`.
    """
    languages = await asyncio.to_thread(LanguageIdentifier)
    pronouncer = Pronouncer()
    speakers = FetchedSpeakers(cache, max_waiting=settings.max_waiting)
    noise_reducer = FetchedGtcrn(cache, max_waiting=settings.max_waiting)
    hearings: dict[Recognizer, Hearing] = {}
    alike: dict[str, Profile] = {}
    profiles: dict[str, Profile] = {}
    for name, engines in (await load_engines(settings, cache, resources)).items():
        if engines.fingerprint not in alike:
            hearing = hearings.setdefault(engines.recognizer, Hearing(engines.recognizer, engines.detector))
            reader = None
            max_reply_tokens = settings.profiles[name].max_reply_tokens
            if isinstance(engines, NativeEngines):
                responder = NativeResponder(hearing=hearing, model=engines.model, max_reply_tokens=max_reply_tokens)
            else:
                aligner = engines.recognizer if isinstance(engines.recognizer, WordAligner) else None
                reader = Reader(engines.synthesizer, languages, pronouncer, aligner=aligner)
                responder = Chain(
                    hearing=hearing,
                    language_model=engines.language_model,
                    synthesizer=engines.synthesizer,
                    languages=languages,
                    pronouncer=pronouncer,
                    max_reply_tokens=max_reply_tokens,
                )
            alike[engines.fingerprint] = Profile(
                responder=responder,
                hearing=hearing,
                detector=engines.detector,
                end_of_turn=engines.end_of_turn,
                fingerprint=engines.fingerprint,
                noise_reducer=noise_reducer,
                reader=reader,
                transcriber=Transcriber(engines.transcriber, engines.detector, speakers=speakers),
                engines=engines.running,
            )
        profiles[name] = alike[engines.fingerprint]
    return profiles


def running_engines(profiles: Mapping[str, Profile]) -> Sequence[RunningEngine]:
    """Each of the profiles' engines, once."""
    return list({engine.id: engine for profile in profiles.values() for engine in profile.engines}.values())


async def load_engines(
    settings: Settings, cache: ModelCache, resources: AsyncExitStack
) -> Mapping[str, Engines | NativeEngines]:
    """The engines of each profile; one that several profiles name is built once.

    Each may use every core: recognizer and language model take turns in a conversation, and a synthesizer that shares
    the cores with the language model is still done sooner than one that is held to some of them (see
    docs/performance.md).
    """
    site = site_of(settings, cache, resources)
    declared = declared_engines(settings)
    named = {name: engines_of(name, profile, declared) for name, profile in settings.profiles.items()}
    every = {name: profile_engines(name, profile, declared) for name, profile in settings.profiles.items()}
    async with asyncio.TaskGroup() as loading:
        detecting = loading.create_task(_detector(site))
        judging = loading.create_task(_end_of_turn(site))
        building = loading.create_task(_build([engine for each in every.values() for engine in each], site))
    built = building.result()

    def transcriber(name: str) -> Any:
        recognizer = named[name][Role.RECOGNIZER]
        return built[transcriber_of(name, settings.profiles[name], declared, recognizer).key].engine

    return {
        name: _put_together(
            {role: built[engine.key].engine for role, engine in engines.items()},
            transcriber=transcriber(name),
            detector=detecting.result(),
            end_of_turn=judging.result(),
            fingerprint=_fingerprint(engines, settings.profiles[name]),
            running=[built[engine.key] for engine in every[name]],
        )
        for name, engines in named.items()
    }


def _put_together(built: Mapping[Role, Any], **others: Any) -> Engines | NativeEngines:
    """`others` are the fields of `Ears` besides its recognizer."""
    recognizer = built[Role.RECOGNIZER]
    if Role.RESPONDER in built:
        return NativeEngines(recognizer=recognizer, model=built[Role.RESPONDER], **others)
    return Engines(
        recognizer=recognizer,
        language_model=built[Role.LANGUAGE_MODEL],
        synthesizer=built[Role.SYNTHESIZER],
        **others,
    )


def site_of(settings: Settings, cache: ModelCache, resources: AsyncExitStack) -> Site:
    """Where engines are built. `resources` takes what they have to close."""
    cluster = Link(settings.cluster.address)  # Joined once an engine is placed there.
    resources.push_async_callback(cluster.aclose)
    return Site(
        cache=cache,
        cores=settings.cores,
        device=settings.device,
        max_waiting=settings.max_waiting,
        closing=resources,
        opening=OPENING,
        cluster=cluster,
    )


async def _build(engines: Sequence[DeclaredEngine], site: Site) -> Mapping[str, RunningEngine]:
    """Build them side by side; language models last, since llama.cpp keeps all other Python code waiting while it
    loads, and the others' loading is native by then."""
    by_turns = sorted(engines, key=lambda engine: engine.kind.role is Role.LANGUAGE_MODEL)
    async with asyncio.TaskGroup() as loading:
        tasks = {
            key: loading.create_task(engine.build(site))
            for key, engine in {engine.key: engine for engine in by_turns}.items()
        }
    return {key: task.result() for key, task in tasks.items()}


async def _detector(site: Site) -> Silero:
    model = site.cache.resolve(VOICE_ACTIVITY)
    with damage_told(VOICE_ACTIVITY):
        return await asyncio.to_thread(Silero, model, max_waiting=site.max_waiting)


async def _end_of_turn(site: Site) -> SmartTurn:
    model = site.cache.resolve(END_OF_TURN)
    with damage_told(END_OF_TURN):
        engine = await asyncio.to_thread(SmartTurn, model, max_waiting=site.max_waiting)
        await engine.warm_up()
    return engine


def _fingerprint(engines: Mapping[Role, DeclaredEngine], profile: ProfileSettings) -> str:
    """Changes when the engines of a profile or what it asks of them change, and only then."""
    described = " ".join(engine.key for engine in engines.values())
    return f"fp_{hashlib.sha256(f'{described} {profile!r}'.encode()).hexdigest()[:10]}"
