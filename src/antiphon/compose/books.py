"""The engines that audiobooks need, without the others of their profile."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

from antiphon.books.narration import Narrator
from antiphon.compose.engines import DeclaredEngine, declared_engines, engines_of
from antiphon.compose.profiles import site_of
from antiphon.dialogue.language import LanguageIdentifier
from antiphon.dialogue.spoken.pronunciation import Pronouncer
from antiphon.engines.interfaces import LanguageModel
from antiphon.engines.kind import Role
from antiphon.errors import ConfigurationError
from antiphon.models.cache import ModelCache
from antiphon.settings import Settings


def engine_for(settings: Settings, profile: str, role: Role) -> DeclaredEngine:
    """The profile's engine of that role. Raises `ConfigurationError` if there is none."""
    named = settings.profiles.get(profile)
    if named is None:
        raise ConfigurationError(f"There is no profile {profile}. There are: {', '.join(settings.profiles)}.")
    engine = engines_of(profile, named, declared_engines(settings)).get(role)
    if engine is None:
        raise ConfigurationError(
            f"The profile {profile} has a model that hears and speaks by itself and no {role.replace('_', ' ')}, "
            "which audiobooks need. Name another profile with --profile."
        )
    return engine


async def open_narrator(
    engine: DeclaredEngine, settings: Settings, cache: ModelCache, resources: AsyncExitStack
) -> Narrator:
    """Build the synthesizer, whose models are there. `resources` takes what has to be closed."""
    languages = await asyncio.to_thread(LanguageIdentifier)
    running = await engine.build(site_of(settings, cache, resources))
    return Narrator(running.engine, languages, Pronouncer(), engine=engine.key)


async def open_language_model(
    engine: DeclaredEngine, settings: Settings, cache: ModelCache, resources: AsyncExitStack
) -> LanguageModel:
    """Likewise."""
    running = await engine.build(site_of(settings, cache, resources))
    model: LanguageModel = running.engine
    return model
