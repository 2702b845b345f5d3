"""The settings that all remote kinds have in common."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import httpx
import msgspec

Voices: TypeAlias = Annotated[dict[str, str], msgspec.Meta(min_length=1)]
"""An upstream's voice for each of OpenAI's voice names that can be requested: alloy = "af_heart"."""
SampleRate: TypeAlias = Annotated[int, msgspec.Meta(ge=8000, le=48000)]
"""Hz of the 16-bit audio that an upstream sends."""


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

    def __post_init__(self) -> None:
        """Raises `ValueError` for an invalid address, and for one with a password: lists and logs show addresses."""
        for url in self.urls:
            try:
                parsed = httpx.URL(url)
            except httpx.InvalidURL:
                parsed = httpx.URL()
            if parsed.userinfo:
                raise ValueError(
                    f"the URL of {parsed.host} has a user or a password in it, where others would see it. Give the key "
                    "in an environment variable that key_variable names"
                )
            if parsed.scheme not in {"http", "https"} or not parsed.host:
                raise ValueError(f"the URL {url!r} is not an address. Write it like http://gpu-1:8000/v1")

    @property
    def urls(self) -> tuple[str, ...]:
        return (self.url,) if isinstance(self.url, str) else self.url
