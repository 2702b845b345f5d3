"""The models that can be deployed, under Azure's names and versions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TypeAlias

Capability: TypeAlias = Literal[
    "chatCompletion", "audio", "realtime", "audioTranscription", "audioTranslation", "audioSpeech"
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
    """A date, such as 2024-12-17, or Azure's 001."""
    capabilities: frozenset[Capability]
    lifecycle: Lifecycle = "generally-available"
    released: str | None = None
    """The day of a version that is not a date."""

    @property
    def id(self) -> str:
        """The name in a reply's `model` field."""
        return f"{self.name}-{self.version}"

    @property
    def created_at(self) -> datetime:
        """The day of the version."""
        return datetime.fromisoformat(self.released or self.version).replace(tzinfo=UTC)


def _models(
    name: str,
    *versions: str,
    can: Collection[Capability],
    lifecycle: Lifecycle = "generally-available",
    released: str | None = None,
) -> list[Model]:
    return [
        Model(name=name, version=version, capabilities=frozenset(can), lifecycle=lifecycle, released=released)
        for version in versions
    ]


CHAT_EXAMPLE = "gpt-4o-audio-preview"
"""The chat model that examples name first."""

_CHAT: Collection[Capability] = ("chatCompletion", "audio")
_REALTIME: Collection[Capability] = ("realtime",)
_TRANSCRIPTION: Collection[Capability] = ("audioTranscription",)
_SPEECH: Collection[Capability] = ("audioSpeech",)

MODELS = (
    *_models(CHAT_EXAMPLE, "2024-12-17", can=_CHAT, lifecycle="preview"),
    *_models("gpt-4o-mini-audio-preview", "2024-12-17", can=_CHAT, lifecycle="preview"),
    *_models("gpt-audio", "2025-08-28", can=_CHAT),
    *_models("gpt-audio-1.5", "2026-02-23", can=_CHAT),
    *_models("gpt-audio-mini", "2025-12-15", "2025-10-06", can=_CHAT),
    *_models("gpt-4o-realtime-preview", "2024-12-17", "2024-10-01", can=_REALTIME, lifecycle="preview"),
    *_models("gpt-4o-mini-realtime-preview", "2024-12-17", can=_REALTIME, lifecycle="preview"),
    *_models("gpt-realtime", "2025-08-28", can=_REALTIME),
    *_models("gpt-realtime-1.5", "2026-02-23", can=_REALTIME),
    *_models("gpt-realtime-2", "2026-05-07", can=_REALTIME),
    *_models("gpt-realtime-2.1", "2026-07-14", can=_REALTIME),
    *_models("gpt-realtime-mini", "2025-12-15", "2025-10-06", can=_REALTIME),
    *_models("gpt-realtime-2.1-mini", "2026-07-14", can=_REALTIME),
    *_models("gpt-realtime-whisper", "2026-05-07", can=_REALTIME),
    *_models("whisper", "001", can=("audioTranscription", "audioTranslation"), released="2023-09-15"),
    *_models("gpt-4o-transcribe", "2025-03-20", can=_TRANSCRIPTION),
    *_models("gpt-4o-mini-transcribe", "2025-12-15", "2025-03-20", can=_TRANSCRIPTION),
    *_models("gpt-4o-transcribe-diarize", "2025-10-15", can=_TRANSCRIPTION),
    *_models("tts", "001", can=_SPEECH, released="2024-02-15"),
    *_models("tts-hd", "001", can=_SPEECH, released="2024-02-15"),
    *_models("gpt-4o-mini-tts", "2025-12-15", "2025-03-20", can=_SPEECH),
)
"""All models; for each name, the version that Azure would choose comes first."""

_OTHER_VERSIONS: Mapping[str, Collection[str]] = {
    CHAT_EXAMPLE: ("2024-10-01", "2025-06-03"),
    "gpt-4o-realtime-preview": ("2025-06-03",),
}
"""Versions that cannot be deployed here, but that OpenAI or Azure has documented and programs may name."""

_OTHER_NAMES: Mapping[str, str] = {"whisper-1": "whisper", "tts-1": "tts", "tts-1-hd": "tts-hd"}
"""OpenAI's names of models that have another in Azure."""

_NAMES: Mapping[str, tuple[str, str | None]] = {
    **{model.name: (model.name, None) for model in MODELS},
    **{model.id: (model.name, model.version) for model in MODELS},
    **{f"{name}-{version}": (name, version) for name, versions in _OTHER_VERSIONS.items() for version in versions},
    **{other: (name, None) for other, name in _OTHER_NAMES.items()},
}


def read_model_name(written: str) -> tuple[str, str | None] | None:
    """The name and version of a model as OpenAI's clients write it, ignoring case: "gpt-4o-audio-preview" or, with any
    version ever documented, "gpt-4o-audio-preview-2024-10-01". None for an unknown model."""
    return _NAMES.get(written.lower())


def find_model(name: str, version: str | None = None) -> Model | None:
    """The model of that name and version, or, without a version, the one that Azure would choose."""
    return next((model for model in MODELS if model.name == name and version in (None, model.version)), None)


def is_default(model: Model) -> bool:
    """Whether this is the version that a deployment of the model gets by default."""
    return find_model(model.name) == model
