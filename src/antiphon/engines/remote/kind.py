"""`remote_kind`: a kind of engine that is reached through an `Upstream`."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import aclosing
from typing import Any, TypeVar

from antiphon.engines.kind import Built, Kind, Role, Site
from antiphon.engines.remote.settings import UpstreamSettings
from antiphon.engines.remote.upstream import Upstream

S = TypeVar("S", bound=UpstreamSettings)


def remote_kind(name: str, role: Role, settings: type[S], engine: Callable[[Upstream, S], Any]) -> Kind[S]:
    """The kind `name`. `engine` makes one of an upstream, which is closed when the server stops, and its settings."""

    async def build(own_name: str, own: S, site: Site) -> Built:
        upstream = await site.closing.enter_async_context(aclosing(Upstream(own_name, own)))
        return Built(engine(upstream, own), replicas=upstream.replicas)

    return Kind(name=name, role=role, settings=settings, build=build, where=lambda own: ", ".join(own.urls))
