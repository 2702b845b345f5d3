"""The catalogue's models that the profiles use."""

from __future__ import annotations

from collections.abc import Mapping

from antiphon.compose.engines import declared_engines, engines_of
from antiphon.models.cache import ModelCache
from antiphon.settings import Settings

VOICE_ACTIVITY = "silero-vad"
END_OF_TURN = "smart-turn"


def needed_models(settings: Settings, cache: ModelCache) -> list[str]:
    """The catalogued models that the profiles run on. Raises `ConfigurationError`."""
    named = {model for models in _models_by_profile(settings).values() for model in models}
    return [name for name in cache.catalogue if name in named]


def profiles_by_model(settings: Settings, cache: ModelCache) -> Mapping[str, list[str]]:
    """The names of the profiles that run on each model of the catalogue."""
    named = _models_by_profile(settings)
    return {model: [name for name, models in named.items() if model in models] for model in cache.catalogue}


def _models_by_profile(settings: Settings) -> Mapping[str, set[str]]:
    """All that each profile runs on; some may be paths."""
    declared = declared_engines(settings)
    by_profile: dict[str, set[str]] = {}
    for name, profile in settings.profiles.items():
        engines = engines_of(name, profile, declared).values()
        by_profile[name] = {VOICE_ACTIVITY, END_OF_TURN}.union(*(engine.models for engine in engines))
    return by_profile
