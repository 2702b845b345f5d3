"""The catalogue's models that the profiles use."""

from __future__ import annotations

from collections.abc import Mapping

from antiphon.models.cache import ModelCache
from antiphon.settings import ProfileSettings, Settings

VOICES = "kokoro-voices"
VOICE_ACTIVITY = "silero-vad"
END_OF_TURN = "smart-turn"


def needed_models(settings: Settings, cache: ModelCache) -> list[str]:
    """The catalogue's models that the profiles use."""
    named = {name for profile in settings.profiles.values() for name in _named(profile)}
    return [name for name in cache.catalogue if name in named]


def profiles_by_model(settings: Settings, cache: ModelCache) -> Mapping[str, list[str]]:
    """The names of the profiles that use each model of the catalogue."""
    return {
        model: [name for name, profile in settings.profiles.items() if model in _named(profile)]
        for model in cache.catalogue
    }


def _named(profile: ProfileSettings) -> set[str]:
    """All models of a profile; some may be paths."""
    return {profile.recognizer, profile.language_model, profile.synthesizer, VOICES, VOICE_ACTIVITY, END_OF_TURN}
