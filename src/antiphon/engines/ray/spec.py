"""`EngineSpec`: what a replica builds its engine from."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from antiphon import __version__
from antiphon.engines.interfaces import Message
from antiphon.engines.kind import Built, Site
from antiphon.engines.ray.deployment import APP_PREFIX, EngineDeployment
from antiphon.engines.ray.settings import RaySettings
from antiphon.errors import ConfigurationError
from antiphon.machine import Device


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class EngineSpec:
    """What a replica builds its engine from: the arguments of the kind's own builder, which it calls."""

    name: str
    build: Callable[[str, Any, Site], Awaitable[Built]]
    settings: Any
    models: Sequence[str]
    """Of the catalogue, or paths. Those of the catalogue are fetched where the replica runs."""
    cores: int
    device: Device
    max_waiting: int
    opening: Message

    def __repr__(self) -> str:
        """The same in every process, unlike that of a function."""
        build = f"{self.build.__module__}.{self.build.__qualname__}"
        rest = (self.settings, self.models, self.cores, self.device, self.max_waiting, self.opening)
        return f"EngineSpec({self.name!r}, {build}, {', '.join(map(repr, rest))})"


def deployment_from(
    spec: EngineSpec, settings: RaySettings, *, keeps_conversations: bool, max_queued: int
) -> EngineDeployment:
    """Raises `ConfigurationError` if the engine's builder cannot be found by name, as in a replica it has to be."""
    try:
        pickled = pickle.dumps(spec)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise ConfigurationError(f"The engine {spec.name} cannot be placed on Ray: {error}.") from error
    described = f"{__version__} {spec!r} {settings.num_cpus} {settings.num_gpus}"  # Equal things pickle differently.
    identity = hashlib.sha256(described.encode()).hexdigest()[:10]
    return EngineDeployment(
        name=spec.name,
        app=f"{APP_PREFIX}{spec.name}-{identity}",
        spec=pickled,
        keeps_conversations=keeps_conversations,
        settings=settings,
        max_queued=max_queued,
    )
