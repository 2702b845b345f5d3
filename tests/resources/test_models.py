from __future__ import annotations

from datetime import UTC, datetime

from antiphon.resources.models import MODELS, find_model


def test_the_audio_model_chats_aloud_and_has_no_realtime() -> None:
    model = find_model("gpt-4o-audio-preview", "2024-12-17")
    assert model is not None
    assert model.capabilities == {"chatCompletion", "audio"}
    assert model.id == "gpt-4o-audio-preview-2024-12-17"


def test_both_versions_of_the_realtime_model_are_served() -> None:
    versions = {model.version for model in MODELS if "realtime" in model.capabilities}
    assert versions == {"2024-12-17", "2024-10-01"}


def test_without_a_version_the_newest_is_found() -> None:
    model = find_model("gpt-4o-realtime-preview")
    assert model is not None
    assert model.version == "2024-12-17"


def test_an_unknown_name_or_version_is_not_found() -> None:
    assert find_model("gpt-4o") is None
    assert find_model("gpt-4o-audio-preview", "2024-10-01") is None


def test_a_model_dates_from_the_day_of_its_version() -> None:
    model = find_model("gpt-4o-audio-preview")
    assert model is not None
    assert model.created_at == datetime(2024, 12, 17, tzinfo=UTC)
