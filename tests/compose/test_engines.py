from __future__ import annotations

from pathlib import Path
from typing import Any

import ctranslate2
import pytest

from antiphon.compose.engines import check_devices, declared_engines, engines_of
from antiphon.compose.profile_models import needed_models
from antiphon.engines.kind import Role
from antiphon.errors import ConfigurationError
from antiphon.models.cache import ModelCache
from antiphon.settings import ProfileSettings, Settings

WRITER = {"kind": "openai-chat", "url": "http://gpu-1:8000/v1", "model": "some-model"}


def declared(**engines: dict[str, Any]):
    return declared_engines(Settings(engines=engines))


def test_a_profile_that_names_models_has_the_engines_of_this_process():
    engines = engines_of("default", ProfileSettings(context_tokens=99, synthesizer="my.onnx"), declared())
    assert [engine.kind.name for engine in engines.values()] == ["whisper", "llama", "kokoro"]
    assert engines[Role.LANGUAGE_MODEL].settings.context_tokens == 99
    assert engines[Role.SYNTHESIZER].models == {"my.onnx", "kokoro-voices"}
    assert {engine.where for engine in engines.values()} == {"this process"}


def test_a_profile_that_names_an_engine_has_it():
    engines = engines_of("default", ProfileSettings(language_model="writer"), declared(writer=WRITER))
    writer = engines[Role.LANGUAGE_MODEL]
    assert (writer.kind.name, writer.where, writer.models) == ("openai-chat", "http://gpu-1:8000/v1", set())
    assert engines[Role.RECOGNIZER].kind.name == "whisper"


SPEAKER = {"kind": "openai-audio", "url": "http://gpu-1:8000/v1", "model": "omni", "voices": {"alloy": "Cherry"}}


def test_a_responder_stands_in_for_a_language_model_and_a_synthesizer():
    engines = engines_of("default", ProfileSettings(responder="omni"), declared(omni=SPEAKER))
    assert {role: engine.kind.name for role, engine in engines.items()} == {
        Role.RECOGNIZER: "whisper",
        Role.RESPONDER: "openai-audio",
    }


def test_the_models_that_a_responder_stands_in_for_are_not_needed(tmp_path: Path):
    settings = Settings(profiles={"default": ProfileSettings(responder="omni")}, engines={"omni": SPEAKER})
    needed = set(needed_models(settings, ModelCache(tmp_path)))
    assert needed == {"silero-vad", "smart-turn", "whisper-base"}


@pytest.mark.parametrize(
    ("profile", "told"),
    [
        (ProfileSettings(responder="nobody"), r"nobody as its responder, .* \[engines.nobody\]"),
        (ProfileSettings(responder="writer"), "writer as its responder, but its kind, openai-chat"),
        (ProfileSettings(responder="omni", language_model="writer"), "Remove language_model and synthesizer"),
        (ProfileSettings(language_model="omni"), "omni as its language_model, but its kind, openai-audio"),
    ],
)
def test_a_responder_is_a_declared_engine_of_its_role_and_alone(profile: ProfileSettings, told: str):
    with pytest.raises(ConfigurationError, match=told):
        engines_of("default", profile, declared(omni=SPEAKER, writer=WRITER))


def test_an_engine_for_another_role_is_refused():
    with pytest.raises(ConfigurationError, match=r"The profile default .* names the engine writer as its recognizer"):
        engines_of("default", ProfileSettings(recognizer="writer"), declared(writer=WRITER))


def test_cuda_that_is_not_there_is_found_before_anything_is_downloaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ctranslate2, "get_cuda_device_count", lambda: 0)
    cache, ears = ModelCache(tmp_path), {"kind": "whisper", "device": "cuda"}
    check_devices(Settings(engines={"ears": ears}), cache)  # No profile names it.
    named = Settings(engines={"ears": ears}, profiles={"default": ProfileSettings(recognizer="ears")})
    with pytest.raises(ConfigurationError, match="The engine ears cannot use CUDA"):
        check_devices(named, cache)
    with pytest.raises(ConfigurationError, match="The engine whisper-base cannot use CUDA"):
        check_devices(Settings(device="cuda"), cache)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "has no kind"),
        ({"kind": "vllm"}, r"'vllm', which does not exist.* one of: whisper, llama, kokoro, openai-chat"),
        ({"kind": 5}, "of the kind 5"),
        ({"kind": ["openai-chat"]}, "which does not exist"),
        ({"kind": "openai-chat", "url": "http://a"}, "model"),
        (WRITER | {"modle": "x"}, "modle.*The kind openai-chat has: url, model,"),
        (WRITER | {"read_seconds": 0}, "read_seconds"),
        (WRITER | {"lacks": ["thought"]}, "lacks"),
        ({"kind": "openai-speech", "url": "http://a", "model": "m", "voices": {}}, "voices"),
    ],
)
def test_wrong_settings_are_told_with_the_engines_name(fields: dict[str, Any], told: str):
    with pytest.raises(ConfigurationError, match=told) as refused:
        declared(writer=fields)
    assert "writer" in refused.value.message
