"""`on_ray`: a kind of engine whose engines run on a Ray cluster instead of in this process."""

from __future__ import annotations

import importlib.util
import math
from typing import Any

import msgspec

from antiphon.engines.kind import Built, Kind, Role, Site
from antiphon.engines.ray.adapters import ADAPTERS, Replicas
from antiphon.engines.ray.deployment import EngineDeployment
from antiphon.engines.ray.settings import RaySettings
from antiphon.engines.ray.spec import EngineSpec, deployment_from
from antiphon.errors import ConfigurationError

_PACKAGE = "ray"


class PlacedSettings(msgspec.Struct, frozen=True, kw_only=True):
    own: Any
    """Of the engine's kind."""
    ray: RaySettings
    address: str
    """Of the cluster."""


def on_ray(kind: Kind[Any]) -> Kind[PlacedSettings]:
    """The same kind, built by the same builder, but by the replicas of a cluster. Their machines need its models, and
    this one does not."""

    async def build(name: str, placed: PlacedSettings, site: Site) -> Built:
        deployment = deployment_of(kind, name, placed, site)
        if site.cluster is None:
            raise ConfigurationError(f"The engine {name} cannot be placed on Ray from where it is built.")
        await site.cluster.deploy(deployment)
        replicas = Replicas(site.cluster, deployment)
        return Built(ADAPTERS[kind.role](replicas, await replicas.facts()), replicas=[replicas.statistics])

    return Kind(
        name=kind.name,
        role=kind.role,
        settings=PlacedSettings,
        build=build,
        where=lambda placed: f"Ray at {placed.address}",
    )


def check_installed(name: str) -> None:
    """Raises `ConfigurationError` if Ray is not there, which most installations do without."""
    if importlib.util.find_spec(_PACKAGE) is None:
        raise ConfigurationError(
            f'The engine {name} ([engines.{name}]) has placement = "ray", which needs the package ray. Install it with '
            "`pip install 'antiphon[ray]'`."
        )


def deployment_of(kind: Kind[Any], name: str, placed: PlacedSettings, site: Site) -> EngineDeployment:
    """What the cluster is asked to run for an engine of `kind`. Raises `ConfigurationError`."""
    spec = EngineSpec(
        name=name,
        build=kind.build,
        settings=placed.own,
        models=sorted(kind.models(placed.own)),
        cores=max(1, math.ceil(placed.ray.num_cpus)),
        device=site.device if placed.ray.num_gpus else "cpu",
        max_waiting=site.max_waiting,
        opening=site.opening,
    )
    return deployment_from(
        spec,
        placed.ray,
        keeps_conversations=kind.role in (Role.LANGUAGE_MODEL, Role.RESPONDER),
        max_queued=site.max_waiting,
    )
