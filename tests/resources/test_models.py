from __future__ import annotations

from datetime import UTC, datetime

import pytest

from antiphon.resources.models import MODELS, Model, find_model, is_default


def test_the_audio_model_chats_aloud_and_has_no_realtime() -> None:
    model = find_model("gpt-4o-audio-preview", "2024-12-17")
    assert model is not None
    assert model.capabilities == {"chatCompletion", "audio"}
    assert model.id == "gpt-4o-audio-preview-2024-12-17"


def test_both_versions_of_the_realtime_model_are_served() -> None:
    versions = {model.version for model in MODELS if model.name == "gpt-4o-realtime-preview"}
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


def test_a_version_without_a_date_dates_from_its_release() -> None:
    model = find_model("whisper")
    assert model is not None
    assert (model.version, model.created_at.year) == ("001", 2023)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.id)
def test_every_model_can_do_something_and_is_dated(model: Model) -> None:
    assert model.capabilities
    assert model.created_at < datetime.now(UTC)


@pytest.mark.parametrize("name", dict.fromkeys(model.name for model in MODELS))
def test_one_version_of_each_model_is_the_default(name: str) -> None:
    assert [is_default(model) for model in MODELS if model.name == name].count(True) == 1
