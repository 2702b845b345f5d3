from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import ctranslate2
import msgspec
import pytest

from antiphon.compose.cluster import engines_for_cluster
from antiphon.compose.engines import check_devices, declared_engines, engines_of, profile_engines
from antiphon.compose.profile_models import models_of, needed_models
from antiphon.engines.kind import Role
from antiphon.errors import ConfigurationError
from antiphon.models.cache import ModelCache
from antiphon.settings import ClusterSettings, ProfileSettings, Settings

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


def test_a_transcriber_is_not_needed_at_start_but_pulled_with_its_profile(tmp_path: Path):
    cache = ModelCache(tmp_path)
    settings = Settings(profiles={"default": ProfileSettings(transcriber="whisper-small")})
    assert "whisper-small" not in needed_models(settings, cache)
    assert {"whisper-base", "whisper-small", "silero-vad"} <= set(models_of("default", settings, cache))
    with pytest.raises(ConfigurationError, match="no profile 'fast'"):
        models_of("fast", settings, cache)


def test_a_transcriber_that_is_the_recognizer_is_the_same_engine():
    profile = ProfileSettings(transcriber="whisper-base")
    engines = profile_engines("default", profile, declared())
    assert [engine.name for engine in engines] == ["whisper-base", "qwen2.5-coder-1.5b", "kokoro-82m"]


def test_a_transcriber_can_be_an_engine_of_its_own():
    engines = declared(ears={"kind": "openai-transcriptions", "url": "http://gpu-1:8000/v1", "model": "large"})
    profile = ProfileSettings(transcriber="ears")
    assert [engine.name for engine in profile_engines("default", profile, engines)][-1] == "ears"
    with pytest.raises(ConfigurationError, match="the engine writer as its recognizer"):
        profile_engines("default", ProfileSettings(transcriber="writer"), declared(writer=WRITER))


EARS = {"kind": "whisper", "placement": "ray"}


def test_an_engine_on_a_cluster_needs_no_models_here_and_says_where_it_is(tmp_path: Path):
    settings = Settings(
        engines={"ears": EARS | {"replicas": 2, "num_gpus": 0.5}},
        cluster=ClusterSettings(address="head:6379"),
        profiles={"default": ProfileSettings(recognizer="ears")},
    )
    ears = declared_engines(settings)["ears"]
    assert (ears.kind.name, ears.where, ears.models) == ("whisper", "Ray at head:6379", set())
    assert "whisper-base" not in needed_models(settings, ModelCache(tmp_path))
    assert ears.placement(ModelCache(tmp_path), "cuda") is None


def test_an_engine_on_a_cluster_is_another_than_the_same_one_here():
    here, there = declared(ears={"kind": "whisper"})["ears"], declared(ears=EARS)["ears"]
    assert here.key != there.key


def test_what_the_cluster_runs_is_called_the_same_wherever_it_is_asked_for(tmp_path: Path):
    """Or servers would each deploy engines of their own."""
    program = (
        "from pathlib import Path; from antiphon.compose.cluster import engines_for_cluster; "
        "from antiphon.models.cache import ModelCache; from antiphon.settings import Settings; "
        f"settings = Settings(engines={{'ears': {EARS!r}}}, cores=2); "
        "print(engines_for_cluster(settings, ModelCache(Path('.')))['ears'].app)"
    )
    settings = Settings(engines={"ears": EARS}, cores=2)
    here = engines_for_cluster(settings, ModelCache(tmp_path))["ears"].app
    there = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert there.stdout.strip() == here
    more = engines_for_cluster(Settings(engines={"ears": EARS | {"replicas": 3}}, cores=2), ModelCache(tmp_path))
    assert more["ears"].app == here
    larger = engines_for_cluster(Settings(engines={"ears": EARS | {"num_cpus": 2}}, cores=2), ModelCache(tmp_path))
    assert larger["ears"].app != here


def test_without_the_package_nothing_of_ray_is_loaded_and_settings_that_need_it_say_so(
    monkeypatch: pytest.MonkeyPatch,
):
    program = "import sys, antiphon.compose.app, antiphon.cli.serve, antiphon.cli.cluster; print('ray' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(ConfigurationError, match=r"pip install 'antiphon\[ray\]'"):
        declared(ears=EARS)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"kind": "whisper", "placement": "cloud"}, '"process" or "ray"'),
        ({"kind": "whisper", "replicas": 2}, "replicas"),
        (WRITER | {"placement": "ray"}, "openai-chat computes elsewhere anyway"),
        (EARS | {"replicas": 0}, "replicas"),
        (EARS | {"min_replicas": 1}, "belong together"),
        (EARS | {"min_replicas": 3, "max_replicas": 2}, "greater"),
        (EARS | {"replicas": 2, "min_replicas": 1, "max_replicas": 2}, "contradict"),
        (EARS | {"num_gpus": -1}, "num_gpus"),
        (EARS | {"replica": 2}, "replica.*num_cpus"),
    ],
)
def test_wrong_placements_are_told_with_the_engines_name(fields: dict[str, Any], told: str):
    with pytest.raises(ConfigurationError, match=told) as refused:
        declared(engine=fields)
    assert "[engines.engine]" in refused.value.message


@pytest.mark.parametrize("address", ["", "head", "head:", "ray://head:1", "head:1/x", "a b:1"])
def test_a_cluster_is_at_a_host_and_a_port(address: str):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"cluster": {"address": address}}, Settings)
