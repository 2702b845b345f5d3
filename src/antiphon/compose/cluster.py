"""The engines that the settings place on the Ray cluster."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AsyncExitStack

from antiphon.compose.engines import named_engines
from antiphon.compose.profiles import site_of
from antiphon.engines.kinds import KINDS
from antiphon.engines.ray.deployment import EngineDeployment
from antiphon.engines.ray.kind import PlacedSettings, deployment_of
from antiphon.models.cache import ModelCache
from antiphon.settings import Settings


def engines_for_cluster(settings: Settings, cache: ModelCache) -> Mapping[str, EngineDeployment]:
    """By the engine's name; those that servers with these settings ask for. Raises `ConfigurationError`."""
    site = site_of(settings, cache, AsyncExitStack())
    return {
        engine.name: deployment_of(KINDS[engine.kind.name], engine.name, engine.settings, site)
        for engine, _ in named_engines(settings)
        if isinstance(engine.settings, PlacedSettings)
    }
