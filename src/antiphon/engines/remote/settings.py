"""The settings that all remote kinds have in common."""

from __future__ import annotations

from typing import Annotated

import msgspec


class UpstreamSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    url: str | tuple[str, ...]
    """The base URL of the API, such as http://gpu-1:8000/v1; several are replicas of each other."""
    model: str
    """The upstream's name for the model."""
    key_variable: str | None = None
    """The environment variable with the upstream's key; None sends no key."""
    headers: dict[str, str] = {}
    """Headers sent with each request."""
    query: dict[str, str] = {}
    """Query parameters sent with each request, such as Azure's api-version."""
    connect_seconds: Annotated[float, msgspec.Meta(gt=0)] = 3.0
    read_seconds: Annotated[float, msgspec.Meta(gt=0)] = 30.0
    """How long the upstream may be silent, both before its answer begins and in the middle of it."""
    retries: Annotated[int, msgspec.Meta(ge=0, le=10)] = 2
    """How often to retry a request that has failed without any answer."""

    @property
    def urls(self) -> tuple[str, ...]:
        return (self.url,) if isinstance(self.url, str) else self.url
