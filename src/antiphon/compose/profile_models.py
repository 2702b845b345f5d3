"""The catalogue's models that the profiles use."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from antiphon.compose.engines import DeclaredEngine, declared_engines, profile_engines
from antiphon.errors import ConfigurationError
from antiphon.models.cache import ModelCache
from antiphon.settings import Settings

VOICE_ACTIVITY = "silero-vad"
END_OF_TURN = "smart-turn"


def needed_models(settings: Settings, cache: ModelCache) -> list[str]:
    """The catalogued models without which the profiles' engines cannot be built. Raises `ConfigurationError`."""
    named = {model for models in _by_profile(settings, lambda engine: engine.models).values() for model in models}
    return [name for name in cache.catalogue if name in named]


def models_of(profile: str, settings: Settings, cache: ModelCache) -> list[str]:
    """The catalogued models that a profile runs on, also those that are fetched when they are first needed.

    Raises `ConfigurationError`.
    """
    by_profile = _by_profile(settings, lambda engine: engine.all_models)
    if profile not in by_profile:
        raise ConfigurationError(f"There is no profile {profile!r}. There are: {', '.join(sorted(by_profile))}.")
    return [name for name in cache.catalogue if name in by_profile[profile]]


def profiles_by_model(settings: Settings, cache: ModelCache) -> Mapping[str, list[str]]:
    """The names of the profiles that run on each model of the catalogue."""
    named = _by_profile(settings, lambda engine: engine.all_models)
    return {model: [name for name, models in named.items() if model in models] for model in cache.catalogue}


def _by_profile(settings: Settings, models: Callable[[DeclaredEngine], set[str]]) -> Mapping[str, set[str]]:
    """The `models` of each profile's engines; some may be paths."""
    declared = declared_engines(settings)
    by_profile: dict[str, set[str]] = {}
    for name, profile in settings.profiles.items():
        engines = profile_engines(name, profile, declared)
        by_profile[name] = {VOICE_ACTIVITY, END_OF_TURN}.union(*map(models, engines))
    return by_profile
