"""The models that can be deployed, under Azure's names and versions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TypeAlias

Capability: TypeAlias = Literal[
    "chatCompletion", "audio", "realtime", "audioSpeech", "audioTranscription", "audioTranslation"
]
"""A model's capabilities, in the terms of Azure Resource Manager."""

Lifecycle: TypeAlias = Literal["preview", "generally-available"]

FORMAT = "OpenAI"
"""What Azure calls the maker of all of these models."""

SKUS = ("GlobalStandard", "DataZoneStandard", "Standard")
"""The SKUs. Each has its own pool of capacity; otherwise they are equivalent here."""

RETIREMENT = datetime(2099, 12, 31, tzinfo=UTC)
"""Azure's tools expect a date when each model is withdrawn. Here, none ever is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    name: str
    version: str
    """A date, 2024-12-17, or a number, 001."""
    capabilities: frozenset[Capability]
    lifecycle: Lifecycle = "preview"
    released: str | None = None
    """The date of a version that is none."""

    @property
    def id(self) -> str:
        """The name in a reply's `model` field."""
        return f"{self.name}-{self.version}"

    @property
    def created_at(self) -> datetime:
        """The day of the version."""
        return datetime.fromisoformat(self.released or self.version).replace(tzinfo=UTC)


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

WHISPER = Model(
    name="whisper",
    version="001",
    capabilities=frozenset({"audioTranscription", "audioTranslation"}),
    lifecycle="generally-available",
    released="2023-09-15",
)
GPT_4O_TRANSCRIBE = Model(
    name="gpt-4o-transcribe",
    version="2025-03-20",
    capabilities=frozenset({"audioTranscription"}),
    lifecycle="generally-available",
)
GPT_4O_MINI_TRANSCRIBE = Model(
    name="gpt-4o-mini-transcribe",
    version="2025-03-20",
    capabilities=frozenset({"audioTranscription"}),
    lifecycle="generally-available",
)
GPT_4O_TRANSCRIBE_DIARIZE = Model(
    name="gpt-4o-transcribe-diarize",
    version="2025-10-15",
    capabilities=frozenset({"audioTranscription"}),
    lifecycle="generally-available",
)
TTS = Model(
    name="tts",
    version="001",
    capabilities=frozenset({"audioSpeech"}),
    lifecycle="generally-available",
    released="2024-02-01",
)
TTS_HD = Model(
    name="tts-hd",
    version="001",
    capabilities=frozenset({"audioSpeech"}),
    lifecycle="generally-available",
    released="2024-02-01",
)
GPT_4O_MINI_TTS = Model(
    name="gpt-4o-mini-tts",
    version="2025-03-20",
    capabilities=frozenset({"audioSpeech"}),
    lifecycle="generally-available",
)

MODELS = (
    GPT_4O_AUDIO_PREVIEW,
    GPT_4O_REALTIME_PREVIEW,
    GPT_4O_REALTIME_PREVIEW_OCTOBER,
    WHISPER,
    GPT_4O_TRANSCRIBE,
    GPT_4O_MINI_TRANSCRIBE,
    GPT_4O_TRANSCRIBE_DIARIZE,
    TTS,
    TTS_HD,
    GPT_4O_MINI_TTS,
)
"""All models; for each name, the version that Azure would choose comes first."""


_DATED_NAME = re.compile(r"(.+)-([0-9]{4}-[0-9]{2}-[0-9]{2})")

_RELEASES: Mapping[str, frozenset[str]] = {
    GPT_4O_AUDIO_PREVIEW.name: frozenset({"2024-10-01", "2024-12-17", "2025-06-03"}),
    GPT_4O_REALTIME_PREVIEW.name: frozenset({"2024-10-01", "2024-12-17", "2025-06-03"}),
}
"""Every version of these models that OpenAI or Azure has documented, and that programs may name."""


def read_model_name(written: str) -> tuple[str, str | None] | None:
    """The name and version of a model as OpenAI's clients write it, ignoring case: "gpt-4o-audio-preview" or, with any
    version ever documented, "gpt-4o-audio-preview-2024-10-01". None for an unknown model."""
    lowered = written.lower()
    if lowered in _RELEASES:
        return lowered, None
    dated = _DATED_NAME.fullmatch(lowered)
    return (dated[1], dated[2]) if dated and dated[2] in _RELEASES.get(dated[1], ()) else None


def find_model(name: str, version: str | None = None) -> Model | None:
    """The model of that name and version, or, without a version, the one that Azure would choose."""
    return next((model for model in MODELS if model.name == name and version in (None, model.version)), None)


def is_default(model: Model) -> bool:
    """Whether this is the version that a deployment of the model gets by default."""
    return find_model(model.name) == model
