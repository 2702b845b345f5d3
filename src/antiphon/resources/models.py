"""The models that can be deployed, under the names and versions that Azure has for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TypeAlias

Capability: TypeAlias = Literal["chatCompletion", "audio", "realtime"]
"""What a model can do, in the words of Azure's resource manager."""

Lifecycle: TypeAlias = Literal["preview", "generally-available"]

FORMAT = "OpenAI"
"""What Azure calls the maker of all of these models."""

SKUS = ("GlobalStandard", "DataZoneStandard", "Standard")
"""How a model can be deployed. Each has a pool of capacity of its own; otherwise they are alike here."""

RETIREMENT = datetime(2099, 12, 31, tzinfo=UTC)
"""Azure's tools want to know when a model is withdrawn. None is here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    name: str
    version: str
    """A date: 2024-12-17."""
    capabilities: frozenset[Capability]
    lifecycle: Lifecycle = "preview"

    @property
    def id(self) -> str:
        """As a reply's `model` field names it."""
        return f"{self.name}-{self.version}"

    @property
    def created_at(self) -> datetime:
        """The day of the version."""
        return datetime.fromisoformat(self.version).replace(tzinfo=UTC)


GPT_4O_AUDIO_PREVIEW = Model(
    name="gpt-4o-audio-preview",
    version="2024-12-17",
    capabilities=frozenset({"chatCompletion", "audio"}),
)
GPT_4O_REALTIME_PREVIEW = Model(
    name="gpt-4o-realtime-preview",
    version="2024-12-17",
    capabilities=frozenset({"realtime"}),
)
GPT_4O_REALTIME_PREVIEW_OCTOBER = Model(
    name="gpt-4o-realtime-preview",
    version="2024-10-01",
    capabilities=frozenset({"realtime"}),
)

MODELS = (GPT_4O_AUDIO_PREVIEW, GPT_4O_REALTIME_PREVIEW, GPT_4O_REALTIME_PREVIEW_OCTOBER)
"""All of them; of each name, the version that Azure would choose comes first."""


def find_model(name: str, version: str | None = None) -> Model | None:
    """The model of that name and version; without a version, the one that Azure would choose."""
    return next((model for model in MODELS if model.name == name and version in (None, model.version)), None)


def is_default(model: Model) -> bool:
    """Whether this is the version that a deployment of the model gets when it names none."""
    return find_model(model.name) == model
